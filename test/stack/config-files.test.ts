import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkConfig } from '../../functions/check-config.ts'
import { loadRouterFile, readRouterConfig } from '../../functions/router/config.ts'
import { loadConfig } from '../../functions/settings.ts'
import { loadStationFile } from '../../functions/station/config.ts'
import { dispatchKeysOf, recipientOf, sealPinsOf } from '../../lib/flow/keyring.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { thumbprint } from '../../lib/seal/keys.ts'
import { ContextError } from '../../lib/stack/context.ts'
import { type Pins, readPins } from '../../lib/stack/partners.ts'
import { testKey } from '../seal/fixtures.ts'
import { contextOf, pinsOf, synthesize } from './synthesized.ts'

const folder = mkdtempSync(join(tmpdir(), 'lasthop-pins-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const pins = pinsOf(jwk => thumbprint(createPublicKey({ key: jwk, format: 'jwk' })))

/** Bundles with a line of their own, as `npm run build:functions` leaves them. */
function bundles(): string {
  const out = join(folder, 'functions')
  for (const name of ['intake', 'exchange', 'custody', 'sweep', 'router', 'station']) {
    mkdirSync(join(out, name), { recursive: true })
    writeFileSync(join(out, name, 'index.mjs'), `export const handler = '${name}'\n`)
  }
  return out
}

/** The configuration files that lie in the assets, by name, copied where a function finds them. */
function deployedFiles(of: Pins = pins): Map<string, string> {
  const found = new Map<string, string>()
  const code = { bundles: bundles(), placeholder: false }
  synthesize(contextOf(), of, code, outdir => {
    for (const asset of readdirSync(outdir).filter(name => name.startsWith('asset.'))) {
      const files = readdirSync(join(outdir, asset))
      assert.ok(files.includes('index.mjs'))
      for (const name of files.filter(file => file.endsWith('.json'))) {
        const copy = join(folder, name)
        writeFileSync(copy, readFileSync(join(outdir, asset, name)))
        found.set(name, copy)
      }
    }
  })
  return found
}

test('beside each bundle lies a configuration that its function takes', () => {
  const files = deployedFiles()
  assert.deepEqual([...files.keys()].sort(), ['gateway.json', 'router.json', 'station.json'])

  const gateway = loadConfig({ GATEWAY_CONFIG: files.get('gateway.json') })
  const { sf } = gateway.couriers
  assert.ok(sf)
  assert.equal(gateway.origin, 'https://gateway.example')
  assert.equal(recipientOf(sf).kid, pins.couriers.sf?.custodyKeys[0]?.kid)
  assert.equal(dispatchKeysOf(sf).length, 1)
  assert.equal(sealPinsOf(gateway, sf).gatewayKeys[0]?.kid, pins.gateway?.signingKey)
  assert.equal('arn' in (sf.custodyKeys[0] ?? {}), false)

  const file = loadRouterFile({ ROUTER_CONFIG: files.get('router.json') })
  const router = readRouterConfig(file)
  assert.equal(router.aud, sf.router)
  assert.equal(router.hopKeyArn, pins.couriers.sf?.hopKey)
  assert.deepEqual(Object.values(router.custodyKeyArns), [
    'arn:aws:kms:us-east-1:444455556666:key/custody',
  ])
  assert.equal(file.table, 'lasthop-sf-custody')
  assert.equal(file.receiptSecret, 'lasthop/sf/receipts')

  const station = loadStationFile({ STATION_CONFIG: files.get('station.json') })
  assert.equal(station.gateway, gateway.origin)
  assert.equal(station.stationRole, 'arn:aws:iam::444455556666:role/lasthop-sf-station')
  assert.equal(station.hopKey, router.hopKeyArn)
})

/** The courier's pins with a second custody key, the first one outlived, and a brake of its own. */
function rotated(): Pins {
  const { sf } = pins.couriers
  const [first] = sf?.custodyKeys ?? []
  assert.ok(sf && first)
  const jwk = { ...createPublicKey(testKey('platformCustody')).export({ format: 'jwk' }) }
  const kid = thumbprint(createPublicKey({ key: jwk, format: 'jwk' }))
  const custodyKeys = [
    { ...first, use: 'retired', retiredAt: '2026-01-01T00:00:00Z' },
    { ...first, kid, jwk, use: 'current', arn: `${first.arn}-2`, version: 2 },
  ]
  const releases = { windowSeconds: 3600, limit: 500, hops: { 'XM-0592-017': 200 }, alarms: [50] }
  return { ...pins, couriers: { sf: { ...sf, custodyKeys, minVersion: 2, releases } } }
}

test('below the minimum version nothing is sealed, re-wrapped or opened, and hops have their brake', () => {
  const files = deployedFiles(rotated())
  const config = loadConfig({ GATEWAY_CONFIG: files.get('gateway.json') })
  const { sf } = config.couriers
  const [outlived, current] = rotated().couriers.sf?.custodyKeys ?? []
  assert.ok(sf && outlived && current)
  assert.deepEqual(sf.releases, rotated().couriers.sf?.releases)
  assert.equal(recipientOf(sf).kid, current.kid)
  const router = readRouterConfig(loadRouterFile({ ROUTER_CONFIG: files.get('router.json') }))
  const station = loadStationFile({ STATION_CONFIG: files.get('station.json') })
  for (const { custodyKeys } of [sealPinsOf(config, sf), router.pins, station.pins]) {
    assert.deepEqual(
      custodyKeys.map(({ kid }) => kid),
      [current.kid],
    )
  }
})

test('a version or a brake that is none is refused, by the stack and by the function', () => {
  const { sf } = rotated().couriers
  assert.ok(sf)
  const config = loadConfig({ GATEWAY_CONFIG: deployedFiles(rotated()).get('gateway.json') })
  const brake = config.couriers.sf?.releases
  const wrong = [
    ['minVersion', 0],
    ['minVersion', '2'],
    ['releases', { ...brake, limit: 0 }],
    ['releases', { ...brake, hops: { A: 0.5 } }],
    ['releases', { ...brake, alarms: 50 }],
    ['releases', { ...brake, windowSeconds: undefined }],
    ['custodyKeys', sf.custodyKeys.map(key => ({ ...key, version: -1 }))],
  ] as const
  const at = mkdtempSync(join(folder, 'wrong-'))
  for (const [name, value] of wrong) {
    const couriers = { sf: { ...config.couriers.sf, [name]: value } }
    assert.throws(
      () => checkConfig({ ...config, couriers }),
      (error: unknown) =>
        error instanceof GatewayError && error.at.startsWith(`/couriers/sf/${name}`),
    )
    writeFileSync(join(at, 'sf.json'), JSON.stringify({ ...sf, [name]: value }))
    assert.throws(() => readPins(at, ['sf']), new RegExp(`sf.json/${name}`))
  }
})

test('a bundle that is not there is said, with the command that makes it', () => {
  const code = { bundles: join(folder, 'none'), placeholder: false }
  assert.throws(
    () => synthesize(contextOf(), pins, code),
    (error: unknown) =>
      error instanceof ContextError &&
      /intake: has no index.mjs; run npm run build:functions$/.test(error.message),
  )
})

test('the first deployment needs no pins: what waits for them is left out, and said', () => {
  const nothing = synthesize(contextOf(), { couriers: {} })
  assert.deepEqual(Object.keys(nothing.templates), ['CustodyKeys-sf', 'Gateway'])
  assert.equal(nothing.missing.length, 3)
  const { gateway, couriers } = pins
  const first = synthesize(contextOf(), { couriers })
  assert.deepEqual(Object.keys(first.templates), ['CustodyKeys-sf', 'Gateway'])
  assert.ok(gateway)
  const { controlKeys: _, ...published } = couriers.sf ?? assert.fail()
  const operator = synthesize(contextOf(), { gateway, couriers: { sf: published } })
  assert.deepEqual(Object.keys(operator.templates), ['CustodyKeys-sf', 'Gateway'])
  const all = synthesize(contextOf(), pins)
  assert.deepEqual(Object.keys(all.templates).sort(), ['Custody-sf', 'CustodyKeys-sf', 'Gateway'])
  assert.deepEqual(all.missing, [])
})

test('files of pins are checked, and a private key is refused', () => {
  const at = join(folder, 'partners')
  mkdirSync(at)
  assert.deepEqual(readPins(at, ['sf']), { couriers: {} })
  writeFileSync(join(at, 'sf.json'), JSON.stringify(pins.couriers.sf))
  writeFileSync(join(at, 'gateway.json'), JSON.stringify(pins.gateway))
  assert.deepEqual(readPins(at, ['sf']), pins)
  const faults = (name: string, content: string) => {
    writeFileSync(join(at, name), content)
    try {
      readPins(at, ['sf'])
      return 'none'
    } catch (error) {
      assert.ok(error instanceof ContextError)
      return error.message.replaceAll(at, '')
    }
  }
  const secret = { ...pins.gateway, gatewayKeys: [{ kty: 'EC', d: 'secret' }] }
  assert.equal(
    faults('gateway.json', JSON.stringify(secret)),
    '/gateway.json/gatewayKeys/0/d: boolean schema is false',
  )
  assert.equal(faults('gateway.json', '{'), '/gateway.json: is no JSON')
  rmSync(join(at, 'gateway.json'))
  const { hopKey: _, ...keyless } = pins.couriers.sf ?? assert.fail()
  assert.equal(
    faults('sf.json', JSON.stringify(keyless)),
    "/sf.json: must have required property 'hopKey'",
  )
})
