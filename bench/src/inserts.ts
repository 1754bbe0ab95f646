/** The yardstick for a message: the same row, inserted by a bare prepared statement over a pool of the same size. */
import pg from 'pg'

export interface InsertLoad {
  connectionString: string
  poolSize: number
  inFlight: number
  seconds: number
  content: string
}

export async function measureInserts({
  connectionString,
  poolSize,
  inFlight,
  seconds,
  content,
}: InsertLoad): Promise<number> {
  const pool = new pg.Pool({ connectionString, max: poolSize })
  await pool.query(`
    CREATE TABLE IF NOT EXISTS bench_messages (
      id text COLLATE "C" PRIMARY KEY, environment_id text NOT NULL, conversation_id text NOT NULL, sender text NOT NULL,
      visibility text NOT NULL, content text NOT NULL, metadata jsonb NOT NULL, citations jsonb NOT NULL, turn_id text,
      created_at timestamptz NOT NULL)`)
  await pool.query(
    'CREATE INDEX IF NOT EXISTS bench_messages_by_conversation ON bench_messages (conversation_id, id DESC)',
  )
  const text = 'INSERT INTO bench_messages VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)'
  const endsAt = performance.now() + seconds * 1000
  let count = 0
  const worker = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const id = `msg_${crypto.randomUUID()}`
      const values = [
        id,
        'env_x',
        `conv_${count % 64}`,
        'assistant',
        'public',
        content,
        '{}',
        '[]',
        null,
        new Date(),
      ]
      await pool.query({ name: 'insert', text, values })
      count += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  await pool.query('DROP TABLE bench_messages')
  await pool.end()
  return count / seconds
}
