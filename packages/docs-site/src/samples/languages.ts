/** One request as a program in each language, with nothing but the language itself. The key comes from the environment. */
import type { ExampleRequest, Json } from './examples.ts'
import { literal } from './literals.ts'

type Write = (request: ExampleRequest, baseUrl: string) => string

const lines = (parts: (string | false | undefined)[]): string =>
  `${parts.filter((part) => part !== false && part !== undefined).join('\n')}\n`

const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const WIDTH = 80

/** With room to read: on a line, or on several when it is long. */
function spaced(body: Json): string {
  const text = JSON.stringify(body, null, 1)
  const line = text
    .replace(/\n\s*/g, ' ')
    .replace(/([{[]) /g, '$1')
    .replace(/ ([}\]])/g, '$1')
  return line.length <= WIDTH ? line : JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')
}

export const curl: Write = ({ method, path, body, needsKey, isStream }, baseUrl) => {
  const url = `${baseUrl}${path}`
  const implied = body === undefined ? 'GET' : 'POST'
  const first = `curl${isStream ? ' -N' : ''}${method === implied ? '' : ` -X ${method}`} ${/[?&]/.test(url) ? `"${url}"` : url}`
  return `${[
    first,
    ...(needsKey ? ['-H "Authorization: Bearer $AGENTCLARA_API_KEY"'] : []),
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${shell(spaced(body))}`]),
  ].join(' \\\n  ')}\n`
}

export const javascript: Write = ({ method, path, body, needsKey, isStream }, baseUrl) => {
  const headers = [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code that the reader runs
    ...(needsKey ? ['Authorization: `Bearer ${process.env.AGENTCLARA_API_KEY}`'] : []),
    ...(body === undefined ? [] : ["'Content-Type': 'application/json'"]),
  ]
  const options = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    ...(headers.length === 0
      ? []
      : headers.length === 1
        ? [`  headers: { ${headers[0]} },`]
        : ['  headers: {', ...headers.map((header) => `    ${header},`), '  },']),
    ...(body === undefined
      ? []
      : [`  body: JSON.stringify(${literal.javascript(body).replaceAll('\n', '\n  ')}),`]),
  ]
  return lines([
    `const response = await fetch('${baseUrl}${path}'${options.length === 0 ? ')' : ', {'}`,
    ...options,
    options.length > 0 && '})',
    ...(isStream
      ? [
          'const text = new TextDecoder()',
          'for await (const bytes of response.body) console.log(text.decode(bytes, { stream: true }))',
        ]
      : ['console.log(await response.json())']),
  ])
}

export const python: Write = ({ method, path, body, needsKey, isStream }, baseUrl) => {
  const implied = body === undefined ? 'GET' : 'POST'
  const headers = [
    ...(needsKey ? [`"Authorization": f"Bearer {os.environ['AGENTCLARA_API_KEY']}"`] : []),
    ...(body === undefined ? [] : ['"Content-Type": "application/json"']),
  ]
  return lines([
    !isStream && 'import json',
    needsKey && 'import os',
    'import urllib.request',
    '',
    body !== undefined && `body = ${literal.python(body)}`,
    'request = urllib.request.Request(',
    `    "${baseUrl}${path}",`,
    method !== implied && `    method="${method}",`,
    body !== undefined && '    data=json.dumps(body).encode(),',
    headers.length === 1 && `    headers={${headers[0]}},`,
    ...(headers.length > 1
      ? ['    headers={', ...headers.map((header) => `        ${header},`), '    },']
      : []),
    ')',
    'with urllib.request.urlopen(request) as response:',
    ...(isStream
      ? ['    for line in response:', '        print(line.decode().rstrip())']
      : ['    print(json.load(response))']),
  ])
}

const VERBS: Readonly<Record<string, string>> = {
  GET: 'Get',
  POST: 'Post',
  PATCH: 'Patch',
  PUT: 'Put',
  DELETE: 'Delete',
}

export const ruby: Write = ({ method, path, body, needsKey, isStream }, baseUrl) => {
  const secure = baseUrl.startsWith('https:') ? ', use_ssl: true' : ''
  const start = `Net::HTTP.start(uri.host, uri.port${secure})`
  return lines([
    !isStream && 'require "json"',
    'require "net/http"',
    '',
    `uri = URI("${baseUrl}${path}")`,
    `request = Net::HTTP::${VERBS[method]}.new(uri)`,
    needsKey && 'request["Authorization"] = "Bearer #{ENV.fetch("AGENTCLARA_API_KEY")}"',
    body !== undefined && 'request["Content-Type"] = "application/json"',
    body !== undefined && `request.body = JSON.generate(${literal.ruby(body)})`,
    ...(isStream
      ? [
          `${start} do |http|`,
          '  http.request(request) { |response| response.read_body { |text| print text } }',
          'end',
        ]
      : [`response = ${start} { |http| http.request(request) }`, 'puts JSON.parse(response.body)']),
  ])
}
