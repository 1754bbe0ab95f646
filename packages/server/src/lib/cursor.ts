/**
 * Opaque page cursors: the position after which a list goes on, bound to that list and signed, so that a cursor
 * can't be made up or carried from one list or environment to another.
 */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'

/** The sort values of the last row of a page, in the order of the list's ORDER BY; the last one is its id. */
export type CursorPosition = readonly (string | number | null)[]

const SIGNATURE_BYTES = 12

export class CursorCodec {
  readonly #key: KeyObject

  constructor(key: KeyObject) {
    this.#key = key
  }

  /** `scope` names the list with everything that must stay the same between pages: route, environment, sort, filters. */
  encode(scope: string, position: CursorPosition): string {
    const payload = Buffer.from(JSON.stringify(position))
    return Buffer.concat([this.#sign(scope, payload), payload]).toString('base64url')
  }

  /** The position, or undefined when the text isn't a cursor that this list gave out. */
  decode(scope: string, cursor: string): CursorPosition | undefined {
    const bytes = Buffer.from(cursor, 'base64url')
    if (bytes.length <= SIGNATURE_BYTES) return undefined
    const payload = bytes.subarray(SIGNATURE_BYTES)
    if (!timingSafeEqual(bytes.subarray(0, SIGNATURE_BYTES), this.#sign(scope, payload))) return undefined
    // The signature shows that encode() wrote it, so it has this shape.
    return JSON.parse(payload.toString()) as CursorPosition
  }

  #sign(scope: string, payload: Buffer): Buffer {
    return createHmac('sha256', this.#key)
      .update(scope)
      .update('\0')
      .update(payload)
      .digest()
      .subarray(0, SIGNATURE_BYTES)
  }
}
