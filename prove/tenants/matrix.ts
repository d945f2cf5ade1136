import { couriers } from '../../lib/couriers/index.ts'
import { platforms } from '../../lib/platforms/index.ts'
import { makers, platformNamed, releaseCall } from './calls.ts'
import { keptOf, listsOwn } from './judge.ts'
import { type Answer, sendTo, withoutNames } from './send.ts'
import { type Effect, exceptions, type Line, release, strangeShopPost, table } from './table.ts'
import { freshOrder, makeThing, pairs, strangeNames, type Thing } from './things.ts'
import { type Generation, generations, type Keys, newKeys, type Side, type Stage } from './world.ts'

/** Whose a thing is, seen from the address that is called. */
export type Owner = 'own' | 'another’s' | 'none'

const owners: readonly Owner[] = ['own', 'another’s', 'none']

/** Who calls: a partner with one of its credentials, or nobody. */
interface Caller {
  readonly side: Side
  readonly name: string
  readonly generation: Generation | 'nobody'
}

/** One cell of the matrix. */
export interface Cell {
  readonly about: string
  /** Whether the caller is known at the address: then it is the owner alone that decides. */
  readonly isLetIn: boolean
  /** What is wrong with it, or nothing. */
  try(): Promise<string | undefined>
}

/** Things that cells share: those of a refused call stay as they are. */
interface Shared {
  thing(at: string, line: Pick<Line, 'call' | 'side' | 'phase'>, owner: Owner): Promise<Thing>
  /** What nobody is told at an address: the answer that all refused callers get. */
  refusal(line: Line, at: string, way: 'own' | 'http'): Promise<string>
}

/** Every cell: principal × call × address × owner. */
export function cellsOf(stage: Stage): Cell[] {
  const shared = sharedOf(stage)
  const lines = table.flatMap(line =>
    partnersOf(line.side).flatMap(at =>
      callers().flatMap(caller =>
        waysOf(line, at, caller).flatMap(way =>
          owners.map(owner => partnerCell(stage, shared, { line, at, caller, way, owner })),
        ),
      ),
    ),
  )
  return [...lines, ...releaseCells(stage, shared), ...shopCells(stage)]
}

const partnersOf = (side: Side): string[] =>
  (side === 'platforms' ? platforms : couriers).map(({ name }) => name)

function callers(): Caller[] {
  const all = (['platforms', 'couriers'] as const).flatMap(side =>
    partnersOf(side).flatMap(name => generations.map(generation => ({ side, name, generation }))),
  )
  return [...all, { side: 'couriers', name: 'nobody', generation: 'nobody' }]
}

/** Platforms sign natively and as HTTP messages; couriers have no native signature of a platform. */
function waysOf({ side, call }: Line, at: string, caller: Caller): ('own' | 'http')[] {
  if (side === 'couriers')
    return call.startsWith('push') && caller.side === 'platforms' ? [] : ['own']
  const both = platformNamed(at).calls === 'native'
  if (caller.side === 'couriers') return ['http']
  return both ? ['own', 'http'] : ['own']
}

interface Asked {
  readonly line: Line
  readonly at: string
  readonly caller: Caller
  readonly way: 'own' | 'http'
  readonly owner: Owner
}

function partnerCell(stage: Stage, shared: Shared, asked: Asked): Cell {
  const { line, at, caller, way, owner } = asked
  const who = `${caller.side} ${caller.name} ${caller.generation}`
  const about = `${line.call} at ${line.side} ${at}, ${owner}, by ${who}, ${way}`
  return { about, isLetIn: isLetIn(asked), try: () => judgePartner(stage, shared, asked) }
}

/** The partner itself with a credential that counts: the rule that stands above the table. */
function isLetIn({ line, at, caller }: Pick<Asked, 'line' | 'at' | 'caller'>): boolean {
  const { side, name, generation } = caller
  return side === line.side && name === at && (generation === 'current' || generation === 'next')
}

