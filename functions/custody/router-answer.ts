import { statusOf } from '../../lib/access/problem.ts'
import type { CustodyPorts } from '../../lib/flow/assign.ts'
import { GatewayError, type GatewayErrorCode } from '../../lib/model/errors.ts'

/** What a router answers. */
export type RouterAnswer = Awaited<ReturnType<CustodyPorts['router']>>

type Capsule = Extract<RouterAnswer, { readonly capsule: unknown }>['capsule']

/**
 * A router's answer to an assignment or a statement, from its bytes. The router is another account's:
 * what it wrote is checked like any other input.
 *
 * @throws {GatewayError} `MALFORMED` for anything of another form.
 */
export function readRouterAnswer(value: unknown): RouterAnswer {
  const { capsule, ended, forgotten, refused, receipt, retry, reason } = members(value)
  if (refused === 'RELEASE_REFUSED') return { refused, retry: readRetry(retry), ...because(reason) }
  if (capsule !== undefined) return { capsule: readCapsule(capsule), receipt: text(receipt) }
  if (forgotten === true) return { forgotten }
  if (ended === true) return { ended, receipt: text(receipt) }
  throw malformed()
}

function readCapsule(value: unknown): Capsule {
  const { ciphertext, context, key } = members(value)
  const { v, courier, order, group, rev, hop, day, ...more } = members(context)
  if (v !== '1' || Object.keys(more).length > 0) throw malformed()
  return {
    ciphertext: text(ciphertext),
    context: {
      v,
      courier: text(courier),
      order: text(order),
      group: text(group),
      rev: text(rev),
      hop: text(hop),
      day: text(day),
    },
    key: text(key),
  }
}

function because(value: unknown): { reason: { code: GatewayErrorCode; at: string } } {
  const { code, at } = members(value)
  if (!isCode(code)) throw malformed()
  return { reason: { code, at: text(at) } }
}

function readRetry(value: unknown): 'never' | 'later' {
  if (value !== 'never' && value !== 'later') throw malformed()
  return value
}

function isCode(value: unknown): value is GatewayErrorCode {
  return typeof value === 'string' && Object.hasOwn(statusOf, value)
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw malformed()
  return value
}

function malformed(): GatewayError {
  return new GatewayError('MALFORMED')
}
