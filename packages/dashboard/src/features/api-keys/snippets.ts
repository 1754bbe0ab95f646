/** Code that calls `GET /me` with a key, in four languages, and the line for `.env`. Pure. */

export interface Snippet {
  id: string
  label: string
  language: 'bash' | 'javascript' | 'python' | 'ruby'
  code: string
}

/** The line of a `.env` file. */
export function envLine(secret: string): string {
  return `AGENTCLARA_API_KEY=${secret}`
}

/**
 * With the secret itself they can be pasted and run; without one (null) they take it from the environment, as code that
 * is kept should. `baseUrl` ends in /v1.
 */
export function testSnippets(baseUrl: string, secret: string | null): Snippet[] {
  return [
    { id: 'curl', label: 'cURL', language: 'bash', code: curl(baseUrl, secret) },
    { id: 'javascript', label: 'JavaScript', language: 'javascript', code: javascript(baseUrl, secret) },
    { id: 'python', label: 'Python', language: 'python', code: python(baseUrl, secret) },
    { id: 'ruby', label: 'Ruby', language: 'ruby', code: ruby(baseUrl, secret) },
  ]
}

function curl(baseUrl: string, secret: string | null): string {
  return `curl ${baseUrl}/me \\
  -H "Authorization: Bearer ${secret ?? '$AGENTCLARA_API_KEY'}"`
}

function javascript(baseUrl: string, secret: string | null): string {
  const key = secret === null ? 'process.env.AGENTCLARA_API_KEY' : `'${secret}'`
  return `const apiKey = ${key}
const response = await fetch('${baseUrl}/me', {
  headers: { Authorization: \`Bearer \${apiKey}\` },
})
console.log(response.status, await response.json())`
}

function python(baseUrl: string, secret: string | null): string {
  const key = secret === null ? 'os.environ["AGENTCLARA_API_KEY"]' : `"${secret}"`
  return `import json${secret === null ? ', os' : ''}, urllib.request

api_key = ${key}
request = urllib.request.Request(
    "${baseUrl}/me",
    headers={"Authorization": f"Bearer {api_key}"},
)
with urllib.request.urlopen(request) as response:
    print(response.status, json.load(response))`
}

function ruby(baseUrl: string, secret: string | null): string {
  const key = secret === null ? 'ENV.fetch("AGENTCLARA_API_KEY")' : `"${secret}"`
  return `require "net/http"

api_key = ${key}
response = Net::HTTP.get_response(
  URI("${baseUrl}/me"),
  { "Authorization" => "Bearer #{api_key}" }
)
puts response.code, response.body`
}