async function judgePartner(
  stage: Stage,
  shared: Shared,
  asked: Asked,
): Promise<string | undefined> {
  const { line, at, caller, way, owner } = asked
  const keys = keysOf(stage, caller)
  const send = async (thing: Thing) => {
    const request = await makerOf(line)(stage, at, keys, thing, way)
    const answer = await sendTo(stage.app, request)
    return { answer, plain: withoutNames(answer, request, namesOf(thing)) }
  }
  if (!isLetIn(asked)) {
    const thing = await shared.thing(at, line, owner)
    const kept = await keptOf(stage, thing)
    const { answer, plain } = await send(thing)
    if (answer.status !== 401) return `let in: ${answer.status}`
    if (plain !== (await shared.refusal(line, at, way))) return 'refused in words of its own'
    return kept === (await keptOf(stage, thing)) ? undefined : 'refused, and changed'
  }
  if (owner === 'own') {
    const thing = await makeThing(stage, pairAt(line.side, at), line.phase)
    const effect = exceptions[`${line.call} at ${at}`] ?? line.own
    const isOwn = (of: { platform: string; courier: string }) =>
      (line.side === 'platforms' ? of.platform : of.courier) === at
    return judgeOwn(stage, thing, effect, send, isOwn)
  }
  const thing = await shared.thing(at, line, owner)
  return judgeStrange(stage, thing, line.strange, send)
}

type Send = (thing: Thing) => Promise<{ answer: Answer; plain: string }>

async function judgeOwn(
  stage: Stage,
  thing: Thing,
  effect: Effect,
  send: Send,
  isOwn: (of: { platform: string; courier: string; shop: string | undefined }) => boolean,
): Promise<string | undefined> {
  const kept = await keptOf(stage, thing)
  const { answer, plain } = await send(thing)
  if (answer.status !== 200) return `its own is refused: ${answer.status} ${answer.text}`
  const isMoved = kept !== (await keptOf(stage, thing))
  if (isMoved !== (effect === 'moves'))
    return isMoved ? 'its own moves' : `its own stays: ${answer.text}`
  if (effect === 'shows' && plain === (await send(strangeNames(thing))).plain)
    return 'nothing is shown'
  if (effect === 'lists' && !(await listsOwn(stage, answer.text, isOwn)))
    return 'another’s is listed'
  return undefined
}

async function judgeStrange(
  stage: Stage,
  thing: Thing,
  { status, says }: Line['strange'],
  send: Send,
): Promise<string | undefined> {
  const kept = await keptOf(stage, thing)
  const { answer, plain } = await send(thing)
  if (kept !== (await keptOf(stage, thing))) return 'another’s moves'
  if (answer.status !== status || !says.test(answer.text)) return `${answer.status} ${answer.text}`
  const none = await send(strangeNames(thing))
  return plain === none.plain ? undefined : `told apart: ${plain} | ${none.plain}`
}

function makerOf({ call }: Line) {
  if (call === 'release') throw new Error('a release is made apart')
  return makers[call]
}

function keysOf(stage: Stage, { side, name, generation }: Caller): Keys {
  return generation === 'nobody' ? newKeys('nobody') : stage.keys(side, name, generation)
}

const namesOf = ({ order, platformOrder, waybill, entry, event, shop }: Thing): string[] => [
  ...[order, platformOrder, waybill, entry, event],
  ...(shop?.startsWith('shop-') ? [shop] : []),
]

/** A pair on whose one side a partner is, and one on which it is not. */
function pairAt(side: Side, at: string, isWanted = true) {
  const found = pairs.find(({ platform, courier }) => {
    const own = side === 'platforms' ? platform : courier
    return (own.name === at) === isWanted
  })
  if (found === undefined) throw new Error(`nobody is served by ${at}`)
  return found
}

function sharedOf(stage: Stage): Shared {
  const things = new Map<string, Promise<Thing>>()
  const refusals = new Map<string, Promise<string>>()
  const kept = <T>(
    map: Map<string, Promise<T>>,
    key: string,
    make: () => Promise<T>,
  ): Promise<T> => {
    const known = map.get(key) ?? make()
    map.set(key, known)
    return known
  }
  const shared: Shared = {
    thing: (at, { call, side, phase }, owner) => {
      // Whoever posts a number has an order of that number: its things are for that call alone.
      const use = call === 'post its number' ? call : phase
      return kept(things, `${at} ${side} ${use} ${owner}`, async () => {
        const thing = await makeThing(stage, pairAt(side, at, owner === 'own'), phase)
        const seen = side === 'platforms' && owner !== 'own' ? asPostedBy(at, thing) : thing
        return owner === 'none' ? strangeNames(seen) : seen
      })
    },
    refusal: (line, at, way) =>
      kept(refusals, `${line.call} ${at} ${way}`, async () => {
        const thing = await shared.thing(at, line, 'own')
        const request = await makerOf(line)(stage, at, newKeys('nobody'), thing, way)
        return withoutNames(await sendTo(stage.app, request), request, namesOf(thing))
      }),
  }
  return shared
}

