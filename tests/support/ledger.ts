/** What one receiver of webhooks was sent and accepted, and whether that is what was promised: all, in order, hardly twice. */

/** What of a payload is looked at. */
export interface ToldEvent {
  id: string
  sequence: number
  data: { conversation_id: string; content: string }
}

export class Ledger {
  /** How often each event was accepted, by its id. */
  readonly #accepted = new Map<string, number>()
  readonly #contents = new Set<string>()
  /** By conversation, the highest sequence that was accepted. */
  readonly #newest = new Map<string, number>()
  /** Events that were accepted for the first time after a later one of their conversation. */
  readonly outOfOrder: string[] = []
  /** Requests that were answered with anything but 2xx, or not at all. */
  refused = 0

  /** In the order in which requests arrived. Accepted: it is answered with 2xx, whether or not anybody still listens. */
  note({ id, sequence, data }: ToldEvent, isAccepted: boolean): void {
    if (!isAccepted) {
      this.refused += 1
      return
    }
    const times = this.#accepted.get(id) ?? 0
    this.#accepted.set(id, times + 1)
    if (times > 0) return
    this.#contents.add(data.content)
    const newest = this.#newest.get(data.conversation_id) ?? 0
    if (sequence < newest) this.outOfOrder.push(`${data.conversation_id} ${sequence} after ${newest}`)
    this.#newest.set(data.conversation_id, Math.max(newest, sequence))
  }

  /** Different events, by `webhook-id`. */
  get distinct(): number {
    return this.#accepted.size
  }

  /** Different contents: messages that were written once are told once. */
  get contents(): ReadonlySet<string> {
    return this.#contents
  }

  get ids(): ReadonlySet<string> {
    return new Set(this.#accepted.keys())
  }

  /** Accepted beyond the first time. */
  get duplicates(): number {
    return [...this.#accepted.values()].reduce((sum, times) => sum + times - 1, 0)
  }
}
