import { createServer, type IncomingMessage } from 'node:http'
import { listOf, memberOf } from './rights.ts'

/** What a call to DynamoDB needs a right for. */
export interface Used {
  readonly table: string
  /** `PutItem`, also where it is part of a transaction. */
  readonly action: string
  /** Partition key of the item, `order#o_…`; of a query, of what is asked for. */
  readonly key: string
  readonly inTransaction: boolean
}

/** A DynamoDB that notes what each call needs, before another that answers it. */
export async function noteCalls(endpoint: string) {
  let used: Used[] = []
  const server = createServer(async (request, reply) => {
    const body = await bodyOf(request)
    const action = String(request.headers['x-amz-target'] ?? '').replace(/.*\./, '')
    if (action !== '') used.push(...usedBy(action, JSON.parse(body)))
    const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers
    const answer = await fetch(endpoint, {
      method: request.method ?? 'POST',
      ...(body === '' ? {} : { body }),
      headers: Object.entries(headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
    })
    reply.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' })
    reply.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    endpoint: `http://127.0.0.1:${port}`,
    /** What was noted since the last time. */
    take(): Used[] {
      const taken = used
      used = []
      return taken
    },
    stop(): void {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

function usedBy(action: string, input: unknown): Used[] {
  const one = (name: string, of: unknown, inTransaction: boolean): Used => ({
    table: String(memberOf(of, 'TableName')),
    action: name,
    key: keyOf(memberOf(of, 'Item') ?? memberOf(of, 'Key')),
    inTransaction,
  })
  if (action === 'TransactWriteItems') {
    return listOf(memberOf(input, 'TransactItems')).flatMap(item =>
      Object.entries(Object(item)).map(([name, of]) => one(`${name}Item`, of, true)),
    )
  }
  if (action === 'BatchGetItem' || action === 'BatchWriteItem') {
    return Object.entries(Object(memberOf(input, 'RequestItems'))).flatMap(([table, of]) =>
      batchKeys(of).map(key => ({ table, action, key, inTransaction: false })),
    )
  }
  const asked = memberOf(memberOf(memberOf(input, 'ExpressionAttributeValues'), ':pk'), 'S')
  const single = one(action, input, false)
  return [action === 'Query' ? { ...single, key: String(asked) } : single]
}

function batchKeys(of: unknown): string[] {
  const reads = listOf(memberOf(of, 'Keys')).map(keyOf)
  const writes = Array.isArray(of) ? of : []
  return [
    ...reads,
    ...writes.map(write => {
      const { DeleteRequest, PutRequest } = Object(write)
      return keyOf(memberOf(DeleteRequest, 'Key') ?? memberOf(PutRequest, 'Item'))
    }),
  ]
}

const keyOf = (item: unknown): string => String(memberOf(memberOf(item, 'pk'), 'S'))
