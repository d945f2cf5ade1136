import fc, { type Arbitrary } from 'fast-check'
import type { Draft, DraftParty } from '../../lib/model/draft.ts'
import regions from '../../lib/model/generated/regions.json' with { type: 'json' }
import { personalText } from '../../lib/model/personal-text.ts'
import { resolveRegion } from '../../lib/model/regions.ts'
import type { Personal, Region } from '../../lib/model/validate.ts'

// Orders as a platform may post them: what its fixtures hold, varied in every value that people,
// shops and scales make. What only the partner's own codes decide stays as in the fixture.

/** Text as people write it, and as they do not: every script, composed and not, at both ends of the length. */
const words = (longest: number): Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('张三', '阿卜杜拉·买买提', '𠮷野家', '葛󠄀', 'O’Brien', 'é', '👨‍👩‍👧', ' 王 五 '),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 24 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
    fc.integer({ min: 1, max: longest }).map(length => '测'.repeat(length)),
  )

const personal = (longest: number) => words(longest).filter(isSomebodys).map(personalText)

/** Blank, masked and enciphered text is refused everywhere; no case is made of it here. */
const isSomebodys = (text: string): boolean =>
  text.trim() !== '' && !/[*＊]/.test(text) && !/^[#$]/.test(text) && text.length <= 600

const mobile = fc
  .integer({ min: 0, max: 9_999_999_999 })
  .map(n => `1${String(n).padStart(10, '3')}`)
const landline = fc
  .tuple(fc.constantFrom('010', '0592', '0898'), fc.integer({ min: 1_000_000, max: 99_999_999 }))
  .map(([area, number]) => `${area}-${number}`)

const people: Arbitrary<Personal> = fc
  .record({
    name: personal(60),
    phone: fc.option(mobile.map(personalText), { nil: undefined }),
    telephone: fc.option(landline.map(personalText), { nil: undefined }),
    address: fc.oneof(
      personal(200),
      fc
        .integer({ min: 1, max: 9999 })
        .map(n => personalText(`测试路${n}号样例小区${n % 30}栋${n}室`)),
    ),
    remark: fc.option(personal(100), { nil: undefined }),
  })
  .map(({ telephone, phone, remark, ...rest }) => ({
    ...rest,
    ...(phone === undefined && telephone !== undefined
      ? {}
      : { phone: phone ?? personalText('13800000000') }),
    ...(telephone === undefined ? {} : { telephone }),
    ...(remark === undefined ? {} : { remark }),
  }))

const places = regions.list
  .split('\n')
  .map(line => ({ code: line.slice(0, 6), name: line.slice(6) }))
const nameOf = new Map(places.map(({ code, name }) => [code, name]))

/** Cities without counties, and a county without a city. */
const IRREGULAR = ['441900', '442000', '460400', '620200', '460300', '419001']

const TOWNS = ['莲前街道', '样例镇', '示例乡', '测试苏木']

/** A region of the list, one in four of them irregular, with a town or without. */
const region: Arbitrary<Region> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...places.filter(isCounty).map(({ code }) => code)) },
      { weight: 1, arbitrary: fc.constantFrom(...IRREGULAR) },
    ),
    fc.option(fc.constantFrom(...TOWNS), { nil: undefined }),
    fc.option(fc.integer({ min: 1, max: 999 }), { nil: undefined }),
  )
  .map(([code, town, number]) => regionOf(code, town, number))

function isCounty({ code }: { code: string }): boolean {
  return !code.endsWith('00') && nameOf.has(`${code.slice(0, 4)}00`)
}

function regionOf(code: string, town?: string, number?: number): Region {
  const province = { name: nameOf.get(`${code.slice(0, 2)}0000`) ?? '' }
  const above = `${code.slice(0, 4)}00`
  const isBelow = code !== above && nameOf.has(above)
  const parent = code.endsWith('00') ? code.slice(0, 6) : code
  const townCode = number === undefined ? undefined : `${parent}${String(number).padStart(3, '0')}`
  return resolveRegion({
    province,
    city: { name: nameOf.get(isBelow ? above : code) ?? '', code: isBelow ? above : code },
    ...(isBelow ? { district: { name: nameOf.get(code) ?? '', code } } : {}),
    ...(town === undefined ? {} : { town: { name: town, code: townCode } }),
  })
}

