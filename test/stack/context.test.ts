import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ContextError,
  custodyAccountOf,
  partitionOf,
  readContext,
} from '../../lib/stack/context.ts'
import { contextOf } from './synthesized.ts'

type Json = Record<string, unknown>

const whole = contextOf()
const { certificate: _, ...bare } = whole.gateway
const gateway = (more: Json, of: Json = { ...whole.gateway }): Json => ({
  ...whole,
  gateway: { ...of, ...more },
})
const courier = (more: Json): Json => ({
  ...whole,
  couriers: { sf: { ...whole.couriers.sf, ...more } },
})

function faultsOf(value: unknown): string {
  try {
    readContext(value)
    return 'none'
  } catch (error) {
    assert.ok(error instanceof ContextError)
    return error.message
  }
}

test('right contexts are read, from JSON text too', () => {
  assert.deepEqual(readContext(structuredClone(whole)), whole)
  assert.deepEqual(readContext(JSON.stringify(whole)), whole)
  assert.equal(
    faultsOf(gateway({ defaultEndpoint: true, origin: 'http://127.0.0.1:4566/x' }, bare)),
    'none',
  )
  assert.equal(faultsOf(courier({ station: undefined })), 'none')
})

test('each wrong member is named, with what is wanted instead', () => {
  const cases: [unknown, RegExp][] = [
    [undefined, /^lasthop: is missing$/],
    ['{', /^lasthop: is no JSON$/],
    [{}, /^lasthop: must have required property 'gateway'\n.*'platforms'\n.*'couriers'$/],
    [gateway({ account: 111122223333 }), /^lasthop\/gateway\/account: must be string$/],
    [
      gateway({ account: '1111' }),
      /^lasthop\/gateway\/account: must match pattern "\^\\d\{12\}\$"$/,
    ],
    [gateway({ acount: '1' }), /^lasthop\/gateway: must NOT have additional properties: acount$/],
    [gateway({ region: 'peking' }), /^lasthop\/gateway\/region: must match pattern/],
    [
      gateway({ origin: 'https://gateway.example/' }),
      /^lasthop\/gateway\/origin: must match pattern/,
    ],
    [
      gateway({ origin: 'http://gateway.example' }),
      /^lasthop\/gateway\/origin: must begin with https:$/,
    ],
    [gateway({}, bare), /^lasthop\/gateway: needs one of certificate and defaultEndpoint$/],
    [gateway({ defaultEndpoint: true }), /^lasthop\/gateway: needs one of/],
    [
      gateway({ throttle: { rate: 1 } }),
      /^lasthop\/gateway\/throttle: must have required property 'burst'$/,
    ],
    [{ ...whole, platforms: ['Douyin'] }, /^lasthop\/platforms\/0: must match pattern/],
    [{ ...whole, platforms: ['gateway'] }, /^lasthop\/platforms: none may be called gateway$/],
    [{ ...whole, couriers: { SF: whole.couriers.sf } }, /^lasthop\/couriers: must match pattern/],
    [
      courier({ issuer: 'https://id.sf.example' }),
      /^lasthop\/couriers\/sf\/issuer: must match pattern/,
    ],
    [
      courier({ keyAdmin: undefined }),
      /^lasthop\/couriers\/sf: must have required property 'keyAdmin'$/,
    ],
    [
      courier({ custodyKeys: [] }),
      /^lasthop\/couriers\/sf\/custodyKeys: must NOT have fewer than 1 items$/,
    ],
    [courier({ station: {} }), /^lasthop\/couriers\/sf\/station: needs one of/],
    [
      courier({ station: { domain: 's.example', defaultEndpoint: true } }),
      /station: domain and certificate go together$/,
    ],
    [
      courier({ region: 'cn-north-1' }),
      /^lasthop\/couriers\/sf\/region: the gateway cannot reach another partition$/,
    ],
  ]
  for (const [value, message] of cases) {
    const json = JSON.stringify(value)
    assert.match(faultsOf(json === undefined ? json : JSON.parse(json)), message)
  }
})

test('all that is wrong is told at once', () => {
  const { gateway: at } = whole
  const two = { ...whole, gateway: { ...at, account: '1', region: 'x' } }
  assert.equal(faultsOf(two).split('\n').length, 2)
})

test('partitions follow regions; fixed names follow the courier, also in China', () => {
  assert.deepEqual(['us-east-1', 'cn-north-1', 'us-gov-west-1'].map(partitionOf), [
    'aws',
    'aws-cn',
    'aws-us-gov',
  ])
  const { sf } = contextOf({ region: 'cn-north-1' }).couriers
  assert.ok(sf)
  assert.deepEqual(custodyAccountOf('sf', sf), {
    partition: 'aws-cn',
    region: 'cn-north-1',
    account: '444455556666',
    courier: 'sf',
    roles: {
      router: 'lasthop-sf-router',
      station: 'lasthop-sf-station',
      keyAdmin: 'key-admin',
      deploy: 'cdk-hnb659fds-cfn-exec-role-444455556666-cn-north-1',
    },
    issuer: 'id.sf.example/stations',
  })
  assert.equal(custodyAccountOf('sf', { ...sf, deploy: 'own' }).roles.deploy, 'own')
})
