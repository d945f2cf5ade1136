import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Call } from './aws-call.ts'
import { AwsError } from './aws-error.ts'
import { makeSetup, type Setup } from './aws-setup.ts'
import { findCaller, loadState, saveState } from './aws-state.ts'
import { readWire, type WireRequest, writeWire } from './aws-wire.ts'
import { kmsOperations } from './kms.ts'
import { checkSignature, readAuthorization } from './sigv4.ts'
import { stsOperations } from './sts.ts'

/** One call as it was decided. No parameter, context, tag or answer is in it. */
export interface CallRecord {
  service: 'kms' | 'sts'
  /** `Decrypt`, `ReEncrypt`, `AssumeRoleWithWebIdentity` … */
  action: string
  /** ARN of the caller, of a web identity its provider; `''` while it is unknown. */
  principal: string
  /** ARNs of the keys or roles the call was about, in the order they were looked up. */
  resources: string[]
  decision: 'allowed' | 'refused'
  /** The code of a refusal: `AccessDeniedException`. */
  error?: string
}

/** How to start: without `dataFile` in memory, `port` 0 for a free one; `now` (milliseconds) is for tests. */
export interface LocalAwsOptions {
  dataFile?: string
  region?: string
  port?: number
  now?: () => number
  onCall?: (record: CallRecord) => void
}

/** A running local KMS and STS. `endpoint` is that of both SDK clients: `http://127.0.0.1:40123`. */
export interface LocalAws extends Setup {
  endpoint: string
  region: string
  stop(): Promise<void>
}

const operations = { kms: kmsOperations, sts: stsOperations }

/**
 * Starts KMS and STS on one loopback port, over the wire protocols of AWS, for unchanged SDK clients.
 * For development: its secrets lie in the clear in the data file. Each change is on disk before it is answered.
 *
 * @example const aws = await startLocalAws({ dataFile: '.lasthop/aws.json' })
 */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const { dataFile, region = 'us-east-1', port = 0, now = Date.now, onCall } = options
  const state = loadState(dataFile)
  const save = () => saveState(dataFile, state)
  save()

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const caller = { secret: '', principal: { arn: '' }, policies: [] }
    const call: Call = { state, region, now: now(), caller, input: {}, touched: [] }
    const wire = await readWire(request).catch(asAwsError)
    if (wire instanceof AwsError) return writeWire(response, undefined, wire)
    const result = await serve(call, wire, save).catch(asAwsError)
    onCall?.(record(call, wire, result))
    writeWire(response, wire, result)
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((done, fail) =>
    server.once('error', fail).listen(port, '127.0.0.1', done),
  )
  const address = server.address()
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`
  const stop = () => {
    const closed = new Promise<void>(done => server.close(() => done()))
    server.closeAllConnections()
    return closed
  }
  return { endpoint, region, stop, ...makeSetup(state, region, save) }
}

async function serve(call: Call, wire: WireRequest, save: () => void): Promise<object> {
  const { service, operation, headers, input } = wire
  const served = operations[service]
  const work = Object.hasOwn(served, operation) ? served[operation] : undefined
  if (work === undefined)
    throw new AwsError('UnknownOperationException', `${operation} is not served here`)
  if (operation !== 'AssumeRoleWithWebIdentity') {
    const authorization = readAuthorization(headers)
    const token = headers['x-amz-security-token']
    const caller = findCaller(
      call.state,
      authorization.accessKeyId,
      token && String(token),
      call.now,
    )
    checkSignature(authorization, wire, caller.secret, {
      region: call.region,
      service,
      now: call.now,
    })
    call.caller = caller
  }
  call.input = input
  const result = await work(call)
  if (/^(Create|Put|Enable|Rotate)/.test(operation)) save()
  return result
}

function record(
  { caller, touched }: Call,
  { service, operation }: WireRequest,
  result: object,
): CallRecord {
  const { arn, federated = '' } = caller.principal
  const base = { service, action: operation, principal: arn || federated, resources: touched }
  if (!(result instanceof AwsError)) return { ...base, decision: 'allowed' }
  return { ...base, decision: 'refused', error: result.code }
}

/** Anything unforeseen is a failure of this server, and its text stays inside. */
const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError
    ? error
    : new AwsError('InternalFailure', 'The local service failed', 500)
