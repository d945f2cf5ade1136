/**
 * Deploys all stacks into an emulator of AWS, unchanged but for documented context, and plays an
 * order's whole way through API Gateway and the functions: `npm run test:deploy`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { couriers } from '../../lib/couriers/index.ts'
import { courierAccount, GATEWAY_ACCOUNT } from '../../lib/local/accounts.ts'
import { type CallRecord, startLocalAws } from '../../lib/local/aws-server.ts'
import { makeIdentities } from '../../lib/local/identities.ts'
import { platforms } from '../../lib/platforms/index.ts'
import { openCdk } from './cdk.ts'
import { startEmulator } from './emulator.ts'
import { readOptions } from './options.ts'
import { tell } from './process.ts'
import { putSecrets } from './secrets.ts'
import { deployStacks } from './stacks.ts'
import { playWay } from './way.ts'

const REGION = 'us-east-1'
const NAMES = { platform: 'douyin', courier: 'sf' }

const began = Date.now()
const emulator = await startEmulator(readOptions(process.argv.slice(2), process.env))
const folder = mkdtempSync(join(tmpdir(), 'lasthop-deployed-'))
const calls: CallRecord[] = []
const aws = await startLocalAws({ region: REGION, onCall: record => void calls.push(record) })
try {
  tell(`${emulator.title} runs at ${emulator.endpoint}`)
  const identities = makeIdentities(
    platforms.map(({ name, sandbox }) => ({ name, appKey: sandbox.appKey })),
    couriers.map(({ name }) => name),
  )
  const own = courierAccount(NAMES.courier, 0, REGION)
  const custody = emulator.twoAccounts ? own : { ...own, account: GATEWAY_ACCOUNT }
  const accounts = { region: REGION, gateway: GATEWAY_ACCOUNT, courier: custody.account }
  const cdk = openCdk(emulator.endpoint, REGION, folder)
  await putSecrets(emulator.endpoint, accounts, identities, NAMES)
  const site = {
    cdk,
    aws,
    endpoint: emulator.endpoint,
    providers: emulator.providers,
    custody,
    folder,
    accounts,
    names: NAMES,
    identities,
    calls,
  }
  const deployed = await deployStacks(site)
  tell(`deployed after ${Math.round((Date.now() - began) / 1000)} s`)
  process.exitCode = await playWay(site, deployed)
} finally {
  await aws.stop()
  await emulator.stop()
  rmSync(folder, { recursive: true, force: true })
}
tell(
  `${emulator.title}: ${process.exitCode === 0 ? 'passed' : 'FAILED'} after ${Math.round((Date.now() - began) / 1000)} s`,
)
