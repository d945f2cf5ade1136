import type { RawRequest } from '../../lib/access/request.ts'
import type { Courier, CourierSettings } from '../../lib/couriers/courier.ts'
import { couriers } from '../../lib/couriers/index.ts'
import { prepareOrder } from '../../lib/flow/prepare.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Order } from '../../lib/model/validate.ts'
import type {
  ChangeOutcome,
  NativeAnswer,
  OrderOutcome,
  OutgoingRequest,
  Platform,
  PlatformCredential,
  PostedChange,
  PostedOrder,
} from '../../lib/platforms/platform.ts'
import { differences, leavesOf, objectsOf, put } from './document.ts'
import { UNKNOWN } from './laws.ts'
import { arrived, configOf, errorCodes, refusalCodes, statusNames } from './lists.ts'
import { marked, marksIn, toldOf, unfit } from './marks.ts'

/** A law that every platform keeps: what it finds is a fault in words. */
export type PlatformLaw = (platform: Platform) => string[]

const NOW = new Date('2026-01-01T00:00:00Z')
const SECRET = 'c2VjcmV0LW9mLXRoZS1zdWl0ZS0zMi1ieXRlcy1sb25n'

const credentialOf = ({ sandbox }: Platform): PlatformCredential => ({
  ...{ appKey: sandbox.appKey, secrets: [SECRET], md5: false, couriers: {}, ignoreServices: [] },
  native: {},
})
const signerOf = ({ sandbox }: Platform, secret = SECRET) => ({ appKey: sandbox.appKey, secret })

/** Every fault of a step is told with what it was about. */
function collect(steps: (fault: (text: string) => void) => void): string[] {
  const faults: string[] = []
  steps(text => faults.push(text))
  return faults
}

function tryTo<T>(what: string, fault: (text: string) => void, step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    fault(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

const signed = (platform: Platform, document: unknown) =>
  platform.sandbox.sign(JSON.stringify(document), signerOf(platform), NOW)

const requestFor = ({ sandbox }: Platform, courier: Courier): unknown =>
  sandbox.requestFor(courier.name, courier.sandbox)

/** The couriers that a platform can name: those that its code list has. Nobody else's order can come from it. */
export const servedBy = (platform: Platform): readonly Courier[] =>
  couriers.filter(courier => codeOf(() => requestFor(platform, courier)) !== 'COURIER_UNMAPPED')

/** The courier's settings as they are when a waybill is offered. */
export const settingsOf = ({ sandbox }: Courier): CourierSettings => ({
  ...sandbox.settings,
  secret: SECRET,
})

/** What the sandbox of a platform posts to one courier, as it is read. */
export function postedBy(platform: Platform, courier: Courier): readonly PostedOrder[] {
  const request = arrived(signed(platform, requestFor(platform, courier)))
  return platform.readOrders(request, credentialOf(platform))
}

/** The orders of a platform's sandbox for a courier, ready to be sealed. */
export function ordersOf(platform: Platform, courier: Courier) {
  return postedBy(platform, courier).map(posted => {
    if ('error' in posted) throw posted.error
    const config = configOf(settingsOf(courier))
    const prepared = prepareOrder(posted.draft, {
      ...{ platform: platform.name, terms: {}, courier: config },
    })
    return { ...prepared, native: posted.native, draft: posted.draft }
  })
}

/** What its client posts is read, for every courier, and the courier's waybill can be written. */
export const requestsRead: PlatformLaw = platform =>
  collect(fault => {
    if (servedBy(platform).length === 0) fault('it can name no courier')
    for (const courier of servedBy(platform)) {
      const orders = tryTo(courier.name, fault, () => ordersOf(platform, courier)) ?? []
      if (orders.length === 0) fault(`${courier.name}: no order`)
      for (const { order, draft } of orders) {
        if (draft.courier !== courier.name) fault(`${courier.name}: read as another courier`)
        for (const secret of [SECRET, ''])
          tryTo(courier.name, fault, () =>
            courier.writeWaybill(order, { ...settingsOf(courier), secret }),
          )
      }
    }
  })

/** The platform's own signature finds the credential; a wrong secret, another key or a changed body does not. */
export const signaturesHold: PlatformLaw = platform =>
  collect(fault => {
    if (platform.calls !== 'native') return
    for (const [name, call] of Object.entries(callsOf(platform))) {
      const ours = credentialOf(platform)
      const other = { ...ours, secrets: [`${SECRET.slice(0, -1)}0`] }
      const stranger = { ...ours, appKey: `${ours.appKey}0` }
      const found = tryTo(name, fault, () => platform.authenticate(call, [stranger, ours], NOW))
      if (found !== undefined && found !== ours) fault(`${name}: another credential is found`)
      const late = new Date(NOW.getTime() + 86_400_000)
      const altered = { ...call, body: Buffer.concat([call.body, Buffer.from('0')]) }
      for (const [what, refused] of Object.entries({
        'a wrong secret': () => platform.authenticate(call, [other], NOW),
        'another application': () => platform.authenticate(call, [stranger], NOW),
        'no credential': () => platform.authenticate(call, [], NOW),
        'a changed body': () => platform.authenticate(altered, [ours], NOW),
        'a call of yesterday': () => platform.authenticate(call, [ours], late),
      })) {
        if (codeOf(refused) !== 'UNAUTHENTICATED') fault(`${name}: ${what} is not refused`)
      }
    }
  })

const codeOf = (step: () => unknown): string => {
  try {
    step()
    return 'done'
  } catch (error) {
    return error instanceof GatewayError ? error.code : `no GatewayError: ${String(error)}`
  }
}

const PARCEL = { platformOrder: '6900000000000000001', parcel: '-' }

function callsOf(platform: Platform) {
  const { sandbox } = platform
  const [courier] = servedBy(platform)
  const document = courier === undefined ? sandbox.request : requestFor(platform, courier)
  const calls: Record<string, OutgoingRequest> = {
    orders: signed(platform, document),
    cancel: sandbox.cancel(numberedParcel(platform), signerOf(platform), NOW),
    change: sandbox.changeReceiver(numberedParcel(platform), signerOf(platform), NOW),
  }
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, arrived(call)]))
}