/** Another's number in a document of the platform that posts it. */
function asPostedBy(at: string, thing: Thing): Thing {
  const { platform, courier } = pairAt('platforms', at)
  const fresh = freshOrder(platform, courier)
  const document = fresh.document.replaceAll(fresh.platformOrder, thing.platformOrder)
  return { ...thing, document }
}

/** Stations of two hops of every courier, at every courier's address, on both hops' paths. */
function releaseCells(stage: Stage, shared: Shared): Cell[] {
  const hops = ['station-1', 'station-2']
  const stations = couriers.flatMap(({ name }) => hops.map(hop => ({ courier: name, hop })))
  return couriers.flatMap(({ name: at }) =>
    hops.flatMap(hop =>
      [...stations, undefined].flatMap(from =>
        owners.map(owner => ({
          isLetIn: from?.courier === at && from.hop === hop,
          about: `release at ${at} ${hop}, ${owner}, by ${from?.courier ?? 'nobody'} ${from?.hop ?? ''}`,
          try: () => judgeRelease(stage, shared, { at, hop, from, owner }),
        })),
      ),
    ),
  )
}

async function judgeRelease(
  stage: Stage,
  shared: Shared,
  of: { at: string; hop: string; from: { courier: string; hop: string } | undefined; owner: Owner },
): Promise<string | undefined> {
  const { at, hop, from, owner } = of
  const thing = await shared.thing(at, release, owner)
  const send: Send = async asked => {
    const request = releaseCall(stage, at, from, hop, asked)
    const answer = await sendTo(stage.app, request)
    return { answer, plain: withoutNames(answer, request, namesOf(asked)) }
  }
  if (from?.courier !== at || from.hop !== hop) {
    const nobody = releaseCall(stage, at, undefined, hop, thing)
    const { answer, plain } = await send(thing)
    if (answer.status !== 401) return `let in: ${answer.status}`
    const told = withoutNames(await sendTo(stage.app, nobody), nobody, namesOf(thing))
    return plain === told ? undefined : 'refused in words of its own'
  }
  const isHolder = owner === 'own' && hop === 'station-1'
  if (isHolder) return judgeOwn(stage, thing, release.own, send, () => true)
  return judgeStrange(stage, thing, release.strange, send)
}

/** Two shops of one platform, each with a credential of its own. */
function shopCells(stage: Stage): Cell[] {
  const names = ['shop-1', 'shop-2'] as const
  const lines = table.filter(({ side }) => side === 'platforms')
  return names.flatMap(name =>
    lines.flatMap(line =>
      (['own', 'another’s', 'the platform’s'] as const).map(owner => ({
        about: `${line.call}, ${owner}, by ${name}`,
        isLetIn: true,
        try: () => judgeShop(stage, line, name, owner),
      })),
    ),
  )
}

async function judgeShop(
  stage: Stage,
  line: Line,
  name: 'shop-1' | 'shop-2',
  owner: 'own' | 'another’s' | 'the platform’s',
): Promise<string | undefined> {
  const pair = pairAt('platforms', 'standard')
  const other = name === 'shop-1' ? 'shop-2' : 'shop-1'
  const of = owner === 'own' ? name : other
  const shop = owner === 'the platform’s' ? undefined : { name: of, keys: stage.shopKeys[of] }
  const thing = await makeThing(stage, pair, line.phase, shop)
  const send: Send = async asked => {
    const request = await makerOf(line)(stage, 'standard', stage.shopKeys[name], asked, 'own')
    const answer = await sendTo(stage.shops, request)
    return { answer, plain: withoutNames(answer, request, namesOf(asked)) }
  }
  const isOwn = (held: { shop: string | undefined }) => held.shop === name
  if (owner === 'own') return judgeOwn(stage, thing, line.own, send, isOwn)
  if (line.own === 'lists') {
    const { answer } = await send(thing)
    return (await listsOwn(stage, answer.text, isOwn)) ? undefined : 'another shop’s is listed'
  }
  const strange = {
    ...line.strange,
    ...(line.call === 'post its number' ? { says: strangeShopPost } : {}),
  }
  // Without a shop in it, the state that is asked for is that of the caller's own shop.
  return judgeStrange(stage, thing, strange, send)
}
