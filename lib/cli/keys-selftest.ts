import { randomBytes } from 'node:crypto'
import { KMSClient } from '@aws-sdk/client-kms'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { assumeBy } from '../../functions/station/aws.ts'
import type { HopCredentials } from '../../functions/station/open-at-hop.ts'
import { GatewayError } from '../model/errors.ts'
import { readText } from './files.ts'
import { type Account, readAccount, stayIn } from './selftest/account.ts'
import { type Check, tellAll } from './selftest/check.ts'
import { routerChecks, type Trial } from './selftest/router.ts'
import { stationChecks } from './selftest/station.ts'

/** What the self-test of a courier's account needs. */
export interface SelftestOptions {
  readonly partners: string
  readonly keyToken?: string
  readonly endpoint?: string
}

/** Where KMS and STS are. */
interface Place {
  readonly region: string
  readonly endpoint?: string
}

/**
 * Checks, in a courier's own account, what only KMS itself can show: that it re-wraps from RSA to a
 * symmetric key, which context and algorithm the conditions see, and that a wrong tag is denied.
 *
 * @returns exit code: 0 all as wanted, 1 not, or nothing could be checked
 * @see design section 6, end
 */
export async function keysSelftest(courier: string, options: SelftestOptions): Promise<number> {
  const account = readAccount(courier, options.partners)
  const token = options.keyToken === undefined ? undefined : readText(options.keyToken).trim()
  const stay = token === undefined ? { hop: 'selftest', day: '2000-01-01' } : stayIn(token)
  const { endpoint } = options
  const place = { region: account.region, ...(endpoint === undefined ? {} : { endpoint }) }
  const context = { v: '1', courier, order: 'selftest', group: 'receiver', rev: '1', ...stay }
  const trial = { context, contentKey: randomBytes(32) }
  let capsule: Uint8Array | undefined
  const asRouter = await asRouterOf(place, account, trial, made => {
    capsule = made
  })
  const first = await tellAll('router', asRouter)
  const second = await tellAll('station', await asStationOf(place, account, trial, token, capsule))
  const [ran, failed] = [first.ran + second.ran, first.failed + second.failed]
  console.log(`${ran} checks, ${failed} failed`)
  return failed === 0 && ran > 0 ? 0 : 1
}

async function asRouterOf(
  place: Place,
  account: Account,
  trial: Trial,
  keep: (capsule: Uint8Array) => void,
): Promise<readonly Check[] | string> {
  const router = `${account.roles}router`
  if (!isRole(await callerOf(place), router)) return `the credentials are not those of ${router}`
  return routerChecks(new KMSClient({ ...place, maxAttempts: 2 }), account, trial, keep)
}

async function asStationOf(
  place: Place,
  account: Account,
  trial: Trial,
  token: string | undefined,
  capsule: Uint8Array | undefined,
): Promise<readonly Check[] | string> {
  if (token === undefined) return 'no --key-token'
  if (capsule === undefined) return 'nothing was re-wrapped that it could open'
  const session = await signIn(place, account, trial, token)
  if (session === undefined) return 'STS refuses the key token'
  const kms = new KMSClient({ ...place, credentials: session, maxAttempts: 2 })
  return stationChecks(kms, account, trial, capsule)
}

async function signIn(
  place: Place,
  { roles }: Account,
  { context }: Trial,
  token: string,
): Promise<HopCredentials | undefined> {
  try {
    return await assumeBy(`${roles}station`, place)(token, context.hop ?? '')
  } catch (error) {
    if (error instanceof GatewayError) return undefined
    throw error
  }
}

/** Whose the credentials are; empty where there are none that count. */
async function callerOf(place: Place): Promise<string> {
  const sts = new STSClient({ ...place, maxAttempts: 2 })
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? ''
  } catch {
    return ''
  } finally {
    sts.destroy()
  }
}

/** A role, or a session of it. */
function isRole(arn: string, role: string): boolean {
  const session = role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')
  return arn === role || arn.startsWith(`${session}/`)
}
