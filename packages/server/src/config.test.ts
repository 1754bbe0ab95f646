import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'

test('without variables there is a working configuration', () => {
  const config = parseConfig({})
  expect(config).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    database: { kind: 'embedded' },
    defaultCountry: 'US',
  })
  expect(config.dataDir).toMatch(/data$/)
})

test.each([
  [{ PORT: 'abc' }, /PORT must be a whole number/],
  [{ PORT: '70000' }, /PORT must be a whole number from 0 to 65535/],
  [{ AGENTCLARA_DATADIR: 'x' }, /AGENTCLARA_DATADIR is not a setting.*Did you mean AGENTCLARA_DATA_DIR\?/],
  [{ AGENTCLARA_PORT: '80' }, /Did you mean PORT\?/],
  [{ AGENTCLARA_DATA_DIR: '~/clara' }, /must not begin with ~/],
  [{ AGENTCLARA_LOG_LEVEL: 'loud' }, /AGENTCLARA_LOG_LEVEL must be one of debug/],
  [{ AGENTCLARA_DEFAULT_COUNTRY: 'XX' }, /AGENTCLARA_DEFAULT_COUNTRY/],
  [{ AGENTCLARA_INSTALLATION_SECRET: 'short' }, /at least 32 characters/],
  [{ AGENTCLARA_PUBLIC_URL: 'clara.example.com' }, /http or https URL/],
  [{ AGENTCLARA_DATABASE_POOL_SIZE: '1' }, /from 2 to 500/],
  [{ AGENTCLARA_SECRET_SCANNING_KEYS_URL: 'nonsense' }, /SECRET_SCANNING_KEYS_URL must be an https URL/],
  [{ AGENTCLARA_SECRET_SCANNING_KEYS_URL: 'http://example.com/keys' }, /must be an https URL/],
  [{ AGENTCLARA_SECRET_SCANNING_KEYS_URL: 'https://u:hidden@example.com' }, /without user or fragment/],
  [{ WEBHOOK_ALLOW_CIDRS: '10.0.0.1/8' }, /WEBHOOK_ALLOW_CIDRS: .*did you mean 10\.0\.0\.0\/8/],
  [{ WEBHOOK_ALLOW_PORTS: '443,0' }, /WEBHOOK_ALLOW_PORTS must be a whole number from 1 to 65535, not "0"/],
  [{ DATABASE_URL: 'nonsense' }, /DATABASE_URL is not a URL/],
  [{ DATABASE_URL: 'mysql://u:hidden@h/db' }, /begins with mysql:/],
  [{ DATABASE_URL: 'postgres://u:hidden@h' }, /names no database/],
])('%o is refused with the name of the variable and the fix', (env, message) => {
  expect(() => parseConfig(env)).toThrow(message)
  expect(() => parseConfig(env)).not.toThrow(/hidden/)
})

test('GitHub’s keys are read from GitHub, elsewhere by https, or in clear on this machine', () => {
  const urlOf = (url?: string) =>
    parseConfig({ AGENTCLARA_SECRET_SCANNING_KEYS_URL: url }).secretScanningKeysUrl
  expect(urlOf()).toBe('https://api.github.com/meta/public_keys/secret_scanning')
  for (const url of ['https://ghe.example.com/keys?a=b', 'http://127.0.0.1:81/keys', 'http://[::1]/keys'])
    expect(urlOf(url)).toBe(url)
})

test('webhooks may go to this machine only while nobody else reaches this server, or when its operator says so', () => {
  const loopback = { allow: ['127.0.0.0/8', '::1/128'], isDefaultLoopback: true, ports: [80, 443] }
  const nowhere = { allow: [], isDefaultLoopback: false, ports: [80, 443] }
  for (const env of [
    {},
    { AGENTCLARA_HOST: 'localhost' },
    { AGENTCLARA_HOST: '::1' },
    { AGENTCLARA_PUBLIC_URL: 'http://localhost:4000' },
    { AGENTCLARA_PUBLIC_URL: 'http://[::1]:4000' },
  ])
    expect(parseConfig(env).webhooks, JSON.stringify(env)).toEqual(loopback)
  for (const env of [
    { AGENTCLARA_HOST: '0.0.0.0' },
    { AGENTCLARA_HOST: '::' },
    { AGENTCLARA_HOST: '10.0.0.5' },
    { AGENTCLARA_PUBLIC_URL: 'https://clara.example.com' },
    { TRUSTED_PROXIES: '127.0.0.1' },
    { WEBHOOK_ALLOW_CIDRS: 'none' },
  ])
    expect(parseConfig(env).webhooks, JSON.stringify(env)).toEqual(nowhere)
  const chosen = { AGENTCLARA_HOST: '::', WEBHOOK_ALLOW_CIDRS: '10.20.0.0/16, fd00::/8' }
  expect(parseConfig({ ...chosen, WEBHOOK_ALLOW_PORTS: '443, 8443, 443' }).webhooks).toEqual({
    allow: ['10.20.0.0/16', 'fd00::/8'],
    isDefaultLoopback: false,
    ports: [443, 8443],
  })
})

test('zero and empty are taken as they are meant', () => {
  expect(parseConfig({ PORT: '0' }).port).toBe(0)
  expect(parseConfig({ PORT: '' }).port).toBe(4000)
})

test('variables of clients are known and ignored', () => {
  expect(() =>
    parseConfig({ AGENTCLARA_API_KEY: 'sk_test_x', AGENTCLARA_BASE_URL: 'http://x' }),
  ).not.toThrow()
})
