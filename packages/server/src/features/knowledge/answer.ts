// What Clara says: the sentences that answer a question, each cited, or nothing when the evidence is too weak.
import type { IndexedSource, KnowledgeIndex } from './knowledge-index.ts'
import type { RankedPassage } from './passage-index.ts'
import { splitIntoPassages } from './passages.ts'
import { plainText } from './plain-text.ts'

export interface Citation {
  readonly sourceId: string
  readonly title: string
  readonly url: string | null
  readonly quote: string
  readonly start: number
  readonly end: number
}

export interface Answer {
  readonly text: string
  readonly citations: readonly Citation[]
  /** 0 to 1. */
  readonly confidence: number
}

const MAX_LENGTH = 450

export function answer(index: KnowledgeIndex, question: string): Answer | undefined {
  const { passages, questions } = index.rank(question, 8)
  const [best] = passages
  const [faq] = questions
  if (faq !== undefined && faq.score >= P.MINQ && faq.score >= (best?.score ?? 0)) {
    const source = index.faqs[faq.source]
    if (source === undefined) return undefined
    const ps = splitIntoPassages('faq', source.content)
    const start = ps[0]?.start ?? 0
    let end = ps[0]?.end ?? 0
    for (const p of ps) if (p.end - start <= 500) end = p.end
    const quote = source.content.slice(start, end)
    return { text: plainText('faq', quote, null), citations: [cite(source, start, end)], confidence: faq.score }
  }
  if (best === undefined || best.score < P.MIN) return undefined
  const chosen = compose(index, best)
  const source = index.texts[index.passages.sourceOf[best.at] ?? 0]
  if (source === undefined) return undefined
  const parts = chosen.map((at) => {
    const p = index.passages.passages[at]!
    return { text: plainText(source.type, index.passages.quote(at), p.introduction), citation: cite(source, p.start, p.end) }
  })
  return { text: parts.map((p) => p.text).join(' '), citations: parts.map((p) => p.citation), confidence: best.score }
}

function cite(source: IndexedSource, start: number, end: number): Citation {
  return { sourceId: source.id, title: source.title, url: source.url, quote: source.content.slice(start, end), start, end }
}

function compose(index: KnowledgeIndex, best: RankedPassage): number[] {
  const { passages } = index.passages
  const chosen = [best.at]
  const length = (): number => chosen.reduce((sum, at) => sum + index.passages.quote(at).length, 0)
  const fits = (at: number): boolean => length() + index.passages.quote(at).length <= MAX_LENGTH
  const sameBlock = (a: number, b: number): boolean => passages[a]?.block === passages[b]?.block && index.passages.sourceOf[a] === index.passages.sourceOf[b]
  const sameSection = (a: number, b: number): boolean => passages[a]?.headings === passages[b]?.headings && index.passages.sourceOf[a] === index.passages.sourceOf[b]
  if (/^(?:this|that|these|those|it|they|he|she|then|however|otherwise|therefore|but|and|so|also|after that|such)\b/i.test(index.passages.quote(best.at)) && best.at > 0 && sameBlock(best.at, best.at - 1) && fits(best.at - 1)) chosen.unshift(best.at - 1)
  for (let next = best.at + 1; next < passages.length && chosen.length < 4; next++) {
    const last = index.passages.quote(next - 1)
    const before = passages[next - 1]
    const isOpen = /[:：]$/.test(last) || (before?.kind === 'sentence' && !/[.!?。！？)"”'’]$/.test(last))
    if (passages[next]?.kind === 'heading' || !sameSection(best.at, next)) break
    if (isOpen) { if (!fits(next)) break; chosen.push(next); continue }
    const wantsMore = best.headingCoverage > best.ownCoverage || length() < 40
    if (chosen.length < 3 && wantsMore && sameBlock(next - 1, next) && fits(next)) chosen.push(next)
    else if (length() < 40 && fits(next)) chosen.push(next)
    else break
  }
  return chosen
}
