import type { Courier, CourierEvent } from '../../lib/couriers/courier.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { checkAcceptance, checkOrder, type Order } from '../../lib/model/validate.ts'
import { platforms } from '../../lib/platforms/index.ts'
import { ordersOf as postedOrders, SECRET, servedBy, settingsOf } from './client.ts'
import { differences } from './document.ts'
import { arrived, errorCodes, statusNames } from './lists.ts'
import { marksIn } from './marks.ts'
import type { Subject } from './subject.ts'

/** A law that every courier keeps, over what is in its folder. */
export type CourierLaw = (courier: Courier, subject: Subject) => string[]

const NOW = new Date('2026-01-02T12:00:00Z')

function tryTo<T>(what: string, faults: string[], step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    faults.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

/** The orders that are fixtures of the courier's waybills, and those of every platform that can name it. */
function ordersOf(courier: Courier, { tables, pairs }: Subject): Order[] {
  const waybills = tables.filter(({ carries, way }) => carries === 'order' && way === 'written')
  const fixtures = waybills.flatMap(({ name }) => pairs(name).map(pair => pair.canonical))
  const posted = platforms
    .filter(platform => servedBy(platform).includes(courier))
    .flatMap(platform => postedOrders(platform, courier).map(({ order }) => order))
  return [...fixtures.map(checkOrder), ...posted]
}

/** Every fixture order as the courier's waybill, and what the sandbox answers to it. */
function waybillsOf(courier: Courier, subject: Subject, faults: string[]) {
  return ordersOf(courier, subject).flatMap(order => {
    const settings = settingsOf(courier)
    try {
      return [{ order, settings, waybill: courier.writeWaybill(order, settings) }]
    } catch (error) {
      // A fixture may need other settings than the sandbox has; the tables' laws hold it to its own.
      if (!(error instanceof GatewayError)) faults.push(`${order.order}: ${String(error)}`)
      return []
    }
  })
}

/** The sandbox's answers are read: accepted with a number for every piece, the same for a repeat, and refused. */
export const answersRead: CourierLaw = (courier, subject) => {
  const faults: string[] = []
  const { sandbox } = courier
  const all = waybillsOf(courier, subject, faults)
  if (all.length === 0) faults.push('no fixture order can be written')
  for (const { order, waybill } of all) {
    const what = order.order
    const read = (document: unknown) =>
      tryTo(what, faults, () => checkAcceptance(courier.readAnswer(document, order)))
    const accepted = read(sandbox.answer(waybill))
    if (accepted?.outcome !== 'accepted') faults.push(`${what}: not accepted`)
    else if (accepted.waybills.length !== order.pieces) faults.push(`${what}: a number is missing`)
    if (differences(sandbox.answer(waybill), sandbox.answer(waybill)).length > 0)
      faults.push(`${what}: a repeat is answered otherwise`)
    if (read(sandbox.refuse(waybill))?.outcome !== 'refused') faults.push(`${what}: not refused`)
    const other = { order: 'o_aaaaaaaaaaaaaaaaaaaaaaaaaa' }
    if (order.order !== other.order && readsFor(courier, sandbox.answer(waybill), other))
      faults.push(`${what}: an answer is taken for another order`)
  }
  return faults
}

function readsFor(courier: Courier, document: unknown, order: Pick<Order, 'order'>): boolean {
  try {
    return courier.readAnswer(document, order).order !== order.order
  } catch (error) {
    return !(error instanceof GatewayError)
  }
}

/** A cancellation is written, and both answers to it are read. */
export const cancellationsRead: CourierLaw = (courier, subject) => {
  const faults: string[] = []
  for (const { order, settings } of waybillsOf(courier, subject, faults)) {
    for (const waybills of [[], ['SF7444463102821']]) {
      const what = `${order.order} with ${waybills.length} numbers`
      const document = tryTo(what, faults, () => courier.writeCancel(order, waybills, settings))
      if (document === undefined) continue
      for (const granted of [true, false]) {
        const answer = courier.sandbox.answerCancel(document, granted)
        const read = tryTo(what, faults, () => courier.readCancelResult(answer, order))
        const expected = granted ? 'granted' : 'denied'
        if (read?.result !== expected)
          faults.push(`${what}: ${expected} is read as ${read?.result}`)
      }
    }
  }
  return faults
}

const PARCEL = { order: 'o_fck7qd6bckys2eiuxjf7u36sdw', waybill: 'SF7444463102821' }

const pushesOf = ({ sandbox }: Courier) =>
  sandbox
    .pushes({ ...PARCEL, start: new Date('2026-01-01T00:00:00Z'), now: NOW, secret: SECRET })
    .map(arrived)

/** The sandbox's pushes are read, step by step up to the delivery, every event once. */
export const pushesRead: CourierLaw = courier => {
  const faults: string[] = []
  const events = pushesOf(courier).flatMap<CourierEvent>(
    push => tryTo(push.path, faults, () => courier.readEvents(push)) ?? [],
  )
  if (events.at(-1)?.status !== 'delivered') faults.push('the last event is no delivery')
  if (!events.some(({ status }) => status === 'out-for-delivery')) faults.push('nothing goes out')
  if (new Set(events.map(({ key }) => key.join('\n'))).size < events.length)
    faults.push('two events have one key')
  for (const { waybill, status, at } of events) {
    if (waybill !== PARCEL.waybill) faults.push('an event names another waybill')
    if (!statusNames.includes(status)) faults.push(`no such status: ${status}`)
    if (Number.isNaN(Date.parse(at))) faults.push('an event has no time')
  }
  const times = events.map(({ at }) => Date.parse(at))
  if (times.some((time, n) => time < (times[n - 1] ?? 0))) faults.push('events go back in time')
  return faults
}

/** Where pushes are signed, the signature is needed, and enough. */
export const pushesAuthentic: CourierLaw = courier => {
  if (courier.pushes !== 'signed') return []
  if (courier.authenticateEvents === undefined) return ['signed pushes, and no authenticateEvents']
  const faults: string[] = []
  for (const push of pushesOf(courier)) {
    tryTo('its own secret', faults, () => courier.authenticateEvents?.(push, ['x', SECRET], NOW))
    const altered = { ...push, body: Buffer.concat([push.body, Buffer.from(' ')]) }
    for (const [what, request, secrets] of [
      ['another secret', push, [`${SECRET}0`]],
      ['no secret', push, []],
      ['a changed body', altered, [SECRET]],
    ] as const) {
      let code = 'nothing'
      try {
        courier.authenticateEvents(request, secrets, NOW)
      } catch (error) {
        code = error instanceof GatewayError ? error.code : String(error)
      }
      if (code !== 'UNAUTHENTICATED') faults.push(`${what} is refused by ${code}`)
    }
  }
  return faults
}

/** The acknowledgement and every error have a native form without a value. */
export const formsWithoutValues: CourierLaw = courier => {
  const faults: string[] = []
  const hidden = new Error('标记七十七室')
  const answers = [
    courier.acknowledge(),
    ...errorCodes.map(code => courier.fail(new GatewayError(code, '/Body', { cause: hidden }))),
  ]
  for (const answer of answers) {
    if (answer.status < 200 || answer.status > 599) faults.push(`status ${answer.status}`)
    if (marksIn(JSON.stringify(answer)).length > 0) faults.push('an answer says a value')
  }
  const same = answers.slice(1).filter(({ body }) => body !== '' && body === answers[0]?.body)
  if (same.length > 0) faults.push('an error looks like the acknowledgement')
  return faults
}

/** All laws of a courier, by what they say. */
export const courierLaws: Readonly<Record<string, CourierLaw>> = {
  'its sandbox’s answers are read': answersRead,
  'its cancellations are read': cancellationsRead,
  'its pushes are read': pushesRead,
  'its signature is needed, and is enough': pushesAuthentic,
  'acknowledgement and errors say no value': formsWithoutValues,
}
