/** What a scan has found: each secret once, with the places where it stands. Holds the secrets; nothing prints them. */
import { type KeyEnvironment, lastFourOf, secretHint } from '@agentclara/key-format'

/** Where a secret stands. Its shape is that of the JSON output. */
export interface Place {
  source: 'file' | 'staged' | 'history' | 'commit_message' | 'tag_message'
  /** The top folder of the repository, for all but files. */
  repository: string | null
  /** For staged content and history as the repository names it, from its top folder. */
  file: string | null
  line: number | null
  column: number | null
  /** In history the oldest commit that brought the secret into this file; for a tag, the id of the tag. */
  commit: string | null
  author: string | null
  /** ISO 8601, in UTC. */
  date: string | null
}

export interface Leak {
  secret: string
  environment: KeyEnvironment
  hint: string
  /** The first hundred. */
  places: Place[]
  placesTotal: number
}

/** So that content made to be found everywhere doesn't fill memory. */
const MAX_PLACES = 100

export class Leaks {
  readonly #bySecret = new Map<string, Leak>()

  add({ secret, environment }: { secret: string; environment: KeyEnvironment }, place: Place): void {
    let leak = this.#bySecret.get(secret)
    if (leak === undefined) {
      const hint = secretHint(environment, lastFourOf(secret))
      leak = { secret, environment, hint, places: [], placesTotal: 0 }
      this.#bySecret.set(secret, leak)
    }
    // Paths of the command may lie within each other.
    if (leak.places.some((other) => isSamePlace(other, place))) return
    leak.placesTotal++
    if (leak.places.length < MAX_PLACES) leak.places.push(place)
  }

  list(): Leak[] {
    return [...this.#bySecret.values()]
  }
}

function isSamePlace(a: Place, b: Place): boolean {
  return (
    a.source === b.source &&
    a.repository === b.repository &&
    a.file === b.file &&
    a.line === b.line &&
    a.column === b.column &&
    a.commit === b.commit
  )
}
