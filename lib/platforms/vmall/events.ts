import { unixMilliseconds } from '../../translate/codecs.ts'
import type { EventEntry } from '../platform.ts'
import type { Mark } from './answers.ts'
import type { EventDocument } from './generated/types.ts'

/**
 * An event as the platform pulls it. `eventId` is what acknowledges it, the same at every reading.
 *
 * @see formats/vmall.md section 5
 */
export function eventOf(
  eventType: EventDocument['eventType'],
  data: EventDocument['data'],
  { id, at }: EventEntry,
  mark: Mark,
): EventDocument {
  const eventTime = unixMilliseconds.from(at, undefined) ?? 0
  return { eventId: id, eventType, eventTime, ...mark, data }
}