/** Whole numbers at the ends of what is usual and beyond, or none. */
const amount = (most: number) =>
  fc.option(fc.oneof(fc.constantFrom(1, 999, 1001, most), fc.integer({ min: 1, max: most })), {
    nil: undefined,
  })

const goods = fc.array(
  fc.record({
    name: words(30),
    spec: fc.option(words(20), { nil: undefined }),
    quantity: fc.integer({ min: 1, max: 999 }),
    weightGrams: amount(999_999),
    volumeCm3: amount(999_999),
  }),
  { minLength: 1, maxLength: 5 },
)

const time = fc
  .integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) })
  .map(at => `${new Date(at + 28_800_000).toISOString().slice(0, 19)}+08:00`)

const variation = fc.record({
  numbers: fc.uniqueArray(fc.bigInt({ min: 10n ** 18n, max: 10n ** 19n - 1n }).map(String), {
    minLength: 6,
    maxLength: 6,
  }),
  parcel: fc.constantFrom('-', '1', 'a', 'Z_9'),
  pieces: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 200 })),
  weightGrams: amount(9_999_999),
  volumeCm3: amount(9_999_999),
  sides: fc.option(
    fc.tuple(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 5000 }),
    ),
    { nil: undefined },
  ),
  goods,
  declaredFen: amount(9_999_999),
  collectFen: amount(999_999),
  keepsServices: fc.boolean(),
  from: fc.option(time, { nil: undefined }),
  createdAt: time,
  sender: fc.record({ region, personal: people }),
  receiver: fc.record({ region, personal: people }),
})

/** What is varied of a fixture. */
export type Variation = typeof variation extends Arbitrary<infer V> ? V : never

/** Variations, the same for the same seed. */
export const variations = (seed: number, count: number): Variation[] =>
  fc.sample(variation, { seed, numRuns: count })

/** The members that are there: what is absent is left out, not undefined. */
function present<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T // an object without its undefined members is what the type says
}

/** One order: the fixture, varied. Ciphers and tokens stay whole, with the numbers they are bound to. */
export function draftOf(base: Draft, given: Variation): Draft {
  const { numbers, sides, keepsServices, from, sender, receiver, ...rest } = given
  const isBound = base.receiver.protection !== undefined || base.sender.protection !== undefined
  const own = [...numbers].slice(0, Math.min(base.platformOrders.length, numbers.length))
  const primary = own[0] ?? base.primaryOrder
  const [length, width, height] = sides ?? []
  const { pickup } = base
  return present<Draft>({
    ...base,
    ...rest,
    goods: rest.goods.map(one => present<Draft['goods'][number]>(one)),
    ...(isBound ? numbersOf(base) : { primaryOrder: primary, platformOrders: own.sort() }),
    services: keepsServices ? base.services : [],
    sizeMm: length === undefined ? undefined : present<SizeMm>({ length, width, height }),
    pickup: from !== undefined && pickup?.from !== undefined ? { ...pickup, from } : undefined,
    sender: partyOf(base.sender, sender),
    receiver: partyOf(base.receiver, receiver),
  })
}

/** The same without what a courier may not take: measures, money, services. */
export function plainOf(draft: Draft): Draft {
  const { sizeMm: _s, volumeCm3: _v, declaredFen: _d, collectFen: _c, ...rest } = draft
  return { ...rest, services: [] }
}

type SizeMm = NonNullable<Draft['sizeMm']>

const numbersOf = ({ primaryOrder, platformOrders, parcel }: Draft) => ({
  ...{ primaryOrder, platformOrders, parcel },
})

function partyOf(base: DraftParty, { region, personal }: Variation['sender']): DraftParty {
  if (base.personal === undefined) return { ...base, region }
  const { remark, ...rest } = personal
  const keeps = remark !== undefined && base.personal.remark !== undefined
  const { virtualNumber, ...party } = base
  const phone = virtualNumber === undefined ? {} : virtualOf(base.personal)
  return {
    ...party,
    region,
    personal: { ...rest, ...(keeps ? { remark } : {}), ...phone },
    ...(virtualNumber === undefined ? {} : { virtualNumber }),
  }
}

/** A virtual number is written in the phone: the two stay together. */
const virtualOf = ({ phone }: Personal) => (phone === undefined ? {} : { phone })
