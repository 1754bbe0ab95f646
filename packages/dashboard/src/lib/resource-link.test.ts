/** Ids lead to their pages, and nothing else does. */
import { expect, test } from 'vitest'
import { idsIn, linkOfId, nounOfId } from './resource-link.ts'

const ID = '01h455vb4pex5vsknk084sn02q'

test('an id leads to the page of what it names', () => {
  expect(linkOfId(`conv_${ID}`)).toEqual({ to: '/conversations/$id', params: { id: `conv_${ID}` } })
  expect(linkOfId(`req_${ID}`)).toEqual({ to: '/settings/advanced/logs', search: { request: `req_${ID}` } })
  expect(nounOfId(`cust_${ID}`)).toBe('contact')
})

test.each(['', 'conv_', `msg_${ID}`, `conv_${ID}x`, `__proto___${ID}`, 'javascript:alert(1)', `CONV_${ID}`])(
  '%j leads nowhere',
  (text) => expect(linkOfId(text)).toBeUndefined(),
)

test('ids are found in paths and bodies, each once', () => {
  const text = `/v1/conversations/conv_${ID}/messages {"id":"msg_${ID}","customer_id":"cust_${ID}","again":"conv_${ID}"}`
  expect(idsIn(text)).toEqual([`conv_${ID}`, `cust_${ID}`])
})
