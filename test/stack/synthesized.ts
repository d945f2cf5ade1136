import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { sf } from '../../lib/couriers/sf/index.ts'
import type { CodeSource } from '../../lib/stack/code.ts'
import { readContext, type StackContext } from '../../lib/stack/context.ts'
import type { Pins } from '../../lib/stack/partners.ts'
import { addStacks } from '../../lib/stack/stacks.ts'
import { testKey } from '../seal/fixtures.ts'

/** A resource of a template. */
export interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly DependsOn?: readonly string[]
}

/** A synthesized template. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>
}

const GATEWAY = '111122223333'
const COURIER = '444455556666'

/** Gateway and courier in accounts of their own; parts may be replaced. */
export function contextOf(more: { region?: string; courierAccount?: string } = {}): StackContext {
  const { region = 'us-east-1', courierAccount = COURIER } = more
  const partition = region.startsWith('cn-') ? 'aws-cn' : 'aws'
  const certificate = (account: string) =>
    `arn:${partition}:acm:${region}:${account}:certificate/00000000-0000-4000-8000-000000000000`
  return readContext({
    gateway: {
      account: GATEWAY,
      region,
      origin: 'https://gateway.example',
      certificate: certificate(GATEWAY),
    },
    platforms: ['douyin'],
    couriers: {
      sf: {
        account: courierAccount,
        region,
        issuer: 'id.sf.example/stations',
        keyAdmin: 'key-admin',
        station: { domain: 'stations.sf.example', certificate: certificate(courierAccount) },
      },
    },
  })
}

function publicJwk(name: string): JsonWebKey & Record<string, unknown> {
  return { ...createPublicKey(testKey(name)).export({ format: 'jwk' }) }
}

/** What `lasthop keys pin` would have written. */
export function pinsOf(kidOf: (jwk: JsonWebKey) => string = () => 'kid'): Pins {
  const signer = (name: string) => ({ kid: kidOf(publicJwk(name)), jwk: publicJwk(name) })
  const key = (id: string) => `arn:aws:kms:us-east-1:${COURIER}:key/${id}`
  return {
    gateway: { signingKey: signer('gateway').kid, gatewayKeys: [publicJwk('gateway')] },
    couriers: {
      sf: {
        settings: sf.sandbox.settings,
        custodyKeys: [{ ...signer('custody'), use: 'current', arn: key('custody') }],
        dispatchKeys: [signer('dispatch')],
        issuer: { url: 'https://id.sf.example/stations', keys: [signer('issuer')] },
        hopKey: key('hop'),
        controlKeys: [publicJwk('control')],
        brake: { limit: 1000, windowSeconds: 3600 },
      },
    },
  }
}

const PLACEHOLDER: CodeSource = { bundles: '', placeholder: true }

/** The templates by stack, and what `addStacks` said is missing. */
export function synthesize(
  context: StackContext = contextOf(),
  pins: Pins = pinsOf(),
  code: CodeSource = PLACEHOLDER,
  look: (folder: string) => void = () => {},
): { templates: Readonly<Record<string, Template>>; missing: string[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'lasthop-cdk-'))
  try {
    const app = new App({ outdir, analyticsReporting: false })
    const missing = addStacks(app, { context, pins, code })
    const { stacks } = app.synth()
    look(outdir)
    const templates: Record<string, Template> = Object.fromEntries(
      stacks.map(stack => [stack.id, stack.template]),
    )
    return { templates, missing }
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

/** The resources of a type, by logical id. */
export function ofType(template: Template | undefined, type: string): [string, Resource][] {
  return Object.entries(template?.Resources ?? {}).filter(([, { Type }]) => Type === type)
}

/** A value with its references written out: `<Orders.Arn>` for the ARN of what is called `Orders…`. */
export function written(value: unknown): string {
  if (typeof value === 'string') return value
  const [[name, of]] = entries(value)
  if (name === 'Ref') return `<${String(of)}>`
  if (name === 'Fn::GetAtt' && Array.isArray(of)) return `<${of.join('.')}>`
  if (name === 'Fn::Join' && Array.isArray(of) && Array.isArray(of[1])) {
    return of[1].map(written).join(String(of[0]))
  }
  throw new Error(`unknown function ${name}`)
}

function entries(value: unknown): [[string, unknown], ...[string, unknown][]] {
  const [first, ...rest] = Object.entries(typeof value === 'object' && value !== null ? value : {})
  if (first === undefined) throw new Error('neither text nor function')
  return [first, ...rest]
}
