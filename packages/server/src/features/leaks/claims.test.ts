/** What only claims to come from GitHub: how much of it may be under way, and how often, before its body is read. */
import { type ClientRequest, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLeakServer, JSON_TYPE, type LeakServer } from './testing/server.ts'

const FORGED = { 'github-public-key-identifier': 'bogus', 'github-public-key-signature': 'AAAA' }

let server: LeakServer
let port: number
const clients: ClientRequest[] = []

beforeEach(async () => {
  server = await createLeakServer()
  await server.http.listen({ host: '127.0.0.1', port: 0 })
  port = (server.http.server.address() as AddressInfo).port // it listens on TCP
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await server.close()
})

/** Announces a body, and sends none of it. */
function claim(localAddress: string): Promise<number> {
  const headers = { ...JSON_TYPE, ...FORGED, 'content-length': '1000' }
  const client = httpRequest({
    port,
    host: '127.0.0.1',
    localAddress,
    path: '/v1/leaks',
    method: 'POST',
    headers,
    agent: false,
  })
  clients.push(client)
  client.flushHeaders()
  return new Promise((resolve) => {
    client.on('response', (response) => resolve(response.resume().statusCode ?? 0))
    client.on('error', () => resolve(0))
  })
}

test('eight from one group of addresses have a body under way, more are refused before it, others are not', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 12; i++) claim('127.0.0.2').then((status) => statuses.push(status))
  await vi.waitUntil(() => statuses.length === 4)
  expect(statuses).toEqual([429, 429, 429, 429])
  expect((await server.postFromGitHub('[]')).status).toBe(200)
  for (const client of clients) client.destroy()
  await vi.waitUntil(async () => {
    const { status } = await server.post('[]', { headers: FORGED, address: '127.0.0.2' })
    return status === 401
  })
})

test('64 in all have a body under way, beside those of whom a signature has held', async () => {
  expect((await server.postFromGitHub('[]')).status).toBe(200)
  const statuses: number[] = []
  for (let group = 2; group <= 10; group++)
    for (let i = 0; i < 8; i++) claim(`127.0.0.${group}`).then((status) => statuses.push(status))
  await vi.waitUntil(() => statuses.length === 8)
  expect(statuses).toEqual(Array(8).fill(429))
  const stranger = await server.post('[]', { headers: server.github.sign('[]'), address: '198.51.100.1' })
  expect(stranger.status).toBe(429)
  expect((await server.postFromGitHub('[]')).status).toBe(200)
})

test('thirty a minute are looked at where no signature ever held, and all where one has', async () => {
  const unfinished = async (address: string) => {
    // Refused for its type, before a signature is looked at.
    const response = await server.post('x', { headers: { ...FORGED, 'content-type': 'text/plain' }, address })
    return response.status
  }
  const statuses: number[] = []
  for (let i = 0; i < 32; i++) statuses.push(await unfinished('198.51.100.1'))
  expect(statuses).toEqual([...Array(30).fill(415), 429, 429])
  server.advance(2_000)
  expect(await unfinished('198.51.100.1')).toBe(415)
  for (let i = 0; i < 40; i++) expect((await server.postFromGitHub('[]')).status).toBe(200)
})
