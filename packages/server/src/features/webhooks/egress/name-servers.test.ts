/** What a name is: in the hosts file, below localhost, at real name servers, and within search domains. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NameServers } from './name-servers.ts'
import { DnsServer } from './testing/dns-server.ts'

let dns: DnsServer
let folder: string

beforeAll(async () => {
  dns = await DnsServer.start()
  folder = await mkdtemp(join(tmpdir(), 'names-'))
})
afterAll(() => Promise.all([dns.stop(), rm(folder, { recursive: true })]))

async function make(name: string, hosts: string, resolvConf = ''): Promise<NameServers> {
  const hostsPath = join(folder, `${name}.hosts`)
  const resolvConfPath = join(folder, `${name}.conf`)
  await writeFile(hostsPath, hosts)
  await writeFile(resolvConfPath, resolvConf)
  return new NameServers({ servers: [dns.address], hostsPath, resolvConfPath, limitMs: 300 })
}

test('localhost and all below it are this machine, without a question to anybody', async () => {
  const before = dns.asked.length
  const bare = await make('bare', '')
  for (const name of ['localhost', 'LocalHost.', 'a.b.localhost']) {
    expect(await bare.resolve(name), name).toEqual(['127.0.0.1', '::1'])
  }
  const four = await make('four', '127.0.0.1 localhost # this one\n')
  expect(await four.resolve('localhost')).toEqual(['127.0.0.1'])
  expect(await four.resolve('app.localhost')).toEqual(['127.0.0.1'])
  expect(dns.asked).toHaveLength(before)
})

test('the hosts file comes before the name servers', async () => {
  dns.set('crm.example', ['93.184.216.34'])
  const hosts =
    '# 10.9.9.9 crm.example\n10.1.2.3\tcrm.example  CRM\nfd00::7 crm.example\nno-address other.example\n'
  const names = await make('listed', hosts)
  expect(await names.resolve('crm.example')).toEqual(['10.1.2.3', 'fd00::7'])
  expect(await names.resolve('crm')).toEqual(['10.1.2.3'])
})

test('both families are asked for, and one that isn’t there doesn’t matter', async () => {
  const names = await make('families', '')
  dns.set('both.example', ['93.184.216.34', '2606:2800:220:1::1'])
  expect(await names.resolve('both.example')).toEqual(['93.184.216.34', '2606:2800:220:1::1'])
  dns.set('six.example', ['2606:2800:220:1::1'])
  expect(await names.resolve('six.example')).toEqual(['2606:2800:220:1::1'])
  dns.set('empty.example', [])
  await expect(names.resolve('empty.example')).rejects.toMatchObject({ code: 'ENODATA' })
})

test('a name that doesn’t exist is looked for in the search domains, unless it ends in a dot', async () => {
  const names = await make('search', '', 'search old.example\nsearch apps.example. corp.example\n')
  dns.set('crm', [])
  dns.set('crm.apps.example', [])
  dns.set('crm.corp.example', ['10.1.2.3'])
  expect(await names.resolve('crm')).toEqual(['10.1.2.3'])
  await expect(names.resolve('crm.')).rejects.toMatchObject({ code: 'ENODATA' })
})

test('a name whose servers are silent has its end at the limit', async () => {
  const names = await make('silent', '')
  const startedMs = performance.now()
  await expect(names.resolve('silent.example')).rejects.toMatchObject({ code: 'ECANCELLED' })
  expect(performance.now() - startedMs).toBeLessThan(2_000)
})
