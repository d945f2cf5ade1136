import { createServer } from 'node:http'
import { bytesOf, close, listen } from '../../test/functions/rest/rest-api.ts'
import { listOf, memberOf } from '../../test/stack/rights.ts'
import { cancelledUnits } from './item-size.ts'

/** Units that one call consumed of one table. */
export interface Consumed {
  readonly table: string
  readonly write: number
  readonly read: number
}

/**
 * Stands before a DynamoDB and asks each call what it consumed. dynoxide counts as DynamoDB documents it:
 * a write by whole kilobytes and twice in a transaction, a read by four kilobytes, absent items too.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 *   (read 2026-11-24)
 */
export async function meterDynamoDb(endpoint: string, onCall: (consumed: Consumed[]) => void) {
  const server = createServer(async (request, reply) => {
    const action = String(request.headers['x-amz-target'] ?? '').replace(/.*\./, '')
    const text = (await bytesOf(request)).toString('utf8')
    const isData = action !== '' && !/Table|TimeToLive/.test(action)
    const body = isData
      ? JSON.stringify({ ...JSON.parse(text), ReturnConsumedCapacity: 'TOTAL' })
      : text
    const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers
    const answer = await fetch(endpoint, {
      method: request.method ?? 'POST',
      ...(body === '' ? {} : { body }),
      headers: Object.entries(headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (isData && answer.ok) onCall(consumedBy(action, JSON.parse(bytes.toString('utf8'))))
    if (isData && !answer.ok) onCall(cancelled(action, JSON.parse(text)))
    reply.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' })
    reply.end(bytes)
  })
  return { endpoint: await listen(server), stop: () => close(server) }
}

function consumedBy(action: string, answer: unknown): Consumed[] {
  const told = memberOf(answer, 'ConsumedCapacity')
  const isWrite = /Write|Put|Update|Delete/.test(action)
  return (Array.isArray(told) ? listOf(told) : [told]).map(one => {
    const units = Number(memberOf(one, 'CapacityUnits'))
    if (!Number.isFinite(units)) throw new Error(`${action} does not say what it consumed`)
    const table = String(memberOf(one, 'TableName'))
    return { table, write: isWrite ? units : 0, read: isWrite ? 0 : units }
  })
}

/** A repeat meets the order that is there: that is how it is known. */
function cancelled(action: string, input: unknown): Consumed[] {
  if (action !== 'TransactWriteItems') throw new Error(`${action} failed, which no flow expects`)
  const { table, units } = cancelledUnits(input)
  return [{ table, write: units, read: 0 }]
}
