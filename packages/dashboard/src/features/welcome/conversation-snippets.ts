/** Code that asks Clara something as a customer would, in four languages. Pure. */
import type { Snippet } from '../api-keys/snippets.ts'

/** What Clara is taught for the example, when she knows nothing yet. */
export const EXAMPLE_SOURCE = {
  type: 'faq',
  title: 'When are you open on Saturdays?',
  content: 'On Saturdays we are open from 10:00 to 16:00.',
} as const

export const EXAMPLE_QUESTION = 'Are you open on Saturday?'

/** With the secret they can be pasted and run; without one (undefined) they take it from the environment. `baseUrl` ends in /v1. */
export function conversationSnippets(baseUrl: string, secret: string | undefined): Snippet[] {
  return [
    { id: 'curl', label: 'cURL', language: 'bash', code: curl(baseUrl, secret) },
    { id: 'javascript', label: 'JavaScript', language: 'javascript', code: javascript(baseUrl, secret) },
    { id: 'python', label: 'Python', language: 'python', code: python(baseUrl, secret) },
    { id: 'ruby', label: 'Ruby', language: 'ruby', code: ruby(baseUrl, secret) },
  ]
}

const FIELDS = { channel: 'web', sender: 'customer', message: EXAMPLE_QUESTION, reply: 'wait' }

function curl(baseUrl: string, secret: string | undefined): string {
  return `curl ${baseUrl}/conversations \\
  -H "Authorization: Bearer ${secret ?? '$AGENTCLARA_API_KEY'}" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify(FIELDS)}'`
}

function javascript(baseUrl: string, secret: string | undefined): string {
  const key = secret === undefined ? 'process.env.AGENTCLARA_API_KEY' : `'${secret}'`
  return `const apiKey = ${key}
const response = await fetch('${baseUrl}/conversations', {
  method: 'POST',
  headers: { Authorization: \`Bearer \${apiKey}\`, 'Content-Type': 'application/json' },
  body: JSON.stringify({
    channel: '${FIELDS.channel}',
    sender: '${FIELDS.sender}',
    message: '${FIELDS.message}',
    reply: '${FIELDS.reply}',
  }),
})
const { data } = await response.json()
console.log(data.reply.content, data.reply.citations)`
}

function python(baseUrl: string, secret: string | undefined): string {
  const key = secret === undefined ? 'os.environ["AGENTCLARA_API_KEY"]' : `"${secret}"`
  return `import json${secret === undefined ? ', os' : ''}, urllib.request

api_key = ${key}
request = urllib.request.Request(
    "${baseUrl}/conversations",
    headers={"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"},
    data=json.dumps({
        "channel": "${FIELDS.channel}",
        "sender": "${FIELDS.sender}",
        "message": "${FIELDS.message}",
        "reply": "${FIELDS.reply}",
    }).encode(),
)
with urllib.request.urlopen(request) as response:
    reply = json.load(response)["data"]["reply"]
    print(reply["content"], reply["citations"])`
}

function ruby(baseUrl: string, secret: string | undefined): string {
  const key = secret === undefined ? 'ENV.fetch("AGENTCLARA_API_KEY")' : `"${secret}"`
  return `require "json"
require "net/http"

api_key = ${key}
response = Net::HTTP.post(
  URI("${baseUrl}/conversations"),
  {
    channel: "${FIELDS.channel}",
    sender: "${FIELDS.sender}",
    message: "${FIELDS.message}",
    reply: "${FIELDS.reply}"
  }.to_json,
  { "Authorization" => "Bearer #{api_key}", "Content-Type" => "application/json" }
)
reply = JSON.parse(response.body)["data"]["reply"]
puts reply["content"], reply["citations"]`
}
