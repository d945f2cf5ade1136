import { GatewayError } from '../../model/errors.ts'
import type { WaybillNo } from './generated/types.ts'

type Ours = readonly [waybills: readonly string[] | undefined, signBack: string | undefined]

/**
 * `waybillNoInfoList` ⇄ waybill numbers, the mother first, and the number of the signed receipt.
 *
 * @throws {GatewayError} `WIRE_INVALID` for anything but one mother, at most one receipt, every number once
 */
export const numbers = {
  name: 'numbers',
  to: (list: readonly WaybillNo[]): [string[], string | undefined] => {
    const [mothers, children, receipts] = [1, 2, 3].map(type => numbersOf(list, type))
    const waybills = [...(mothers ?? []), ...(children ?? [])]
    const all = [...waybills, ...(receipts ?? [])]
    const isWhole = mothers?.length === 1 && (receipts ?? []).length <= 1
    if (!isWhole || new Set(all).size < all.length) throw new GatewayError('WIRE_INVALID')
    return [waybills, receipts?.[0]]
  },
  from: ([waybills = [], signBack]: Ours): WaybillNo[] => [
    ...waybills.map((waybillNo, n): WaybillNo => ({ waybillType: n === 0 ? 1 : 2, waybillNo })),
    ...(signBack === undefined ? [] : [{ waybillType: 3, waybillNo: signBack } as const]),
  ],
}

function numbersOf(list: readonly WaybillNo[], type: number): string[] {
  return list
    .filter(({ waybillType }) => Number(waybillType) === type)
    .flatMap(({ waybillNo }) => waybillNo || [])
}
