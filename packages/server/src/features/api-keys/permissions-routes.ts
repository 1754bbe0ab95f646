/** `GET /permissions`: every permission, what it allows, and presets, from the one table that the checks use. */
import { Type } from 'typebox'
import { endpointName } from '../../http/routes.ts'
import { ok, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import { presetNames, presets, type Resource, resourceNames, resources } from '../../principal.ts'

const PermissionEntry = Type.Object(
  {
    permission: Type.String({ description: '`contacts:write`' }),
    description: Type.String(),
    calls: Type.Array(Type.String(), { description: 'The calls that ask for it: `POST /v1/contacts`.' }),
  },
  { $id: 'Permission' },
)

const PermissionTable = Type.Object(
  {
    resources: Type.Array(
      Type.Object({ resource: Type.String(), read: ref(PermissionEntry), write: ref(PermissionEntry) }),
      { description: 'Write implies read.' },
    ),
    presets: Type.Array(
      Type.Object({
        name: Type.String({ description: 'For `preset` of POST /v1/api_keys.' }),
        title: Type.String(),
        description: Type.String(),
        permissions: Type.Array(Type.String()),
      }),
    ),
  },
  { $id: 'PermissionTable' },
)

export function permissionRoutes(app: HttpServer): void {
  for (const schema of [PermissionEntry, PermissionTable]) app.addSchema(schema)
  app.get(
    '/permissions',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listPermissions',
        summary: 'What keys can be allowed',
        tags: ['API keys'],
        response: { 200: success(ref(PermissionTable)) },
      },
    },
    () =>
      ok({
        resources: resourceNames.map((resource) => ({
          resource,
          read: entry(app, resource, 'read'),
          write: entry(app, resource, 'write'),
        })),
        presets: presetNames.map((name) => {
          const { title, description, permissions } = presets[name]
          return { name, title, description, permissions: [...permissions] }
        }),
      }),
  )
}

function entry(app: HttpServer, resource: Resource, verb: 'read' | 'write') {
  const permission = `${resource}:${verb}`
  const calls = app.routeTable
    .filter(({ access, method }) => access === permission && method !== 'HEAD')
    .map(({ method, url }) => endpointName(method, url))
  return { permission, description: resources[resource][verb], calls }
}
