/** How a receiver verifies what it is sent, in four languages. The secret comes from the environment: it is never in code. */

const javascript = `import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { verifyWebhook } from '@agentclara/sdk'

const secret = process.env.AGENTCLARA_WEBHOOK_SECRET

createServer(async (request, response) => {
  const body = await buffer(request)
  try {
    const event = await verifyWebhook(body, request.headers, secret)
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
    secret = os.environ["AGENTCLARA_WEBHOOK_SECRET"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    expected = "v1," + base64.b64encode(mac.digest()).decode()
    signatures = headers["webhook-signature"].split()
    if not any(hmac.compare_digest(expected, one) for one in signatures):
        raise ValueError("wrong signature")`

const ruby = `require "openssl"

def verify(body, headers)
  id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
  raise "too old" if (Time.now.to_i - timestamp.to_i).abs > 300
  secret = ENV.fetch("AGENTCLARA_WEBHOOK_SECRET")
  key = secret.delete_prefix("whsec_").unpack1("m")
  mac = OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{timestamp}.#{body}")
  expected = "v1,#{[mac].pack("m0")}"
  signatures = headers["webhook-signature"].split
  return if signatures.any? { |one| OpenSSL.secure_compare(expected, one) }
  raise "wrong signature"
end`

const shell = `# With openssl, of a request that was kept in body.json:
key=$(printf %s "\${AGENTCLARA_WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
{ printf '%s.%s.' "$WEBHOOK_ID" "$WEBHOOK_TIMESTAMP"; cat body.json; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64
# The same as what follows "v1," in webhook-signature.`

export const verifySnippets = [
  { id: 'javascript', label: 'JavaScript', language: 'JavaScript', code: javascript },
  { id: 'python', label: 'Python', language: 'Python', code: python },
  { id: 'ruby', label: 'Ruby', language: 'Ruby', code: ruby },
  { id: 'curl', label: 'Shell', language: 'Shell', code: shell },
]
