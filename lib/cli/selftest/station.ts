import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms'
import type { Account, Context } from './account.ts'
import type { Check } from './check.ts'
import type { Trial } from './router.ts'

/** What a session tagged hop and day may open, and may not. */
export function stationChecks(
  kms: KMSClient,
  { hopKey }: Account,
  { context, contentKey }: Trial,
  capsule: Uint8Array,
): readonly Check[] {
  const open = (under: Context, DryRun = true) =>
    kms.send(
      new DecryptCommand({
        KeyId: hopKey,
        CiphertextBlob: capsule,
        EncryptionContext: { ...under },
        DryRun,
      }),
    )
  const real = async () => {
    const { Plaintext = new Uint8Array() } = await open(context, false)
    if (!Buffer.from(Plaintext).equals(contentKey)) throw new Error('another key came out')
  }
  const wrong: readonly (readonly [string, Context])[] = [
    ['another hop', { ...context, hop: `${context.hop}x` }],
    ['hop *', { ...context, hop: '*' }],
    ['another day', { ...context, day: '1999-12-31' }],
    ['no context', {}],
  ]
  return [
    { about: 'opens what is for its hop and day', wanted: 'allowed', call: real },
    { about: 'the same by DryRun', wanted: 'allowed', call: () => open(context) },
    ...wrong.map(([about, under]): Check => ({ about, wanted: 'denied', call: () => open(under) })),
  ]
}
