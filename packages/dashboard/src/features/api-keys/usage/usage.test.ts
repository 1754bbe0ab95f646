/** Charts and tables of a key's use: no request is lost between intervals, and none is shown twice. */
import { describe, expect, test } from 'vitest'
import { agentName, clientsOf, clientsOfLastHour } from './clients.ts'
import { pointLabel, toSeries, totalOf, usageQuery, usageRanges, usageWindow } from './series.ts'

const nowMs = Date.UTC(2030, 4, 15, 13, 37)
const hour = (back: number) => new Date(Date.UTC(2030, 4, 15, 13) - back * 3_600_000).toISOString()
const bucket = (start: string, succeeded: number, refused = 0) => ({
  start,
  succeeded,
  refused,
  client_errors: 0,
  rate_limited: 0,
  server_errors: 0,
})

describe('the series', () => {
  test.each(usageRanges)('of $value has every bar up to the one under way, without a gap', ({ value }) => {
    const points = toSeries([], value, nowMs)
    const { sinceMs, untilMs } = usageWindow(value, nowMs)
    expect(points[0]?.startMs).toBe(sinceMs)
    expect(points.at(-1)?.endMs).toBe(untilMs)
    expect(untilMs).toBeGreaterThan(nowMs)
    for (const [index, point] of points.entries()) {
      expect(point.startMs).toBe(points[index - 1]?.endMs ?? sinceMs)
    }
    expect(Date.parse(usageQuery(value, nowMs).since)).toBe(sinceMs)
  })

  test('hours are put together to bars of six, and what lies before the range is left out', () => {
    const points = toSeries(
      [bucket(hour(24 * 8), 100), bucket(hour(2), 3, 1), bucket(hour(0), 4)],
      '7d',
      nowMs,
    )
    expect(totalOf(points)).toMatchObject({ requests: 8, succeeded: 7, refused: 1 })
    expect(points.at(-1)).toMatchObject({ requests: 4 })
    expect(points.at(-2)).toMatchObject({ requests: 4, refused: 1 })
  })

  test('a bar of a month is named by the UTC day that was counted', () => {
    const [first] = toSeries([], '30d', nowMs)
    expect(pointLabel(first ?? { startMs: 0 }, '30d', 'en-GB')).toBe('16 Apr')
  })
})

describe('clients', () => {
  const use = (ip: string, user_agent: string, endpoint: string, last_seen: string) => ({
    ip,
    user_agent,
    endpoint,
    last_seen,
    requests: 2,
    refused: 1,
  })
  const uses = [
    use('10.0.0.1', 'a/1', 'GET /v1/contacts', hour(3)),
    use('10.0.0.1', 'b/1', 'GET /v1/contacts', hour(2)),
    use('10.0.0.1', 'a/1', 'GET /v1/events', hour(0)),
  ]

  test('one address with one user agent is one client, the latest first, with all that it called', () => {
    const [first, second] = clientsOf(uses)
    expect(first).toMatchObject({ userAgent: 'a/1', requests: 4, refused: 2, lastSeen: hour(0) })
    expect(first?.endpoints.map(({ endpoint }) => endpoint)).toEqual(['GET /v1/events', 'GET /v1/contacts'])
    expect(second?.userAgent).toBe('b/1')
  })

  test('of the last hour count those of every secret', () => {
    const secrets = [{ clients: uses.slice(0, 2) }, { clients: uses.slice(2) }]
    expect(clientsOfLastHour(secrets, nowMs).map(({ userAgent }) => userAgent)).toEqual(['a/1'])
  })

  test.each([
    ['', 'No user agent'],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['python-requests/2.32 extra', 'python-requests/2.32'],
    ['Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36', 'Chrome 131'],
    ['Mozilla/5.0 (Mac) AppleWebKit/605 (KHTML, like Gecko) Version/18.1 Safari/605', 'Safari 18'],
  ])('%j is named %s', (userAgent, name) => {
    expect(agentName(userAgent)).toBe(name)
  })
})
