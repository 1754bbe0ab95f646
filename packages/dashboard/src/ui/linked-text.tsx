/** A sentence, with the ids in it as links to their pages. */
import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { idsIn, linkOfId } from '../lib/resource-link.ts'

export function LinkedText({ text }: { text: string }) {
  const ids = idsIn(text)
  if (ids.length === 0) return text
  // With the ids as a group of the expression, they stay between the pieces.
  return text.split(new RegExp(`(${ids.join('|')})`)).map((piece, at) => {
    const place = linkOfId(piece)
    return place === undefined ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence don't move
      <Fragment key={at}>{piece}</Fragment>
    ) : (
      <Link key={piece} {...place}>
        {piece}
      </Link>
    )
  })
}
