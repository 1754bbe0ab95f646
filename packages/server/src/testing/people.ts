/** People with their workspaces, for tests of routes: signed up by a browser each, and asking /v1 with its session. */
import type { Id } from '../lib/ids.ts'
import { newId } from '../lib/ids.ts'
import type { EnvironmentName, Role } from '../principal.ts'
import type { TestApp, TestResponse } from './app.ts'
import { signUp } from './browser.ts'

export interface AskOptions {
  body?: unknown
  /** Which one; without it the person's first. */
  workspace?: string
  environment?: EnvironmentName
  headers?: Record<string, string>
}

export interface TestPerson {
  readonly name: string
  readonly email: string
  readonly userId: Id<'user'>
  /** `ask('GET /me')`: of /v1, with the session, as a page of the server's own does it. */
  ask(route: string, options?: AskOptions): Promise<TestResponse>
}

/** Sign-up must be open to them, or they the first. `email`: made of the name unless given. */
export async function welcome(
  server: TestApp,
  name: string,
  account: { email?: string; invitation?: string } = {},
): Promise<TestPerson> {
  const browser = await signUp(server, name, account)
  const { userId, email } = await findUser(server, account.email ?? `${name}@example.com`)
  return {
    name,
    email,
    userId,
    ask(route, { body, workspace, environment, headers = {} } = {}) {
      const [method, path] = route.split(' ')
      return browser.request(`${method} /v1${path}`, {
        body,
        headers: {
          ...(workspace === undefined ? {} : { 'agentclara-workspace': workspace }),
          ...(environment === undefined ? {} : { 'agentclara-environment': environment }),
          ...headers,
        },
      })
    },
  }
}

async function findUser(server: TestApp, email: string): Promise<Pick<TestPerson, 'userId' | 'email'>> {
  const user = await server.db
    .selectFrom('auth.users')
    .select(['id', 'email'])
    .where('email', '=', email.toLowerCase())
    .executeTakeFirstOrThrow()
  return { userId: user.id, email: user.email }
}

/** A member without an invitation. */
export async function addMember(
  server: TestApp,
  person: TestPerson,
  role: Role,
  workspaceId: Id<'ws'> = server.workspaceId,
): Promise<Id<'mem'>> {
  const id = newId('mem')
  const row = { id, workspace_id: workspaceId, user_id: person.userId, role, joined_at: new Date() }
  await server.db.insertInto('members').values(row).execute()
  return id
}
