/** `GET /permissions`: every permission, what it allows, presets and roles, from the tables that the checks use. */
import { Type } from 'typebox'
import { endpointName } from '../../http/routes.ts'
import { ok, oneOf, ref, success } from '../../http/schemas.ts'
import type { HttpServer } from '../../http/server.ts'
import { presetNames, presets, type Resource, resourceNames, resources } from '../../principal.ts'
import { roleNames, roles } from '../../roles.ts'

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
    roles: Type.Array(
      Type.Object({
        name: oneOf(roleNames),
        title: Type.String(),
        description: Type.String(),
        permissions: Type.Array(Type.String()),
      }),
      { description: 'What members of a workspace may do; those who may do the most first.' },
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
        summary: 'What keys and members can be allowed',
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
        roles: roleNames.map((name) => {
          const { title, description, grants } = roles[name]
          return { name, title, description, permissions: [...grants] }
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
