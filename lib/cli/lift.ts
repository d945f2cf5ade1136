import { liftHop } from '../flow/brake.ts'
import { GatewayError } from '../model/errors.ts'
import { openTables, type TableOptions } from './aws-tables.ts'
import { UsageError } from './partners.ts'

/** How far a brake is lifted, and by whom. */
export interface LiftOptions extends TableOptions {
  readonly courier: string
  readonly limit: string
  readonly hours: string
  readonly actor: string
}

/** Lifts the gateway's brake of a hop for some hours, and records who did. */
export async function lift(options: LiftOptions, hop: string): Promise<number> {
  const { courier, actor } = options
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(hop)) throw new UsageError('that is no name of a hop')
  const limit = whole(options.limit, '--limit')
  const until = new Date(Date.now() + whole(options.hours, '--hours') * 3_600_000)
  const tables = openTables(options, ['keys', 'audit'])
  try {
    await liftHop(tables.brake, { courier, hop, limit, until, actor })
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'VALUE_INVALID') {
      throw new UsageError('--actor wants an id, such as ops-7')
    }
    throw error
  } finally {
    tables.close()
  }
  console.log(
    `${hop} of ${courier} may have ${limit} releases a window until ${until.toISOString()}`,
  )
  return 0
}

function whole(text: string, name: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`${name} wants a whole number`)
  return Number(text)
}
