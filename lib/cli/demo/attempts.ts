import { DecryptCommand, KMSClient, ReEncryptCommand } from '@aws-sdk/client-kms'
import { fetchReleaseFrom } from '../../../functions/station/gateway.ts'
import { type Capsule, capsuleContext, checkCapsule } from '../../custody/capsule.ts'
import { workingDay } from '../../custody/day.ts'
import { roleArn, STS_AUDIENCE } from '../../custody/policies.ts'
import { gatewayRoleArn, kmsFor } from '../../local/accounts.ts'
import type { Group } from '../../model/validate.ts'
import { member } from '../send.ts'
import type { Stage } from './stage.ts'

/** A group of an order that was assigned to a hop. */
export interface Held {
  readonly order: string
  readonly group: Group
  readonly rev: number
  readonly hop: string
}

/** One attempt to open what one may not, and how it ended. */
export interface Attempt {
  readonly who: string
  readonly attempt: string
  /** Whom it was tried at. */
  readonly at: 'KMS' | 'STS' | 'gateway'
  readonly refused: boolean
  /** The error as it came: `AccessDeniedException`, or `HTTP 403 RELEASE_REFUSED`. */
  readonly error: string
  readonly message?: string
}

/** Tries everything that must fail, each beside the same call that succeeds: the opening by the right hop. */
export async function attemptAll(stage: Stage, held: Held, other: Held): Promise<Attempt[]> {
  const wrongHop = other.hop === held.hop ? 'station-2' : other.hop
  const today = workingDay(new Date())
  const yesterday = workingDay(new Date(Date.now() - 86_400_000))
  const capsule = await capsuleOf(stage, held, today)
  const others = await capsuleOf(stage, other, today)
  const { keys, gateway, issuer, station } = stage
  const { aws } = gateway
  const session = (hop: string, day: string) =>
    station.assume(issuer.tokens(hop, day).keyToken, hop)
  const forged = { ...capsule, context: { ...capsule.context, hop: wrongHop } }
  const mine = { ...others, context: capsuleContext({ ...contextOf(stage, held), day: today }) }
  const { account } = keys
  const noTags = issuer.sign({ aud: STS_AUDIENCE })
  return [
    await trial('hub', 'decrypts with its own role', 'KMS', () =>
      decrypt(kmsFor(aws, keys.hubRole), capsule),
    ),
    await trial('hub', 'signs in as a station without a tag', 'STS', () =>
      station.assume(noTags, 'hub'),
    ),
    await trial('wrong hop', 'decrypts with its own credentials', 'KMS', async () =>
      decrypt(kmsWith(stage, await session(wrongHop, today)), capsule),
    ),
    await trial('wrong hop', 'claims that the capsule is its own', 'KMS', async () =>
      decrypt(kmsWith(stage, await session(wrongHop, today)), forged),
    ),
    await trial('wrong hop', 'asks the gateway for the capsule', 'gateway', () =>
      ask(stage, held, wrongHop, issuer.tokens(wrongHop, today).releaseToken),
    ),
    await trial('wrong day', 'decrypts with the credentials of the day before', 'KMS', async () =>
      decrypt(kmsWith(stage, await session(held.hop, yesterday)), capsule),
    ),
    await trial('right hop', "opens another order's capsule as its own", 'KMS', async () =>
      decrypt(kmsWith(stage, await session(held.hop, today)), mine),
    ),
    await trial('gateway', 'custody role decrypts', 'KMS', () =>
      decrypt(kmsFor(aws, gatewayRoleArn('custody')), capsule),
    ),
    await trial('gateway', 'intake role decrypts', 'KMS', () =>
      decrypt(kmsFor(aws, gatewayRoleArn('intake')), capsule),
    ),
    await trial('gateway', 'shows the station’s release token to STS', 'STS', () =>
      station.assume(issuer.tokens(held.hop, today).releaseToken, held.hop),
    ),
    await trial('router', 'decrypts with the hop key', 'KMS', () =>
      decrypt(kmsFor(aws, roleArn(account, account.roles.router)), capsule),
    ),
    await trial('router', 'wraps the capsule anew for another hop', 'KMS', () =>
      reEncrypt(kmsFor(aws, roleArn(account, account.roles.router)), capsule, forged),
    ),
    await trial('station', 'shows its key token to the gateway', 'gateway', () =>
      ask(stage, held, held.hop, issuer.tokens(held.hop, today).keyToken),
    ),
  ]
}

async function trial(
  who: string,
  attempt: string,
  at: Attempt['at'],
  run: () => Promise<unknown>,
): Promise<Attempt> {
  try {
    await run()
    return { who, attempt, at, refused: false, error: 'none: it was let in' }
  } catch (thrown) {
    const error = innermost(thrown)
    return { who, attempt, at, refused: true, error: error.name, message: error.message }
  }
}

/** The SDK's own error, below what ours say of it. */
function innermost(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error('unknown')
  return error.cause instanceof Error ? innermost(error.cause) : error
}

async function capsuleOf(stage: Stage, held: Held, day: string): Promise<Capsule> {
  const { releaseToken } = stage.issuer.tokens(held.hop, day)
  const fetchIt = fetchReleaseFrom(stage.gateway.origin, stage.courierName)
  return checkCapsule(member(await fetchIt({ ...held, releaseToken }), 'capsule'))
}

const contextOf = ({ courierName: courier }: Stage, held: Held) => ({ ...held, courier })

function kmsWith(stage: Stage, credentials: Awaited<ReturnType<Stage['station']['assume']>>) {
  const { endpoint, region } = stage.gateway.aws
  return new KMSClient({ endpoint, region, credentials, maxAttempts: 1 })
}

function decrypt(client: KMSClient, { ciphertext, context, key }: Capsule): Promise<unknown> {
  return client.send(
    new DecryptCommand({
      KeyId: key,
      CiphertextBlob: Buffer.from(ciphertext, 'base64url'),
      EncryptionContext: { ...context },
    }),
  )
}

function reEncrypt(client: KMSClient, from: Capsule, to: Capsule): Promise<unknown> {
  return client.send(
    new ReEncryptCommand({
      SourceKeyId: from.key,
      CiphertextBlob: Buffer.from(from.ciphertext, 'base64url'),
      SourceEncryptionContext: { ...from.context },
      DestinationKeyId: to.key,
      DestinationEncryptionContext: { ...to.context },
    }),
  )
}

async function ask(stage: Stage, held: Held, hop: string, token: string): Promise<void> {
  const path = `/v1/couriers/${stage.courierName}/hops/${hop}/orders/${held.order}`
  const reply = await fetch(`${stage.gateway.origin}${path}?group=${held.group}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (reply.ok) return
  const problem: unknown = await reply.json()
  const error = new Error(String(member(problem, 'title')))
  error.name = `HTTP ${reply.status} ${String(member(problem, 'code'))}`
  throw error
}
