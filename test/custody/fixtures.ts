import { signAssignment } from '../../lib/custody/assignment.ts'
import { type Control, signControl } from '../../lib/custody/control.ts'
import { createRouter, type Router, type RouterRequest } from '../../lib/custody/router.ts'
import type { RouterConfig, RouterNote, RouterTable } from '../../lib/custody/router-ports.ts'
import { type Assignment, checkAssignment, type Sealed } from '../../lib/model/validate.ts'
import { wrappedKeyOf } from '../../lib/seal/held-key.ts'
import { pinOf, signingKey } from '../../lib/seal/keys.ts'
import { verifySeal } from '../../lib/seal/signature.ts'
import { custody, now, pins, platformCustody, testKey } from '../seal/fixtures.ts'
import {
  custodyKeyArn,
  hopKeyArn,
  type MemoryKms,
  memoryKms,
  platformKeyArn,
} from './memory-kms.ts'
import { memoryTable } from './memory-table.ts'

export const dispatchKey = signingKey(testKey('dispatch'))
export const nextDispatchKey = signingKey(testKey('nextDispatch'))
export const controlKey = signingKey(testKey('control'))
export const receiptKey = signingKey(testKey('receipt'))
export const aud = 'lasthop-router:swift'
export const today = '2026-01-05'
export const hop = 'XM-0592-017'
export const seconds = (at: Date) => Math.floor(at.getTime() / 1000)
export const head = '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'

export const config: RouterConfig = {
  courier: 'swift',
  aud,
  dispatchKeys: [pinOf(dispatchKey), pinOf(nextDispatchKey)],
  controlKeys: [pinOf(controlKey)],
  pins,
  custodyKeyArns: { [custody.kid]: custodyKeyArn, [platformCustody.kid]: platformKeyArn },
  hopKeyArn,
  brake: { limit: 1000, windowSeconds: 3600 },
}

let statements = 0

/** An assignment of the seal to the usual hop, today. */
export function assignmentFor(sealed: Sealed, changes: Partial<Assignment> = {}): Assignment {
  const { courier, order, group, rev, digest: seal } = verifySeal(sealed, pins)
  return checkAssignment({
    ...{ aud, courier, order, group, rev, hop, seal },
    leg: group === 'receiver' ? 'delivery' : 'return',
    day: today,
    epoch: 1,
    iat: seconds(now),
    jti: String(++statements).padStart(16, '0'),
    ...changes,
  })
}

/** What custody hands to the router for it. */
export function requestFor(
  sealed: Sealed,
  changes: Partial<Assignment> = {},
  key = dispatchKey,
): RouterRequest {
  const assignment = signAssignment(assignmentFor(sealed, changes), key)
  return { assignment, held: wrappedKeyOf(sealed), audit: { seq: 1, head } }
}

/** A router over memory, with the usual hops registered. */
export interface World {
  readonly router: Router
  readonly kms: MemoryKms
  readonly table: RouterTable
  readonly notes: RouterNote[]
  order(control: Control, key?: typeof controlKey): ReturnType<Router>
  /** The reason of a refusal, `EPOCH_STALE at /epoch`, or that there was none. */
  reason(request: unknown): Promise<string>
  at: Date
}

/** Makes such a router; `table` for one that stands already. */
export async function makeWorld(
  table: RouterTable = memoryTable(),
  changes: Partial<RouterConfig> = {},
): Promise<World> {
  const kms = memoryKms()
  const notes: RouterNote[] = []
  const router: Router = request => made(request)
  const world: World = {
    at: now,
    ...{ kms, table, notes, router },
    order: (control, key = controlKey) =>
      router({ control: signControl(control, { aud, courier: 'swift', now: world.at }, key) }),
    async reason(request) {
      const answer = await router(request)
      if (!('refused' in answer)) return 'not refused'
      const { code, at } = answer.reason
      return `${code} at ${at}`
    },
  }
  const made = createRouter(
    { ...config, ...changes },
    {
      table,
      reEncrypt: kms.reEncrypt,
      receiptKey,
      now: () => world.at,
      note: note => notes.push(note),
    },
  )
  await world.order({ action: 'raise-floor', notBefore: seconds(now) - 86_400 })
  for (const [name, kind] of [
    [hop, 'delivery'],
    ['XM-0592-018', 'delivery'],
    ['XM-P-1', 'pickup'],
  ] as const) {
    await world.order({ action: 'register-hop', hop: name, kind, limit: 100 })
  }
  return world
}
