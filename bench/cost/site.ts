import { startDynamoDb } from '../../lib/local/dynamodb.ts'
import { type Callers, callersOf } from '../../test/functions/rest/callers.ts'
import { type Deployed, deploy } from '../../test/functions/rest/deployed.ts'
import { isResult } from '../../test/functions/rest/rest-api.ts'
import { type Account, type Counts, countsBy, nothing, type Usage } from './counts.ts'
import { type Consumed, meterDynamoDb } from './dynamodb-meter.ts'

/** The bundled functions behind a small API Gateway, over the embedded services, with a meter on each. */
export interface Site {
  readonly gateway: Deployed
  readonly callers: Callers
  readonly dynamodb: string
  /** What was used since the last time. */
  take(): Usage
  stop(): Promise<void>
}

const COURIERS_FUNCTIONS = ['router', 'station']
const API_FUNCTIONS = ['intake', 'exchange', 'custody']

/** Starts it. */
export async function openSite(): Promise<Site> {
  const database = await startDynamoDb({})
  const metered: Record<Account, Counts> = { gateway: nothing(), courier: nothing() }
  const of = (isCourier: boolean) => metered[isCourier ? 'courier' : 'gateway']
  const meter = await meterDynamoDb(database.endpoint, all => addUnits(all, of))
  const gateway = await deploy({
    dynamodb: meter.endpoint,
    onInvoke: (name, ms, result) => addInvocation(name, ms, result, of),
  })
  const read = meterRest(gateway)
  const take = (): Usage => {
    const rest = read()
    const both = (account: Account) =>
      countsBy(name => metered[account][name] + rest[account][name])
    const taken = { gateway: both('gateway'), courier: both('courier') }
    Object.assign(metered, { gateway: nothing(), courier: nothing() })
    return taken
  }
  take()
  return {
    ...{ gateway, callers: callersOf(gateway), dynamodb: database.endpoint, take },
    async stop() {
      await gateway.stop()
      meter.stop()
      await database.stop()
    },
  }
}

type Of = (isCourier: boolean) => Counts

function addUnits(all: readonly Consumed[], of: Of): void {
  for (const { table, write, read } of all) {
    const counts = of(table.startsWith('Custody-'))
    counts.writeUnits += write
    counts.readUnits += read
  }
  const [first] = all
  of(first?.table.startsWith('Custody-') ?? false).roundTrips += 1
}

function addInvocation(name: string, ms: number, result: unknown, of: Of): void {
  const counts = of(COURIERS_FUNCTIONS.includes(name))
  counts.invocations += 1
  counts.lambdaMs += Math.ceil(ms)
  // Custody waits for the router.
  if (name === 'router') of(false).roundTrips += 1
  if (!isResult(result)) return
  if (API_FUNCTIONS.includes(name) || name === 'station') counts.apiCalls += 1
  counts.outBytes += Buffer.byteLength(result.body, result.isBase64Encoded ? 'base64' : 'utf8')
}

/** KMS, Secrets Manager and logs are told by what stands there already: what came since the last look. */
function meterRest({ calls, standIn, functions }: Deployed): () => Record<Account, Counts> {
  const seen = { calls: 0, reads: 0, lines: new Map<string, number>() }
  return () => {
    const counts = { gateway: nothing(), courier: nothing() }
    for (const { service, action } of calls.slice(seen.calls)) {
      if (service !== 'kms') continue
      addKms(action, counts)
    }
    for (const name of standIn.reads.slice(seen.reads)) {
      const account = name.startsWith('lasthop/') ? counts.gateway : counts.courier
      account.secretReads += 1
      account.roundTrips += 1
    }
    for (const [name, host] of Object.entries(functions)) {
      const lines = host.lines()
      const own = COURIERS_FUNCTIONS.includes(name) ? counts.courier : counts.gateway
      for (const line of lines.slice(seen.lines.get(name) ?? 0)) {
        own.logBytes += Buffer.byteLength(line) + 1
      }
      seen.lines.set(name, lines.length)
    }
    Object.assign(seen, { calls: calls.length, reads: standIn.reads.length })
    return counts
  }
}

/**
 * `ReEncrypt` is taken for two requests, one with each key, as the quotas of KMS count it; whether the bill
 * does is not published.
 */
function addKms(action: string, { gateway, courier }: Record<Account, Counts>): void {
  if (action === 'Sign') gateway.kmsAsymmetric += 1
  if (action === 'ReEncrypt') courier.kmsAsymmetric += 1
  if (action === 'ReEncrypt' || action === 'Decrypt') courier.kmsSymmetric += 1
  // A hop decrypts on its own device: no function waits for it.
  if (action === 'Sign') gateway.roundTrips += 1
  if (action === 'ReEncrypt') courier.roundTrips += 1
}