const numberedParcel = (platform: Platform) => ({
  ...PARCEL,
  courier: servedBy(platform)[0]?.name ?? '',
  waybill: 'SF7444463102821',
})

/** A cancellation and a change of the receiver are read as what they are. */
export const changesRead: PlatformLaw = platform =>
  collect(fault => {
    const calls = callsOf(platform)
    for (const [name, kind] of [
      ['cancel', 'cancel'],
      ['change', 'change'],
    ] as const) {
      const call = calls[name]
      if (call === undefined) continue
      const read = tryTo(name, fault, () => platform.readChanges(call, credentialOf(platform)))
      const [posted] = read ?? []
      if (posted === undefined) fault(`${name}: nothing is read`)
      else if ('error' in posted) fault(`${name}: ${posted.error.message}`)
      else if (posted.wish.kind !== kind) fault(`${name}: read as ${posted.wish.kind}`)
      else if (posted.parcel.waybill === undefined && posted.parcel.platformOrder === undefined)
        fault(`${name}: no parcel is named`)
    }
  })

const acceptance = (order: Order) => ({
  ...{ outcome: 'accepted' as const, order: order.order, courier: order.courier },
  waybills: ['SF7444463102821'],
})

/** Every error and every outcome has a native form: none breaks it, none says a value. */
export const errorsHaveForms: PlatformLaw = platform =>
  collect(fault => {
    const hidden = new Error('标记七十七室')
    const errors = errorCodes.map(code => new GatewayError(code, '/receiver', { cause: hidden }))
    const say = (what: string, answer: () => NativeAnswer) => {
      const given = tryTo(what, fault, answer)
      if (given === undefined) return
      if (given.status < 200 || given.status > 599) fault(`${what}: status ${given.status}`)
      if (marksIn(JSON.stringify(given)).length > 0) fault(`${what}: says a value`)
    }
    const calls = callsOf(platform)
    for (const [name, call] of Object.entries(calls))
      for (const error of errors) say(`${name} ${error.code}`, () => platform.fail(error, call))
    for (const courier of servedBy(platform)) orderForms(platform, courier, errors, say)
    changeForms(platform, errors, say)
  })

type Say = (what: string, answer: () => NativeAnswer) => void

