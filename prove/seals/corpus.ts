import type { Binding } from '../../lib/seal/envelope.ts'
import type { Doc } from './case.ts'
import { certificateOf, make, type Recipe, type Stated } from './make.ts'
import * as w from './world.ts'

/** A true seal that is tampered with. Made once a run and handed to every worker. */
export interface Base {
  readonly name: string
  readonly sealed: Doc
  /** Base64url. */
  readonly contentKey: string
  readonly asked: Binding
  readonly stated: Stated
}

const spaced = (usual: Doc): string => JSON.stringify(usual, null, 1)

/** Each differs from the first in one thing, so that two of them can be mixed in every way. */
const recipes: Readonly<Record<string, Recipe>> = {
  intake: {},
  platform: { by: 'platform' },
  nimbus: { by: 'platform', nimbus: true },
  pulled: { pulled: true },
  pulledNimbus: { by: 'platform', nimbus: true, pulled: true },
  intakeNimbus: { nimbus: true },
  longer: { size: 1024 },
  longest: { size: 2048 },
  spaced: { head: spaced },
  again: {},
  otherOrder: { binding: { order: w.otherOrder } },
  otherCourier: { binding: { courier: 'slow' } },
  sender: { binding: { group: 'sender' } },
  revised: { binding: { rev: 2 } },
  fromBazaar: { platform: 'bazaar' },
  nextKey: { kid: w.kids.next },
  beforeRetirement: {
    kid: w.kids.retired,
    sealedAt: w.retiredAt,
    certificate: certificateOf(w.signers.intake, w.signers.gateway, {
      from: '2026-01-05T00:30:00Z',
      until: '2026-01-05T01:29:59Z',
    }),
  },
  later: { sealedAt: '2026-01-05T02:00:01Z' },
  otherIntake: {
    signer: w.signers.otherIntake,
    certificate: certificateOf(w.signers.otherIntake),
  },
  nextGateway: {
    signer: w.signers.thirdIntake,
    certificate: certificateOf(w.signers.thirdIntake, w.signers.nextGateway),
  },
  bazaar: {
    by: 'platform',
    signer: w.signers.otherPlatform,
    platform: 'bazaar',
    kid: w.kids.otherPlatform,
  },
}

/** Makes the corpus. */
export function makeCorpus(): Base[] {
  return Object.entries(recipes).map(([name, recipe]) => {
    const { sealed, contentKey, asked, stated } = make({ ...recipe, ownKey: true })
    return {
      name,
      sealed,
      contentKey: Buffer.from(contentKey).toString('base64url'),
      asked,
      stated,
    }
  })
}

/** A seal as one text, whatever the order of its members: two that are equal say the same. */
export function canonical(doc: Doc): string {
  return JSON.stringify(sorted(doc))
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  )
}
