import type { Courier, CourierSettings } from '../../couriers/courier.ts'
import type { CourierTerms } from '../../platforms/platform.ts'
import { readDocument } from '../files.ts'
import { UsageError } from '../partners.ts'
import { member } from '../send.ts'

/** What was agreed, as it is said on a command line. */
export interface AgreedOptions {
  readonly from: string
  readonly payer?: string
  readonly account?: string
  readonly product?: string
  /** A file: the courier's settings, or what is pinned of it, which has them as `settings`. */
  readonly settings?: string
}

const payers = ['sender', 'receiver', 'third-party'] as const

/**
 * Payer and account for orders that name none.
 *
 * @throws {UsageError} for a payer that does not exist
 */
export function termsOf({ payer, account }: AgreedOptions): CourierTerms {
  const known = payers.find(one => one === payer)
  if (payer !== undefined && known === undefined) {
    throw new UsageError(`--payer is one of ${payers.join(', ')}`)
  }
  return {
    ...(known === undefined ? {} : { payer: known }),
    ...(account === undefined ? {} : { account }),
  }
}

/**
 * A courier's settings: its sandbox's, or those of a file, and the product for orders that name none.
 *
 * @throws {UsageError} for a file that holds no settings
 */
export function settingsFor(courier: Courier, options: AgreedOptions): CourierSettings {
  const { settings: file, product, from } = options
  const settings = file === undefined ? courier.sandbox.settings : readSettings(file)
  // As at intake: what a format keeps secret is put in when a waybill is offered.
  const open = { ...settings, secret: '' }
  return product === undefined ? open : { ...open, defaultProducts: { [from]: product } }
}

function readSettings(file: string): CourierSettings {
  const document = readDocument(file)
  const settings = member(document, 'settings') ?? document
  if (isSettings(settings)) return settings
  throw new UsageError(`${file} holds no settings of a courier`)
}

function isSettings(value: unknown): value is CourierSettings {
  const level = member(value, 'displayLevel')
  const placeholder = member(value, 'phonePlaceholder')
  const products = member(value, 'products') ?? []
  return (
    (level === 'street' || level === 'region') &&
    (placeholder === undefined || typeof placeholder === 'string') &&
    Array.isArray(products) &&
    products.every(product => typeof product === 'string') &&
    isTexts(member(value, 'native')) &&
    isTexts(member(value, 'defaultProducts') ?? {})
  )
}

function isTexts(value: unknown): boolean {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRecord && Object.values(value).every(text => typeof text === 'string')
}
