import { GatewayError } from '../model/errors.ts'
import type { Assignment } from '../model/validate.ts'

/** The encryption context of a capsule, exactly these seven names, all texts. Public, never secret. */
export interface CapsuleContext {
  readonly v: '1'
  readonly courier: string
  readonly order: string
  readonly group: string
  readonly rev: string
  readonly hop: string
  readonly day: string
}

/** A content key that KMS wrapped to the hop key under one context. */
export interface Capsule {
  /** KMS ciphertext blob, base64url. */
  readonly ciphertext: string
  readonly context: CapsuleContext
  /** ARN of the hop key. */
  readonly key: string
}

/** The names of a capsule's context, as the hop key's policy lists them. */
export const CONTEXT_NAMES = ['v', 'courier', 'order', 'group', 'rev', 'hop', 'day'] as const

/** The context of what an assignment releases, or a station asks for. */
export function capsuleContext(
  of: Pick<Assignment, 'courier' | 'order' | 'group' | 'rev' | 'hop' | 'day'>,
): CapsuleContext {
  const { courier, order, group, rev, hop, day } = of
  return { v: '1', courier, order, group, rev: String(rev), hop, day }
}

/**
 * A capsule as somebody handed it over.
 *
 * @throws {GatewayError} `MALFORMED` for anything of another form.
 */
export function checkCapsule(value: unknown): Capsule {
  const { ciphertext, context, key } = record(value)
  if (typeof ciphertext !== 'string' || typeof key !== 'string') throw new GatewayError('MALFORMED')
  const { v, courier, order, group, rev, hop, day, ...more } = record(context)
  if (v !== '1' || Object.keys(more).length > 0) throw new GatewayError('MALFORMED', '/context')
  return {
    ciphertext,
    context: {
      v,
      courier: text(courier),
      order: text(order),
      group: text(group),
      rev: text(rev),
      hop: text(hop),
      day: text(day),
    },
    key,
  }
}

/** Whether two contexts are the same in all seven names. */
export function isSameContext(a: CapsuleContext, b: CapsuleContext): boolean {
  return CONTEXT_NAMES.every(name => a[name] === b[name])
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new GatewayError('MALFORMED', '/context')
  return value
}
