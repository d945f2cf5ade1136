import { join } from 'node:path'
import { couriers } from '../couriers/index.ts'
import { type LocalGateway, startGateway } from '../local/server.ts'
import { platforms } from '../platforms/index.ts'
import { UsageError } from './partners.ts'
import { writeAddresses } from './session.ts'

/** How to run the gateway on this machine. */
export interface DevOptions {
  readonly data: string
  readonly port: string
  readonly dynamodb?: string
}

const SWEEP_EVERY_MS = 5_000

/** Sweeps between two walks through all keys: a walk takes as long as there are keys. */
const WALK_EVERY = 120

/** Runs the gateway until it is told to stop; addresses and where the credentials lie are printed. */
export async function runDev({ data, port, dynamodb }: DevOptions): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError('--port wants a number')
  const gateway = await startGateway({
    port: Number(port),
    folder: data,
    ...(dynamodb === undefined ? {} : { dynamodb }),
  })
  writeAddresses(data, gateway)
  console.log(`LastHop is at        ${gateway.origin}   (loopback only, for development)`)
  console.log(`DynamoDB             ${gateway.dynamodb}`)
  console.log(`KMS and STS          ${gateway.aws.endpoint}`)
  console.log(`Development secrets  ${join(data, 'credentials.json')}`)
  for (const title of assumedPartners()) {
    console.log(`Assumed              ${title}: not verified, no public document says its format`)
  }
  console.log('Stop with Ctrl-C; what was acknowledged is kept.')
  const sweeping = sweepEvery(gateway)
  await new Promise<void>(done => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
  })
  await sweeping.stop()
  await gateway.stop()
}

/** Partners whose format is a guess. */
function assumedPartners(): string[] {
  return [...platforms, ...couriers]
    .filter(partner => 'assumed' in partner && partner.assumed === true)
    .map(({ title }) => title)
}

/** Ends late offers and deletes keys that must go, time and again, as schedules do in AWS. */
function sweepEvery(gateway: LocalGateway): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve()
  let sweeps = 0
  const work = async () => {
    await gateway.expire()
    await gateway.shred(sweeps++ % WALK_EVERY === 0 ? 'all' : 'closed')
  }
  const again = () => work().catch(() => console.error('sweeping failed; tried again'))
  const timer = setInterval(() => {
    running = running.then(again)
  }, SWEEP_EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
