/** Permissions in words, short enough for a cell of a table. Pure. */
import { type Level, levelOf } from './levels.ts'

/** What a resource is called beside other words. */
const names: Readonly<Record<string, string>> = {
  agent: 'Clara',
  api_keys: 'API keys',
  usage: 'usage and logs',
}

export function resourceName(resource: string): string {
  return names[resource] ?? resource.replaceAll('_', ' ')
}

/** The same at the beginning of a line. */
export function resourceTitle(resource: string): string {
  const name = resourceName(resource)
  return name.charAt(0).toUpperCase() + name.slice(1)
}

export interface PermissionWords {
  /** `Everything`, or `Writes conversations and contacts, reads knowledge`. */
  text: string
  /** True for `*`: also what doesn't exist yet. */
  isEverything: boolean
}

export function permissionsInWords(grants: readonly string[], resources: readonly string[]): PermissionWords {
  if (grants.includes('*')) return { text: 'Everything', isEverything: true }
  const at = (level: Level) => resources.filter((resource) => levelOf(grants, resource) === level)
  const [writes, reads] = [at('write'), at('read')]
  if (writes.length + reads.length === 0) return { text: 'Nothing but /v1/me', isEverything: false }
  const text = [phrase('writes', writes, resources), phrase('reads', reads, resources)]
    .filter((part) => part !== '')
    .join(', ')
  return { text: text.charAt(0).toUpperCase() + text.slice(1), isEverything: false }
}

function phrase(verb: string, some: readonly string[], all: readonly string[]): string {
  if (some.length === 0) return ''
  if (some.length === all.length) return `${verb} everything there is`
  const rest = all.filter((resource) => !some.includes(resource))
  if (some.length > 4 && rest.length <= 2) {
    return `${verb} everything but ${listOf(rest.map(resourceName), 'or')}`
  }
  return `${verb} ${listOf(some.map(resourceName), 'and')}`
}

/** `a, b and c`. */
function listOf(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`
}

/** `contacts:write` as `write contacts`. */
export function permissionInWords(permission: string): string {
  if (permission === '*') return 'everything'
  const [resource = '', verb = ''] = permission.split(':')
  return `${verb} ${resourceName(resource)}`
}

/** Several at once, each verb said once: `write webhooks and knowledge, read events`. */
export function permissionsAsList(permissions: readonly string[]): string {
  return ['write', 'read']
    .map((verb) => {
      const some = permissions.filter((permission) => permission.endsWith(`:${verb}`))
      const names = some.map((permission) => resourceName(permission.slice(0, -verb.length - 1)))
      return names.length === 0 ? '' : `${verb} ${listOf(names, 'and')}`
    })
    .filter((part) => part !== '')
    .join(', ')
}
