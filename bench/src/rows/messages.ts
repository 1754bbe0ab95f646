/** `POST` of a message: what the transaction costs that a message is. */
import { inTurn } from '../in-turn.ts'
import { measureInserts } from '../inserts.ts'
import { CONNECTIONS, measurePost, ROUNDS, SECONDS } from '../load.ts'
import type { Row } from '../row.ts'
import type { RunningServer } from '../server.ts'

const CONTENT =
  'A message of a length that people write: about a hundred characters, give or take a few of them.'

export const messageRows: Row[] = [
  {
    name: 'messages/insert',
    what: 'POST of a message',
    against: 'a bare prepared INSERT of the same row',
    unit: '/s',
    measure: async (server) => {
      const load = {
        url: server.url,
        connections: CONNECTIONS,
        seconds: SECONDS,
        key: server.key,
        paths: await Promise.all(Array.from({ length: CONNECTIONS }, () => startConversation(server))),
        body: JSON.stringify({ content: CONTENT }),
      }
      const insert = {
        connectionString: server.connectionString,
        poolSize: 20,
        inFlight: CONNECTIONS,
        seconds: SECONDS,
        content: CONTENT,
      }
      return inTurn(
        ROUNDS,
        () => measurePost(load),
        () => measureInserts(insert),
      )
    },
  },
]

/** The path that its messages are posted to. */
async function startConversation({ url, key }: RunningServer): Promise<string> {
  const response = await fetch(`${url}/v1/conversations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'web' }),
  })
  const { data } = (await response.json()) as { data: { id: string } }
  return `/v1/conversations/${data.id}/messages`
}
