import { GatewayError } from '../model/errors.ts'
import type { Sealed } from '../model/validate.ts'
import {
  packKey,
  type SealSigner,
  sealPersonal,
  verifySeal,
  withoutKey,
  wrappedKeyOf,
} from '../seal/index.ts'
import type { OrderKeys, WrappedKey } from '../store/index.ts'
import type { CourierConfig, GatewayConfig } from './config.ts'
import { recipientOf, sealPinsOf } from './keyring.ts'
import { type Group, groups, inside, type Prepared } from './prepare.ts'

/** With what orders are sealed, and when. */
export interface Sealing {
  readonly config: GatewayConfig
  readonly signer: SealSigner
  readonly now: Date
}

/** The seals of an order by group, their wrapped keys in them. */
export type Seals = Partial<Record<Group, Sealed>>

/**
 * Seals what is clear of an order to its courier, and checks what the platform sealed itself. A group
 * of ciphers, or one that did not change, has none.
 *
 * @throws {GatewayError} `SEAL_INVALID` at `/receiver/sealed` for a seal of another order or platform
 */
export function sealGroups(
  { config, signer, now }: Sealing,
  { order, personal, sealed }: Prepared,
  courier: CourierConfig,
): Seals {
  const made: Seals = {}
  for (const group of groups) {
    const binding = { order: order.order, courier: order.courier, group, rev: order.rev }
    const clear = personal[group]
    const own = sealed[group]
    if (clear !== undefined) {
      const jwe = sealPersonal(clear, recipientOf(courier, now), binding)
      made[group] = signer.sign(jwe, order.platform, now)
    } else if (own !== undefined) {
      const facts = inside(`/${group}/sealed`, () => verifySeal(own, sealPinsOf(config, courier)))
      const fits = Object.entries(binding).every(
        ([name, value]) => facts[name as keyof typeof binding] === value,
      )
      if (!fits || facts.platform !== order.platform) {
        throw new GatewayError('SEAL_INVALID', `/${group}/sealed`)
      }
      made[group] = own
    }
  }
  return made
}

/** Seals as they are kept and shown: without their wrapped keys. */
export function openSeals(seals: Seals): Seals {
  return Object.fromEntries(Object.entries(seals).map(([group, seal]) => [group, withoutKey(seal)]))
}

/** What goes into table `Keys` of a new order: each group's wrapped key and its proof, the certificate once. */
export function keysOf(seals: Seals): OrderKeys | undefined {
  const keys: Partial<Record<Group, WrappedKey>> = {}
  let shared: string | undefined
  for (const group of groups) {
    const seal = seals[group]
    if (seal === undefined) continue
    const { certificate, ...key } = packKey(wrappedKeyOf(seal))
    shared = certificate ?? shared
    keys[group] = key
  }
  if (Object.keys(keys).length === 0) return undefined
  return { ...keys, ...(shared === undefined ? {} : { certificate: shared }) }
}

/** The same of groups that changed: each with its own certificate, for the others keep theirs. */
export function changedKeysOf(seals: Seals): OrderKeys {
  const packed = groups.flatMap(group => {
    const seal = seals[group]
    return seal === undefined ? [] : [[group, packKey(wrappedKeyOf(seal))] as const]
  })
  return Object.fromEntries(packed)
}
