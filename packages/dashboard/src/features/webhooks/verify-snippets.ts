/** How a receiver verifies what it is sent, in four languages. The secret comes from the environment: it is never in code. */

const javascript = `import { createServer } from 'node:http'
import { webhooks } from '@agentclara/sdk'

createServer(async (request, response) => {
  const body = await Array.fromAsync(request).then((chunks) => Buffer.concat(chunks).toString())
  try {
    const event = await webhooks.verify(body, request.headers, process.env.AGENTCLARA_WEBHOOK_SECRET)
    console.log(event.type, event.data)
    response.writeHead(204).end()
  } catch {
    response.writeHead(400).end()
  }
}).listen(3000)`

const python = `import base64, hashlib, hmac, os, time

def verify(body: bytes, headers) -> None:
    id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(timestamp)) > 300:
        raise ValueError("too old")
    key = base64.b64decode(os.environ["AGENTCLARA_WEBHOOK_SECRET"].removeprefix("whsec_"))
    mac = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    expected = "v1," + base64.b64encode(mac.digest()).decode()
    if not any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split()):
        raise ValueError("wrong signature")`

const ruby = `require "base64"
require "openssl"

def verify(body, headers)
  id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
  raise "too old" if (Time.now.to_i - timestamp.to_i).abs > 300
  key = Base64.decode64(ENV.fetch("AGENTCLARA_WEBHOOK_SECRET").delete_prefix("whsec_"))
  mac = OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{timestamp}.#{body}")
  expected = "v1,#{Base64.strict_encode64(mac)}"
  signatures = headers["webhook-signature"].split
  raise "wrong signature" unless signatures.any? { |one| OpenSSL.secure_compare(expected, one) }
end`

const shell = `# With openssl, of a request that was kept in body.json:
key=$(printf %s "\${AGENTCLARA_WEBHOOK_SECRET#whsec_}" | base64 -d | xxd -p -c 256)
{ printf '%s.%s.' "$WEBHOOK_ID" "$WEBHOOK_TIMESTAMP"; cat body.json; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64
# The same as what follows "v1," in webhook-signature.`

export const verifySnippets = [
  { id: 'javascript', label: 'JavaScript', language: 'JavaScript', code: javascript },
  { id: 'python', label: 'Python', language: 'Python', code: python },
  { id: 'ruby', label: 'Ruby', language: 'Ruby', code: ruby },
  { id: 'curl', label: 'Shell', language: 'Shell', code: shell },
]
