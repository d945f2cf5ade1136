import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkConfig } from '../../functions/check-config.ts'
import { bugTo, countTo } from '../../functions/metrics.ts'
import { loadConfig, openGateway, required } from '../../functions/settings.ts'
import { bareConfig } from './rest/bare-ports.ts'

const jwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }

const config = {
  ...bareConfig,
  gatewayKeys: [jwk],
  platforms: { douyin: { shards: 1 } },
  couriers: {
    sf: {
      settings: { displayLevel: 'street', native: {} },
      custodyKeys: [{ kid: 'kid', jwk, use: 'current' }],
      dispatchKeys: [{ kid: 'kid', jwk }],
      issuer: { url: 'https://id.sf.example', keys: [{ kid: 'kid', jwk }] },
      router: 'lasthop-sf-router',
      shards: 2,
    },
  },
}

/** The configuration with one member replaced, or taken out. */
function changed(place: readonly string[], value?: unknown): unknown {
  const copy = structuredClone(config)
  let at: object = copy
  for (const name of place.slice(0, -1)) at = Object.entries(at).find(([one]) => one === name)?.[1]
  Object.assign(at, { [place.at(-1) ?? '']: value })
  return JSON.parse(JSON.stringify(copy))
}

test('a configuration is taken as it is', () => {
  assert.deepEqual(checkConfig(config), config)
  assert.deepEqual(checkConfig(bareConfig), bareConfig)
})

test('a member that is missing or misspelt is named', () => {
  const sf = ['couriers', 'sf']
  const wrong: [readonly string[], unknown][] = [
    ...Object.keys(config).map((name): [string[], unknown] => [[name], undefined]),
    ...Object.keys(config.couriers.sf).map((name): [string[], unknown] => [
      [...sf, name],
      undefined,
    ]),
    [['origin'], 'gateway.example'],
    [['origin'], 'https://gateway.example/'],
    [['origin'], 'https://gateway.example/a?b'],
    [['origin'], 'ftp://gateway.example'],
    [['offerSeconds'], '60'],
    [['keepSeconds'], 0],
    [['platforms', 'douyin', 'shards'], 1.5],
    [['platforms'], []],
    [[...sf, 'settings', 'displayLevel'], 'all'],
    [[...sf, 'settings', 'native'], { code: 1 }],
    [[...sf, 'custodyKeys', '0', 'use'], 'old'],
    [[...sf, 'custodyKeys', '0', 'jwk'], {}],
    [[...sf, 'dispatchKeys', '0', 'kid'], undefined],
    [[...sf, 'issuer', 'keys'], {}],
  ]
  for (const [place, value] of wrong) {
    const at = `/${place.join('/')}`
    assert.throws(
      () => checkConfig(changed(place, value)),
      (error: unknown) =>
        error instanceof Error && 'at' in error && String(error.at).startsWith(at),
      at,
    )
  }
  for (const value of [null, 'config', 1, []]) {
    assert.throws(() => checkConfig(value), { code: 'VALUE_INVALID', at: '' })
  }
})

test('the environment names the file, the tables and the secrets', t => {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-settings-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const GATEWAY_CONFIG = join(folder, 'gateway.json')
  writeFileSync(GATEWAY_CONFIG, JSON.stringify(config))
  assert.deepEqual(loadConfig({ GATEWAY_CONFIG }), config)
  const names = ['SECRETS_PREFIX', 'ORDERS_TABLE', 'KEYS_TABLE', 'AUDIT_TABLE']
  const env = { GATEWAY_CONFIG, ...Object.fromEntries(names.map(name => [name, name])) }
  assert.deepEqual(openGateway(env, 'intake').config, config)
  writeFileSync(GATEWAY_CONFIG, '{')
  assert.throws(() => loadConfig({ GATEWAY_CONFIG }), { code: 'VALUE_INVALID', at: '' })
  writeFileSync(GATEWAY_CONFIG, JSON.stringify(config))
  for (const name of names) {
    const invalid = { code: 'VALUE_INVALID', at: `/${name}` }
    assert.throws(() => openGateway({ ...env, [name]: undefined }, 'intake'), invalid)
    assert.throws(() => required({ [name]: '' }, name), invalid)
  }
})

test('a count is one line in the embedded metric format', () => {
  const lines: string[] = []
  const sink = { write: (line: string) => lines.push(line) }
  const now = () => new Date(1_767_225_600_000)
  const count = countTo(sink, 'intake', now)
  count('orders-posted', 3)
  count('orders-posted')
  count('unknown-waybill', 0)
  bugTo(sink, 'intake', now)('TypeError')
  const metric = (Name: string) => ({
    Timestamp: 1_767_225_600_000,
    CloudWatchMetrics: [
      {
        Namespace: 'LastHop',
        Dimensions: [['function']],
        Metrics: [{ Name, Unit: 'Count' }],
      },
    ],
  })
  assert.ok(lines.every(line => line.endsWith('\n') && line.indexOf('\n') === line.length - 1))
  assert.deepEqual(
    lines.map(line => JSON.parse(line)),
    [
      { _aws: metric('orders-posted'), function: 'intake', 'orders-posted': 3 },
      { _aws: metric('orders-posted'), function: 'intake', 'orders-posted': 1 },
      { _aws: metric('bugs'), function: 'intake', bugs: 1, bug: 'TypeError' },
    ],
  )
})
