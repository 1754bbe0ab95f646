/** Least privilege by evidence: what is suggested covers every call, and nothing of it can be left out. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allows, type Grant, type Permission, permissions } from '../../../principal.ts'
import { type Call, suggestPermissions } from './suggestions.ts'

/** An endpoint is named after what it asks for; `any` asks for nothing. */
const permissionOf = (endpoint: string): Permission | undefined =>
  permissions.find((permission) => permission === endpoint)
const call = (endpoint: string): Call => ({ endpoint, requests: 1, lastUsedAt: new Date(0) })
const isAllowed = (grants: readonly Grant[], { endpoint }: Call): boolean => {
  const asked = permissionOf(endpoint)
  return asked === undefined || allows(grants, asked)
}

const grants = fc.oneof(
  fc.constant<Grant[]>(['*']),
  fc.uniqueArray(fc.constantFrom<Grant>(...permissions), { minLength: 1 }),
)
/** A key with calls that it could make. */
const used = grants.chain((held) =>
  fc
    .uniqueArray(fc.constantFrom('any', ...permissions))
    .map((endpoints) => ({ held, calls: endpoints.map(call).filter((one) => isAllowed(held, one)) })),
)

test('with what is suggested no call would have been refused', () => {
  fc.assert(
    fc.property(used, ({ held, calls }) => {
      const { suggested } = suggestPermissions(held, calls, permissionOf)
      expect(calls.filter((one) => !isAllowed(suggested, one))).toEqual([])
    }),
  )
})

test('without any one of what is suggested at least one would have been, and none of it is beyond the key', () => {
  fc.assert(
    fc.property(used, ({ held, calls }) => {
      const { suggested } = suggestPermissions(held, calls, permissionOf)
      for (const permission of suggested) {
        const rest = suggested.filter((other) => other !== permission)
        expect(calls.some((one) => !isAllowed(rest, one))).toBe(true)
        expect(allows(held, permission)).toBe(true)
      }
    }),
  )
})

test('who follows every verdict has exactly what is suggested', () => {
  fc.assert(
    fc.property(used, ({ held, calls }) => {
      const { suggested, held: verdicts } = suggestPermissions(held, calls, permissionOf)
      const left = verdicts.flatMap(
        ({ permission, verdict }) =>
          verdict === 'remove'
            ? []
            : [verdict === 'keep' ? permission : (permission.replace(/:write$/, ':read') as Permission)], // each has both
      )
      expect(left.toSorted()).toEqual(suggested.toSorted())
    }),
  )
})

test('what is to be kept or narrowed names the calls that need it, what is to be removed none', () => {
  fc.assert(
    fc.property(used, ({ held, calls }) => {
      for (const { permission, verdict, calls: needing } of suggestPermissions(held, calls, permissionOf)
        .held) {
        expect(needing.length > 0).toBe(verdict !== 'remove')
        for (const one of needing) expect(isAllowed([permission], one)).toBe(true)
        if (verdict === 'narrow_to_read')
          expect(needing.every(({ endpoint }) => endpoint.endsWith(':read'))).toBe(true)
      }
    }),
  )
})

test.each<[Grant[], string[], Record<string, string>]>([
  [['contacts:write'], ['contacts:write', 'contacts:read'], { 'contacts:write': 'keep' }],
  [['contacts:write'], ['contacts:read'], { 'contacts:write': 'narrow_to_read' }],
  [['contacts:write'], ['any'], { 'contacts:write': 'remove' }],
  [
    ['contacts:read', 'contacts:write'],
    ['contacts:write'],
    { 'contacts:read': 'remove', 'contacts:write': 'keep' },
  ],
  [
    ['contacts:read', 'contacts:write'],
    ['contacts:read'],
    { 'contacts:read': 'keep', 'contacts:write': 'remove' },
  ],
])('of %j, called %j: %j', (held, endpoints, expected) => {
  const verdicts = suggestPermissions(held, endpoints.map(call), permissionOf).held
  expect(Object.fromEntries(verdicts.map(({ permission, verdict }) => [permission, verdict]))).toEqual(
    expected,
  )
})
