import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkSignature, IDENTIFIER_HEADER, SIGNATURE_HEADER } from './signature.ts'

/**
 * The sample of GitHub's own documentation (docs.github.com, "Secret scanning partner program", as it was in 2022).
 * The key is the one that was published under this identifier, which is the SHA-256 of its PEM.
 */
const published = {
  identifier: '90a421169f0a406205f1563a953312f0be898d3c7b6c06b681aa86a874555f4a',
  signature:
    'MEUCIQDKZokqnCjrRtw0tni+2Ltvl/uiMJ1EGumEsp1BsNr32AIgQY1YXD2nlj+XNfGK4rBfkMJ1JDOQcYXxa2sY8FNkrKc=',
  body: Buffer.from('[{"token":"some_token","type":"some_type","url":"some_url"}]'),
}
const publishedKey = createPublicKey(
  '-----BEGIN PUBLIC KEY-----\n' +
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9MJJHnMfn2+H4xL4YaPDA4RpJqUq\n' +
    'kCmRCBnYERxZanmcpzQSXs1X/AljlKkbJ8qpVIW4clayyef9gWhFbNHWAA==\n' +
    '-----END PUBLIC KEY-----\n',
)
const findPublished = async (identifier: string) =>
  identifier === published.identifier ? publishedKey : undefined

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const signed = (body: Buffer, key: KeyObject = privateKey) => ({
  body,
  identifier: 'k',
  signature: sign('sha256', body, key).toString('base64'),
})
const find = async () => publicKey

test('the sample that GitHub published is accepted', async () => {
  const pem = publishedKey.export({ type: 'spki', format: 'pem' })
  expect(createHash('sha256').update(pem).digest('hex')).toBe(published.identifier)
  await checkSignature(published, findPublished)
})

test('a change of any one byte of what was signed is refused', async () => {
  for (const [index, byte] of published.body.entries()) {
    const body = Buffer.from(published.body)
    body[index] = byte ^ 1
    await expect(checkSignature({ ...published, body }, findPublished)).rejects.toMatchObject({
      code: 'unauthorized',
      options: { param: SIGNATURE_HEADER },
    })
  }
})

test('whatever bytes were signed are accepted, and no others are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), async (a, b) => {
      const { signature, identifier } = signed(Buffer.from(a))
      await checkSignature({ body: Buffer.from(a), identifier, signature }, find)
      if (!Buffer.from(a).equals(Buffer.from(b)))
        await expect(
          checkSignature({ body: Buffer.from(b), identifier, signature }, find),
        ).rejects.toMatchObject({
          code: 'unauthorized',
        })
    }),
    { numRuns: 50 },
  )
})

const body = Buffer.from('[]')
/** With one sign of padding, and letters that base64 for URLs writes in another way. */
function signatureWithPadding(): Buffer {
  const der = sign('sha256', body, privateKey)
  return /[+/].*[^=]=$/.test(der.toString('base64')) ? der : signatureWithPadding()
}
const der = signatureWithPadding()
test.each([
  ['base64 without its padding', der.toString('base64').slice(0, -1)],
  ['base64 with a blank for its padding', der.toString('base64').replace('=', ' ')],
  ['no base64', 'MEUC,IQD'],
  ['base64 for URLs', `${der.toString('base64url')}=`],
  ['base64 without its end', der.toString('base64').slice(0, -4)],
  ['empty', ''],
  ['no DER', randomBytes(70).toString('base64')],
  ['half of the DER', der.subarray(0, 30).toString('base64')],
  ['DER and more', Buffer.concat([der, Buffer.from([0])]).toString('base64')],
  ['two zeros', Buffer.from('3006020100020100', 'hex').toString('base64')],
  [
    'two numbers side by side (IEEE P1363)',
    sign('sha256', body, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  ],
  [
    'of another key',
    sign('sha256', body, generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey).toString(
      'base64',
    ),
  ],
  ['of SHA-1', sign('sha1', body, privateKey).toString('base64')],
  ['endless', 'A'.repeat(10_000)],
])('a signature that is %s is refused, naming its header', async (_what, signature) => {
  await expect(checkSignature({ body, identifier: 'k', signature }, find)).rejects.toMatchObject({
    code: 'unauthorized',
    options: { param: SIGNATURE_HEADER },
  })
})

test('a header that is missing and a key that is unknown are named', async () => {
  const { signature } = signed(body)
  const paramOf = (identifier?: string, given?: string) =>
    checkSignature({ body, identifier, signature: given }, async () => undefined).catch(
      (error) => error.options.param,
    )
  expect(await paramOf(undefined, signature)).toBe(IDENTIFIER_HEADER)
  expect(await paramOf('k', undefined)).toBe(SIGNATURE_HEADER)
  expect(await paramOf('k', signature)).toBe(IDENTIFIER_HEADER)
  expect(await paramOf('k'.repeat(201), signature)).toBe(IDENTIFIER_HEADER)
})
