import { createServer } from 'node:http'
import type { SecretSource } from '../../../lib/access/secrets.ts'
import { bytesOf, close, listen } from './rest-api.ts'

/** What Secrets Manager and Lambda hold in a test. */
export interface Account {
  /** Secrets of partners, by the names under which the gateway asks. */
  readonly secrets: SecretSource
  /** Other secrets, by name. */
  readonly named: Readonly<Record<string, string>>
  /** Functions by ARN. */
  readonly functions: Readonly<Record<string, (event: unknown) => Promise<unknown>>>
}

/** An endpoint for both services, and the names of the secrets that were read. */
export interface StandIn {
  readonly endpoint: string
  readonly reads: string[]
  stop(): void
}

/**
 * Answers `GetSecretValue` from what it is given, and hands `Invoke` to functions that run in
 * processes of their own.
 */
export async function startStandIn(account: () => Account): Promise<StandIn> {
  const reads: string[] = []
  const server = createServer(async (request, response) => {
    const body: unknown = JSON.parse((await bytesOf(request)).toString('utf8'))
    const answer = (status: number, value: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers })
      response.end(JSON.stringify(value))
    }
    const arn = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.url ?? '')?.[1]
    if (arn !== undefined) {
      const run = account().functions[decodeURIComponent(arn)]
      if (run === undefined)
        return answer(404, { Type: 'User' }, error('ResourceNotFoundException'))
      return run(body).then(
        result => answer(200, result),
        () => answer(200, { errorType: 'Error' }, { 'x-amz-function-error': 'Unhandled' }),
      )
    }
    const name = nameIn(body)
    reads.push(name)
    const SecretString = await secretNamed(account(), name)
    if (SecretString === undefined) return answer(400, { __type: 'ResourceNotFoundException' })
    return answer(200, { Name: name, SecretString })
  })
  return { endpoint: await listen(server), reads, stop: () => close(server) }
}

const error = (type: string) => ({ 'x-amzn-errortype': type })

function nameIn(body: unknown): string {
  const found = typeof body === 'object' && body !== null && 'SecretId' in body ? body.SecretId : ''
  return String(found)
}

async function secretNamed({ secrets, named }: Account, name: string): Promise<string | undefined> {
  const [prefix, side = '', partner = ''] = name.split('/')
  const isPartner = prefix === 'lasthop' && (side === 'platforms' || side === 'couriers')
  const known = isPartner ? await secrets(side, partner) : undefined
  return known === undefined ? named[name] : Buffer.from(known).toString('utf8')
}
