/**
 * The signature on a report from GitHub: ECDSA P-256 with SHA-256 over the bytes of the body, DER in base64, and the
 * name of the key (docs.github.com, "Secret scanning partner program").
 */
import { type KeyObject, verify } from 'node:crypto'
import { ApiError } from '../../errors.ts'

export const IDENTIFIER_HEADER = 'Github-Public-Key-Identifier'
export const SIGNATURE_HEADER = 'Github-Public-Key-Signature'

const MAX_IDENTIFIER_LENGTH = 200
/** Two numbers of 33 bytes at most, framed, in base64. */
const MAX_SIGNATURE_LENGTH = 96
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

interface Signed {
  body: Buffer
  identifier: string | undefined
  signature: string | undefined
}

/** Throws ApiError `unauthorized`, with the header that is wrong in `param`, unless the body is signed by one of the keys. */
export async function checkSignature(
  { body, identifier, signature }: Signed,
  findKey: (identifier: string) => Promise<KeyObject | undefined>,
): Promise<void> {
  if (identifier === undefined) {
    throw refusal(
      IDENTIFIER_HEADER,
      'The header is missing. To report one secret without a signature, send {"secret": "sk_…"}.',
    )
  }
  if (signature === undefined) throw refusal(SIGNATURE_HEADER, 'The header is missing.')
  if (signature === '' || signature.length > MAX_SIGNATURE_LENGTH || !BASE64.test(signature)) {
    throw refusal(SIGNATURE_HEADER, 'It must be an ECDSA signature: DER, in base64.')
  }
  const key = identifier.length > MAX_IDENTIFIER_LENGTH ? undefined : await findKey(identifier)
  if (key === undefined) throw refusal(IDENTIFIER_HEADER, 'GitHub has no public key of this identifier.')
  if (!verify('sha256', body, { key, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'))) {
    throw refusal(
      SIGNATURE_HEADER,
      'It is no signature of this body by this key. It is made over the bytes of the body: nothing in between may change them.',
    )
  }
}

function refusal(param: string, hint: string): ApiError {
  return new ApiError('unauthorized', { error: 'The report is not signed by GitHub', param, hint })
}
