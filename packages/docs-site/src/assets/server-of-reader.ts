/** Code that calls the server calls the one that shows the page: a server may have another port, or a name. */

/** What guides and samples are written with, and what the SDK assumes. */
const WRITTEN = 'http://localhost:4000'
/** Takes the address from the environment, and can't be told here. */
const ASSUMES =
  /new AgentClara\(\)|from agentclara import|require_relative "agentclara"|npm run -s agentclara/

export function serverOfReader(): void {
  if (location.origin === WRITTEN) return
  for (const block of document.querySelectorAll('figure.code:not(.output)')) {
    const code = [...block.querySelectorAll('pre code')]
    for (const each of code) replaceIn(each)
    if (code.some(({ textContent }) => ASSUMES.test(textContent ?? ''))) block.append(note())
  }
}

function replaceIn(code: Element): void {
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT)
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
    text.nodeValue = text.nodeValue?.replaceAll(WRITTEN, location.origin) ?? null
}

function note(): HTMLElement {
  const text = document.createElement('p')
  text.className = 'your-key'
  const code = document.createElement('code')
  code.textContent = `export AGENTCLARA_BASE_URL=${location.origin}/v1`
  text.append('So that code without an address finds this server: ', code)
  return text
}
