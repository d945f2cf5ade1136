import {
  centimetresUp,
  personalOrAbsent,
  positive,
  textOrAbsent,
  whole,
  wholeUp,
} from '../../translate/codecs.ts'
import { between } from '../../translate/table.ts'
import type { ChangedParts } from '../platform.ts'
import { cipherRegion, clearAddress, regionPlaces } from './address.ts'
import { cipher, cipherPhone, clearName, clearPhones, virtualNumberOf } from './contact.ts'
import type { UpdateRequest } from './generated/types.ts'

/** What an order and a change of one have in common, named alike in both. */
export type TheirParts = Pick<
  UpdateRequest,
  | 'senderContract'
  | 'senderAddress'
  | 'receiverContract'
  | 'receiverAddress'
  | 'tradeOrderRemark'
  | 'itemList'
  | 'totalPackageWeight'
  | 'totalPackageVolume'
  | 'totalPackageLength'
  | 'totalPackageWidth'
  | 'totalPackageHeight'
>

const ONE_FORM = 'either form is read, one is written'
const CODES = 'come back as the names resolve, as text'

const { row, each, within, theirLoss } = between<TheirParts, ChangedParts, unknown>()

/** Weight, volume, size and goods. */
export const contentRows = [
  row('/totalPackageWeight', '/weightGrams', positive(wholeUp)),
  row('/totalPackageVolume', '/volumeCm3', positive(wholeUp)),
  row('/totalPackageLength', '/sizeMm/length', positive(centimetresUp)),
  row('/totalPackageWidth', '/sizeMm/width', positive(centimetresUp)),
  row('/totalPackageHeight', '/sizeMm/height', positive(centimetresUp)),
  each('/itemList', '/goods', ({ row, theirLoss }) => [
    row('/itemTitle', '/name'),
    row('/itemSpecs', '/spec', textOrAbsent),
    row('/itemQuantity', '/quantity', whole),
    row('/itemWeight', '/weightGrams', positive(wholeUp)),
    row('/itemVolume', '/volumeCm3', positive(wholeUp)),
    theirLoss('/itemLength', 'has no counterpart'),
    theirLoss('/itemWidth', 'has no counterpart'),
    theirLoss('/itemHeight', 'has no counterpart'),
  ]),
] as const

/** The sender, always clear. */
export const senderRows = [
  within('/senderContract', '/sender', ({ row, toOursOnly }) => [
    row('/name', '/personal/name', clearName),
    row(['/mobile', '/telephone'], ['/personal/phone', '/personal/telephone'], clearPhones),
    toOursOnly('/mobile', '/virtualNumber', virtualNumberOf, 'stands in the phone'),
  ]),
  within('/senderAddress', '/sender', ({ row }) => [
    row([...regionPlaces, '/detailAddress'], ['/region', '/personal/address'], clearAddress),
  ]),
  theirLoss('/senderAddress/countryCode', 'no other country is served'),
  theirLoss('/senderAddress/countryName', 'no other country is served'),
  theirLoss('/senderAddress/provinceCode', CODES),
  theirLoss('/senderAddress/cityCode', CODES),
  theirLoss('/senderAddress/districtName', 'fillers are left out'),
  theirLoss('/senderAddress/districtCode', CODES),
  theirLoss('/senderAddress/townName', ONE_FORM),
  theirLoss('/senderAddress/townCode', ONE_FORM),
  theirLoss('/senderAddress/streetName', ONE_FORM),
  theirLoss('/senderAddress/streetCode', ONE_FORM),
] as const

const receiverLosses = [
  theirLoss('/receiverAddress/countryCode', 'no other country is served'),
  theirLoss('/receiverAddress/countryName', 'no other country is served'),
  theirLoss('/receiverAddress/provinceCode', CODES),
  theirLoss('/receiverAddress/cityCode', CODES),
  theirLoss('/receiverAddress/districtName', 'fillers are left out'),
  theirLoss('/receiverAddress/districtCode', CODES),
  theirLoss('/receiverAddress/townName', ONE_FORM),
  theirLoss('/receiverAddress/townCode', ONE_FORM),
  theirLoss('/receiverAddress/streetName', ONE_FORM),
  theirLoss('/receiverAddress/streetCode', ONE_FORM),
] as const

/** A receiver in clear text, to be sealed. */
export const clearReceiverRows = [
  within('/receiverContract', '/receiver', ({ row, toOursOnly }) => [
    row('/name', '/personal/name', clearName),
    row(['/mobile', '/telephone'], ['/personal/phone', '/personal/telephone'], clearPhones),
    toOursOnly('/mobile', '/virtualNumber', virtualNumberOf, 'stands in the phone'),
  ]),
  within('/receiverAddress', '/receiver', ({ row }) => [
    row([...regionPlaces, '/detailAddress'], ['/region', '/personal/address'], clearAddress),
  ]),
  row('/tradeOrderRemark', '/receiver/personal/remark', personalOrAbsent),
  theirLoss(
    '/receiverAddress/detailAddress',
    'a street line in the place of the town goes before it',
  ),
  ...receiverLosses,
] as const

/** A receiver in the platform's ciphers. Nothing beside them can be sealed. */
export const cipherReceiverRows = [
  within('/receiverContract', '/receiver', ({ row, ourConstant }) => [
    ourConstant('/protection/kind', 'platform-cipher'),
    row('/name', '/protection/fields/name/value', cipher),
    row(['/mobile', '/telephone'], '/protection/fields/phone/value', cipherPhone),
  ]),
  within('/receiverAddress', '/receiver', ({ row }) => [
    row(regionPlaces, '/region', cipherRegion),
    row('/detailAddress', '/protection/fields/address/value', cipher),
  ]),
  theirLoss('/tradeOrderRemark', 'cannot be sealed beside ciphers'),
  ...receiverLosses,
] as const
