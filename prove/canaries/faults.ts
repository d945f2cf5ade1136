import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { STSClient } from '@aws-sdk/client-sts'
import type { Chance } from '../seals/chance.ts'
import { type Outlets, told } from './outlets.ts'

/** What befalls calls that leave the functions. */
export interface Faults {
  /** How likely each of the three kinds is, for any call; 0 for none. */
  likelihood: number
  readonly injected: Record<'before' | 'lost' | 'throttled', number>
}

const services = { store: DynamoDBClient, kms: KMSClient, sts: STSClient }

/**
 * Stands in front of every SDK client of this process, one of the code put to the proof as well: what is
 * sent and what comes back is searched, and some calls fail before, after, or as too many.
 */
export function standBefore(outlets: Outlets, chance: Chance): Faults {
  const faults: Faults = { likelihood: 0, injected: { before: 0, lost: 0, throttled: 0 } }
  for (const [service, client] of Object.entries(services)) {
    const original: unknown = Reflect.get(client.prototype, 'send')
    if (typeof original !== 'function') throw new Error(`${service} sends nothing`)
    const through = async function (this: object, ...args: readonly { input?: object }[]) {
      outlets.put(`${service} request`, told(args[0]?.input))
      const kind = kindOf(faults, chance)
      if (kind === 'before') throw new Error('the connection broke')
      if (kind === 'throttled') throw throttled()
      const reply: unknown = await Reflect.apply(original, this, args)
      if (kind === 'lost') throw new Error('the reply was lost')
      return reply
    }
    Reflect.set(client.prototype, 'send', through)
  }
  return faults
}

function kindOf({ likelihood, injected }: Faults, chance: Chance): string {
  for (const kind of ['before', 'lost', 'throttled'] as const) {
    if (!chance.happens(likelihood)) continue
    injected[kind] += 1
    return kind
  }
  return 'none'
}

function throttled(): Error {
  const error = new Error('too many requests')
  error.name = 'ThrottlingException'
  return Object.assign(error, { $fault: 'client', $metadata: { httpStatusCode: 400 } })
}
