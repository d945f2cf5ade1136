import schema from '../../../schemas/event.json' with { type: 'json' }
import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import { isPush } from '../../model/generated/validators.js'
import { checker, type PushedEvent, type Status } from '../../model/validate.ts'
import type { CourierEvent } from '../courier.ts'

const statuses: ReadonlySet<string> = new Set(schema.properties.status.enum)

const isStatus = (word: string): word is Status => statuses.has(word)

const check = checker(isPush, 'WIRE_INVALID')

/**
 * Reads `push.json`, all or nothing. A status that the standard does not know is `unknown`; its raw
 * code stays.
 *
 * @throws {GatewayError} `MALFORMED` for what is no JSON, `WIRE_INVALID` for another document
 */
export function readEvents(request: RawRequest): CourierEvent[] {
  return check(readJson(request.body)).events.map(eventOf)
}

function eventOf({ key, status, ...told }: PushedEvent): CourierEvent {
  return { key: [key], status: isStatus(status) ? status : 'unknown', ...told }
}
