import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { answer } from './answer.ts'
import { KnowledgeIndex } from './knowledge-index.ts'

// The documentation that comes with the package: forty Markdown files that weren't written for this test.
const docs = join(dirname(fileURLToPath(import.meta.resolve('fastify'))), 'docs')
const files = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'))
const sources = files.map((file) => {
  const content = readFileSync(join(docs, file), 'utf8')
  return {
    id: file,
    type: 'markdown',
    title: file.replace(/^.*\/|\.md$/g, ''),
    content,
    url: null,
    alternateQuestions: [],
  } as const
})
const index = KnowledgeIndex.build(sources)

describe('from the documentation of fastify Clara answers', () => {
  it.each([
    ['How do I enable logging?', 'disabled by default'],
    ['How long are major releases supported?', 'minimum period of six months'],
    ['How do I install fastify?', 'npm i fastify'],
    ['Which content types are supported natively?', 'application/json'],
    ['What does maxParamLength do?', 'custom length for parameters'],
    ['Does Fastify support HTTP/2?', 'supports HTTP/2 over HTTPS'],
    ['Is middleware supported?', 'not supported out of the box'],
    ['How do I trust the X-Forwarded headers?', 'trustProxy'],
    ['What does rewriteUrl do?', 'allows rewriting'],
    ['How much time does a plugin have to load?', 'a plugin can load'],
    ['What does return503OnClosing do?', '503 Service Unavailable'],
    ['Who is the partner for security support beyond LTS?', 'HeroDevs'],
    ['What is the first parameter of the handler?', 'first parameter of the handler function is'],
    ['How do I get the media type?', 'media type extracted'],
    ['What is sent when I send a string without a content type?', 'text/plain'],
    ['How do I genrate request ids?', 'request-id'],
  ])('%s', (question, phrase) => {
    const given = answer(index, question)
    expect(given?.citations.map(({ quote }) => quote.replace(/\s+/g, ' ')).join(' ')).toContain(phrase)
    for (const { sourceId, quote, start, end } of given?.citations ?? []) {
      expect(quote).toBe(sources.find(({ id }) => id === sourceId)?.content.slice(start, end))
    }
  })
})

describe('from the documentation of fastify Clara does not answer', () => {
  it.each([
    'How do I send an e-mail with an attachment?',
    'How much does Fastify cost per month?',
    'How do I connect to Oracle database?',
    'What is the weather today?',
    'How do I train a neural network?',
    'Where is your office?',
    'Do you offer phone support?',
    'How do I cancel my order?',
    'Can I get an invoice for my purchase?',
    'When do you open on Sunday?',
    'Which vegetarian dishes do you have?',
    'How do I deploy to a Raspberry Pi?',
  ])('%s', (question) => {
    expect(answer(index, question)).toBeUndefined()
  })
})
