/** Better Auth with its api-key plugin in its fastest honest configuration, and keys in a database of its own. */
import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import pg from 'pg'

/** As many connections as the measured server opens by default. */
const POOL_SIZE = 20

/** Migrates the database and makes a user with that many keys. Call it once per database. */
export async function startBetterAuth(connectionString: string, keyCount: number) {
  const pool = new pg.Pool({ connectionString, max: POOL_SIZE })
  const auth = createAuth(pool)
  await (await getMigrations(auth.options)).runMigrations()
  const { user } = await auth.api.signUpEmail({
    body: { name: 'Acme', email: 'bench@example.com', password: 'correct horse battery staple' },
  })
  const create = () => auth.api.createApiKey({ body: { name: 'ci', userId: user.id } })
  const created = await Promise.all(Array.from({ length: keyCount }, create))
  return {
    keys: created.map(({ key }) => key),
    /** What the plugin knows of the key, or null when it doesn't accept the secret. */
    verify: async (secret: string) => (await auth.api.verifyApiKey({ body: { key: secret } })).key,
    close: () => pool.end(),
  }
}

/**
 * What is set here, and why:
 * - `rateLimit.enabled: false`: its counter is a row of the database, ours waits for no query. The plugin still writes
 *   when the key was last used, and when it changed, at each verification; no option turns that off.
 * - `storage: 'database'`, the default: what one node changes, every node sees at the next request, as with ours. Its
 *   secondary storage would be another server to run (Redis), or memory that other nodes don't share.
 * - `deferUpdates` stays off: with keys in the database it defers only the deletion of expired keys, which verifying
 *   does not do at all without it.
 * - `disableKeyHashing` stays off: ours stores no secrets in clear either.
 * - no telemetry and no log; sessions for keys are off by default.
 */
function createAuth(pool: pg.Pool) {
  return betterAuth({
    baseURL: 'http://127.0.0.1',
    secret: 'a secret of at least 32 characters, for measurements',
    database: pool,
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [
      apiKey({
        storage: 'database',
        rateLimit: { enabled: false },
        permissions: { defaultPermissions: { me: ['read'] } },
      }),
    ],
  })
}