function orderForms(
  platform: Platform,
  courier: Courier,
  errors: readonly GatewayError[],
  say: Say,
): void {
  const request = arrived(signed(platform, requestFor(platform, courier)))
  const orders = ordersOf(platform, courier)
  const all = (order: Order): OrderOutcome[] => [
    { kind: 'accepted', order, acceptance: acceptance(order), changed: false },
    { kind: 'accepted', order, acceptance: acceptance(order), changed: true },
    ...refusalCodes.map(code => ({ kind: 'refused', reason: { code } }) as const),
    { kind: 'pending' },
    { kind: 'cancelled' },
    ...errors.map(error => ({ kind: 'failed', error }) as const),
  ]
  const [first] = orders
  if (first === undefined) return
  all(first.order).forEach((outcome, n) => {
    const results = orders.map(({ native }) => ({ native, outcome }))
    say(`${courier.name}: outcome ${n}`, () => platform.answerOrders(results, request))
  })
}

function changeForms(platform: Platform, errors: readonly GatewayError[], say: Say): void {
  const outcomes: ChangeOutcome[] = [
    ...(['cancelled', 'done', 'asked', 'denied', 'unknown'] as const).map(kind => ({ kind })),
    ...[true, false].map(collected => ({ kind: 'too-late', collected }) as const),
    ...(['refused', 'expired', 'cancelled'] as const).map(
      state => ({ kind: 'closed', state }) as const,
    ),
    ...errors.map(error => ({ kind: 'failed', error }) as const),
  ]
  const calls = callsOf(platform)
  for (const name of ['cancel', 'change'] as const) {
    const call = calls[name]
    if (call === undefined) continue
    const posted: readonly PostedChange[] = platform.readChanges(call, credentialOf(platform))
    for (const outcome of outcomes) {
      const results = posted.map(({ native }) => ({ native, outcome }))
      say(`${name} ${outcome.kind}`, () => platform.answerChanges(results, call))
    }
  }
}

/** Every verdict, every status and every outcome of a cancellation has an event document, without a value. */
export const eventsHaveForms: PlatformLaw = platform =>
  collect(fault => {
    const entry = { id: '0000000000000001', at: '2026-01-01T08:00:00+08:00' }
    const write = (what: string, make: () => unknown) => {
      const document = tryTo(what, fault, make)
      if (document === undefined) fault(`${what}: nothing is written`)
      else if (typeof document !== 'object') fault(`${what}: no document`)
    }
    for (const courier of servedBy(platform)) {
      for (const { order } of ordersOf(platform, courier)) {
        write('accepted', () =>
          platform.writeVerdict(order, { kind: 'accepted', acceptance: acceptance(order) }, entry),
        )
        for (const code of refusalCodes)
          write(`refused ${code}`, () =>
            platform.writeVerdict(order, { kind: 'refused', reason: { code, raw: '1' } }, entry),
          )
        for (const status of statusNames)
          write(`tracking ${status}`, () =>
            platform.writeTracking(order, eventOf(order, status), entry),
          )
        for (const granted of [true, false])
          write(`cancel ${granted}`, () =>
            platform.writeCancelResult(order, { waybills: ['SF7444463102821'], granted }, entry),
          )
      }
    }
  })

const eventOf = (order: Order, status: (typeof statusNames)[number]) => ({
  ...{ event: 'e_fck7qd6bckys2eiuxjf7u36sdw', order: order.order, courier: order.courier },
  ...{ waybill: 'SF7444463102821', status, at: '2026-01-01T08:00:00+08:00' },
  raw: { system: 'test', code: '1' },
})

/** Pointers of a native request at which the clear personal data stands that was read from it. */
function personalPlaces(platform: Platform, courier: Courier): string[] {
  const values = ordersOf(platform, courier).flatMap(({ personal }) =>
    Object.values(personal).flatMap(party => [...leavesOf(party).values()].map(String)),
  )
  const isPart = (value: unknown) =>
    typeof value === 'string' &&
    values.some(one => one === value || (value.length > 3 && one.includes(value)))
  return [...leavesOf(requestFor(platform, courier))]
    .filter(([, value]) => isPart(value))
    .map(([at]) => at)
}

/** Marked fakes in the place of personal data reach the seal's content and nothing else. */
export const marksStaySealed: PlatformLaw = platform =>
  collect(fault => {
    for (const courier of servedBy(platform)) {
      const places = personalPlaces(platform, courier)
      if (places.length < 4) fault(`${courier.name}: the sandbox has no clear personal data`)
      const document = marked(requestFor(platform, courier), places)
      const request = arrived(signed(platform, document))
      const posted = platform.readOrders(request, credentialOf(platform))
      for (const one of posted) {
        if ('error' in one) {
          fault(`${courier.name}: a marked order is refused: ${one.error.message}`)
          continue
        }
        const config = configOf(settingsOf(courier))
        const at = { platform: platform.name, terms: {}, courier: config }
        const { order, personal } = prepareOrder(one.draft, at)
        const waybill = courier.writeWaybill(order, settingsOf(courier))
        if (marksIn(JSON.stringify(personal)).length === 0)
          fault(`${courier.name}: no mark is sealed`)
        for (const [what, open] of Object.entries({ order, waybill, native: one.native }))
          if (marksIn(JSON.stringify(open) ?? '').length > 0) fault(`${what} holds a mark`)
      }
    }
  })

