import type { CourierSettings } from '../couriers/courier.ts'
import { checkDisplay, screenText } from '../mask/check.ts'
import { maskPersonal } from '../mask/mask.ts'
import type { Draft, DraftParty } from '../model/draft.ts'
import { GatewayError } from '../model/errors.ts'
import type { Order, Party, Personal, Sealed } from '../model/generated/types.ts'
import { orderId, sortedOrders } from '../model/order-id.ts'
import { checkOrder } from '../model/validate.ts'
import type { ChangedParts, CourierTerms } from '../platforms/platform.ts'
import type { CourierConfig } from './config.ts'

export const groups = ['sender', 'receiver'] as const

/** The two parties of an order, each sealed apart. */
export type Group = (typeof groups)[number]

/** An order ready to be sealed: the open document, and beside it what is not open. */
export interface Prepared {
  readonly order: Order
  /** Clear data, by group; none where the platform sealed or enciphered it. */
  readonly personal: Partial<Record<Group, Personal>>
  /** Seals that the platform made. */
  readonly sealed: Partial<Record<Group, Sealed>>
}

/**
 * Turns a draft into the open order and what is to be sealed: agreed terms, id, masks, and every
 * check that an open document must pass.
 *
 * @throws {GatewayError} with the code and pointer of the first fault
 */
export function prepareOrder(
  draft: Draft,
  at: { platform: string; terms: CourierTerms; courier: Pick<CourierConfig, 'settings'> },
): Prepared {
  const { sender, receiver, ...rest } = agree(draft, at.platform, at.terms, at.courier)
  const level = at.courier.settings.displayLevel
  const order = checkOrder({
    lasthop: '1.0',
    order: orderId({ platform: at.platform, ...rest }),
    rev: 1,
    platform: at.platform,
    ...rest,
    platformOrders: sortedOrders(rest.platformOrders),
    sender: openParty(sender, level),
    receiver: openParty(receiver, level),
  })
  checkOpen(order)
  return {
    order,
    personal: only({ sender: sender.personal, receiver: receiver.personal }),
    sealed: only({ sender: sender.sealed, receiver: receiver.sealed }),
  }
}

/**
 * Turns an order that is kept and what the platform changes of it into the order's next revision. A
 * party changes as a whole; of one that does not, nothing is known here but its open part.
 *
 * @throws {GatewayError} with the code and pointer of the first fault
 */
export function prepareChange(
  before: Order,
  { sender, receiver, ...rest }: ChangedParts,
  { displayLevel }: Pick<CourierSettings, 'displayLevel'>,
): Prepared {
  const party = (changed: DraftParty | undefined, kept: Party): Party =>
    changed === undefined ? kept : ofOrder(openParty(changed, displayLevel), before)
  const order = checkOrder({
    ...before,
    ...rest,
    rev: before.rev + 1,
    sender: party(sender, before.sender),
    receiver: party(receiver, before.receiver),
  })
  checkOpen(order)
  return {
    order,
    personal: only({ sender: sender?.personal, receiver: receiver?.personal }),
    sealed: only({ sender: sender?.sealed, receiver: receiver?.sealed }),
  }
}

/** Ciphers that name no order of their own belong to the one that was posted. */
function ofOrder(party: Party, { primaryOrder }: Order): Party {
  const { protection } = party
  if (protection.kind !== 'platform-cipher') return party
  const fields = Object.fromEntries(
    Object.entries(protection.fields).map(([name, { value, authRef }]) => [
      name,
      { value, authRef: authRef || primaryOrder },
    ]),
  )
  return { ...party, protection: { ...protection, fields } }
}

/** Fills in what platform and courier agreed; what is neither posted nor agreed is refused. */
function agree(
  draft: Draft,
  platform: string,
  terms: CourierTerms,
  courier: Pick<CourierConfig, 'settings'>,
) {
  const payer = draft.payer ?? terms.payer
  if (payer === undefined) throw new GatewayError('PAYER_UNMAPPED', '/payer')
  const product = draft.product ?? courier.settings.defaultProducts?.[platform]
  if (product === undefined) throw new GatewayError('PRODUCT_UNMAPPED', '/product')
  const account = draft.settlement === 'cash' ? undefined : (draft.account ?? terms.account)
  if (account === undefined && draft.settlement === 'monthly') {
    throw new GatewayError('ACCOUNT_INVALID', '/account')
  }
  const { account: _, ...rest } = draft
  return { ...rest, payer, product, ...(account === undefined ? {} : { account }) }
}

function openParty(party: DraftParty, level: 'street' | 'region'): Party {
  const { region, virtualNumber } = party
  const display = party.personal === undefined ? party.display : maskPersonal(party.personal, level)
  return {
    region,
    ...(display === undefined ? {} : { display }),
    protection: party.protection ?? { kind: 'sealed' },
    ...(virtualNumber === undefined ? {} : { virtualNumber }),
  }
}

/**
 * The check that every open order passes, whoever wrote its displays: no display shows too much, no
 * free text holds a phone or an id.
 *
 * @throws {GatewayError} `SHOWS_TOO_MUCH`
 */
export function checkOpen(order: Order): void {
  for (const group of groups) {
    const { display } = order[group]
    if (display !== undefined) inside(`/${group}/display`, () => checkDisplay(display))
  }
  order.goods.forEach((goods, i) => {
    inside(`/goods/${i}/name`, () => screenText(goods.name))
    inside(`/goods/${i}/spec`, () => screenText(goods.spec ?? ''))
  })
}

/** What `step` gives; its errors have their place put behind `at`. */
export function inside<T>(at: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError(error.code, at + error.at, { cause: error })
  }
}

function only<T>(parts: Record<Group, T | undefined>): Partial<Record<Group, T>> {
  return Object.fromEntries(
    Object.entries(parts).filter(([, part]) => part !== undefined),
  ) as Partial<Record<Group, T>>
}
