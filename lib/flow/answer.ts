import { problemName, statusOf } from '../access/problem.ts'
import type { Courier } from '../couriers/courier.ts'
import { couriers } from '../couriers/index.ts'
import { GatewayError } from '../model/errors.ts'
import { checkAcceptance } from '../model/validate.ts'
import { type Decision, type Head, parseEntryId, type Result } from '../store/index.ts'
import { next, type Outcome } from './next.ts'
import { byName, type ExchangePorts } from './ports.ts'

const MOST_ANSWERS = 100

/** What became of one answer. `status` is an HTTP status: 200, 400, 404, 409 or 422. */
export type AnswerResult =
  | { readonly id: string; readonly status: 200; readonly order: string; readonly outcome: string }
  | {
      readonly id: string
      readonly status: number
      /** `entry-gone`, `order-changed`, `wire-invalid` … */
      readonly code: string
      readonly at: string
      readonly retry: 'never' | 'later'
      /** Of an entry that is gone: where its order stands. A number drawn for it is void. */
      readonly state?: string
    }

/**
 * Takes a courier's answers to its entries: each in one transaction with all that follows from it.
 * What is wrong with one leaves the others alone.
 *
 * @throws {GatewayError} `WIRE_INVALID` where the body is not `{"answers":[{"id","document"},…]}`
 */
export async function answerEntries(
  ports: ExchangePorts,
  name: string,
  body: unknown,
): Promise<{ results: AnswerResult[] }> {
  const courier = byName(couriers, name)
  const answers = readAnswers(body)
  const known = answers.map(answer => ({ ...answer, order: parseEntryId(answer.id)?.order }))
  const now = ports.now()
  const proposals = known.flatMap(({ id, document, order }) =>
    order === undefined
      ? []
      : [{ order, decide: (head: Head | undefined) => decide(courier, head, id, document, now) }],
  )
  const settled = await ports.store.changeOrders<Answered>(proposals)
  let at = 0
  const results = known.map(({ id, order }) =>
    resultOf(id, order === undefined ? undefined : settled[at++]),
  )
  ports.count('answers', results.length)
  return { results }
}

function readAnswers(body: unknown): { id: string; document: unknown }[] {
  const answers =
    typeof body === 'object' && body !== null && 'answers' in body ? body.answers : undefined
  if (!Array.isArray(answers) || answers.length > MOST_ANSWERS) {
    throw new GatewayError('WIRE_INVALID', '/answers')
  }
  return answers.map((answer: unknown, i) => {
    if (typeof answer !== 'object' || answer === null || !('id' in answer)) {
      throw new GatewayError('WIRE_INVALID', `/answers/${i}`)
    }
    if (typeof answer.id !== 'string') throw new GatewayError('WIRE_INVALID', `/answers/${i}/id`)
    return { id: answer.id, document: 'document' in answer ? answer.document : undefined }
  })
}

/** What became of an answer; one that cannot be read leaves others to the same order alone. */
type Answered = Outcome | { readonly kind: 'unread'; readonly error: GatewayError }

function decide(
  courier: Courier,
  head: Head | undefined,
  entry: string,
  document: unknown,
  now: Date,
): Decision<Answered> {
  if (head === undefined || head.courier !== courier.name) return { outcome: { kind: 'unknown' } }
  try {
    return next(head, readAnswer(courier, head, entry, document, now), now.getTime())
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { outcome: { kind: 'unread', error } }
  }
}

/** An answer means what the order waits for: its acceptance, or the outcome of a cancellation. */
function readAnswer(courier: Courier, head: Head, entry: string, document: unknown, now: Date) {
  return (
    readCancel(courier, head, entry, document, now) ??
    readVerdict(courier, head.order, entry, document)
  )
}

function readVerdict(courier: Courier, order: string, entry: string, native: unknown) {
  const acceptance = checkAcceptance(courier.readAnswer(native, { order }))
  const shared = { kind: 'answer', courier: courier.name, entry } as const
  if (acceptance.outcome === 'pending') {
    return { ...shared, verdict: { outcome: 'pending' } } as const
  }
  const document = JSON.stringify(acceptance)
  if (acceptance.outcome === 'refused') {
    return { ...shared, verdict: { outcome: 'refused', document } } as const
  }
  const [first, ...rest] = acceptance.waybills
  if (first === undefined) throw new GatewayError('WIRE_INVALID', '/document')
  const signBack = acceptance.signBackWaybill
  return {
    ...shared,
    verdict: {
      outcome: 'accepted',
      waybills: [first, ...rest],
      ...(signBack === undefined ? {} : { signBack }),
      document,
    },
  } as const
}

/**
 * The outcome of a cancellation, where one was asked for. To any entry but the one that asked, only a
 * document that tells an outcome is one: a repeated acceptance tells none.
 */
function readCancel(courier: Courier, head: Head, entry: string, native: unknown, now: Date) {
  const { state, order } = head
  const asks = state === 'cancelling' && head.owed === entry
  if (!asks && state !== 'cancelling' && state !== 'cancelled' && !head.denied) return undefined
  try {
    const said = courier.readCancelResult(native, { order })
    if (!asks && said.result === 'pending') return undefined
    const change = { change: 'cancel', order, at: now.toISOString(), ...said }
    const document = JSON.stringify(change)
    const kind = 'cancel-answer'
    return { kind, courier: courier.name, entry, result: said.result, document } as const
  } catch (error) {
    if (asks || !(error instanceof GatewayError) || error.code !== 'WIRE_INVALID') throw error
    return undefined
  }
}

function resultOf(id: string, result: Result<Answered> | undefined): AnswerResult {
  if (result === undefined) return failed(id, new GatewayError('NOT_FOUND'))
  if ('error' in result) return failed(id, result.error)
  const { outcome, order } = result
  switch (outcome.kind) {
    case 'unread':
      return failed(id, outcome.error)
    case 'unknown':
      return failed(id, new GatewayError('NOT_FOUND'))
    case 'gone':
      return { ...failed(id, new GatewayError('ENTRY_GONE')), state: outcome.state }
    case 'conflict':
      return failed(id, new GatewayError('ORDER_CHANGED'))
    default:
      return { id, status: 200, order, outcome: outcome.kind }
  }
}

/** What is no answer, such as "token expired", is not judged as a document: 400, and again later. */
function failed(id: string, { code, at, retry }: GatewayError) {
  const known = statusOf[code]
  const status = known === 422 && retry === 'later' ? 400 : known
  return { id, status, code: problemName(code), at, retry }
}