/** What stands in the place of personal data and is refused is told by no error and no answer. */
export const marksStayUntold: PlatformLaw = platform =>
  collect(fault => {
    const [courier] = servedBy(platform)
    if (courier === undefined) return
    const document = requestFor(platform, courier)
    let refused = 0
    for (const at of personalPlaces(platform, courier)) {
      for (const value of unfit) {
        const request = arrived(signed(platform, put(document, at, value)))
        for (const told of tellsOf(platform, request)) {
          refused += 1
          if (marksIn(told).length > 0) fault(`${at}: an error or its answer says the value`)
        }
      }
    }
    if (refused === 0) fault('nothing unfit is refused')
  })

/** All errors that a request meets, with the answers to them. */
function tellsOf(platform: Platform, request: ReturnType<typeof arrived>): string[] {
  try {
    const posted = platform.readOrders(request, credentialOf(platform))
    const failed = posted.flatMap(one => ('error' in one ? [one] : []))
    return failed.map(({ native, error }) => {
      const outcome = { kind: 'failed', error } as const
      const answer = platform.answerOrders([{ native, outcome }], request)
      return toldOf(error) + JSON.stringify(answer)
    })
  } catch (error) {
    if (!(error instanceof GatewayError)) return [`${toldOf(error)} 标记七十七室`]
    return [toldOf(error) + JSON.stringify(platform.fail(error, request))]
  }
}

/**
 * What becomes of members of a request that nobody named: `ignored` where the form is open, `refused`
 * where it is closed, and nothing else.
 */
export function unknownMembers(platform: Platform): 'ignored' | 'refused' | 'carried' {
  const found = new Set<'ignored' | 'refused' | 'carried'>()
  for (const courier of servedBy(platform)) {
    const document = requestFor(platform, courier)
    const before = platform.readOrders(arrived(signed(platform, document)), credentialOf(platform))
    for (const at of objectsOf(document)) {
      const more = put(document, `${at}/${UNKNOWN.name}`, UNKNOWN.value)
      found.add(fateOf(platform, before, arrived(signed(platform, more))))
    }
  }
  if (found.has('carried') || found.size === 0) return 'carried'
  return found.has('refused') ? 'refused' : 'ignored'
}

function fateOf(platform: Platform, before: readonly PostedOrder[], more: RawRequest) {
  try {
    const after = platform.readOrders(more, credentialOf(platform))
    if (after.some(one => 'error' in one)) return 'refused'
    return differences(before, after).length > 0 ? 'carried' : 'ignored'
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return 'refused'
  }
}

/** A member that nobody named neither passes through nor, where the form is open, breaks the reading. */
export const unknownStops: PlatformLaw = platform =>
  unknownMembers(platform) === 'carried' ? ['an unknown member passes through'] : []

/** Nothing is written to a log, whatever comes. */
export const nothingLogged: PlatformLaw = platform => {
  const names = ['log', 'error', 'warn', 'info', 'debug', 'trace'] as const
  const kept = names.map(name => [name, console[name]] as const)
  const logged: string[] = []
  for (const name of names) console[name] = () => void logged.push(name)
  try {
    requestsRead(platform)
    marksStayUntold(platform)
    errorsHaveForms(platform)
  } finally {
    for (const [name, original] of kept) console[name] = original
  }
  return logged.length > 0 ? [`${logged.length} lines are logged`] : []
}

/** All laws of a platform, by what they say. */
export const platformLaws: Readonly<Record<string, PlatformLaw>> = {
  'what its client posts is read, for every courier': requestsRead,
  'its signature is needed, and is enough': signaturesHold,
  'its cancellations and changes are read': changesRead,
  'every error and outcome has a native form': errorsHaveForms,
  'every verdict and status has an event': eventsHaveForms,
  'marked fakes reach the seal alone': marksStaySealed,
  'no error tells what was refused': marksStayUntold,
  'an unknown member of a request stops here': unknownStops,
  'nothing is logged': nothingLogged,
}
