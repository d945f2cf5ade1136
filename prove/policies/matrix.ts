import { ACTORS, PROVIDERS } from './actors.ts'
import type { Actor, Cell, Facts, Target } from './cell.ts'
import { COURIER } from './cell.ts'
import { keyRule, sessionRule } from './rule.ts'

type Pairs = readonly (readonly [name: string, value: string])[]

const RIGHT: Pairs = [
  ['v', '1'],
  ['courier', 'swift'],
  ['order', 'o_aaaaaaaaaaaaaaaaaaaaaaaaaa'],
  ['group', 'receiver'],
  ['rev', '1'],
  ['hop', 'H1'],
  ['day', '2026-11-24'],
]

const having = (name: string, value: string): Pairs =>
  RIGHT.map(pair => (pair[0] === name ? [name, value] : pair))
const upper = (name: string) => name.replace(/^./, first => first.toUpperCase())

/** Encryption contexts: the right one first. Two names that differ by case only carry one value. */
export const CONTEXTS: readonly (readonly [about: string, pairs: Pairs])[] = [
  ['the seven names', RIGHT],
  ...RIGHT.map(([name]) => [`no ${name}`, RIGHT.filter(([one]) => one !== name)] as const),
  ...RIGHT.map(([name]) => [`${name} is empty`, having(name, '')] as const),
  ...RIGHT.map(
    ([name]) =>
      [
        `${upper(name)} for ${name}`,
        RIGHT.map(pair => (pair[0] === name ? ([upper(name), pair[1]] as const) : pair)),
      ] as const,
  ),
  ['an eighth name', [...RIGHT, ['note', 'x']]],
  ['hop and Hop', [...RIGHT, ['Hop', 'H1']]],
  ['no context', []],
  ['hop and day only', RIGHT.slice(-2)],
  ['hop and day are empty', RIGHT.map(([name, value]) => [name, /^[hd]/.test(name) ? '' : value])],
  ['hop and day are *', RIGHT.map(([name, value]) => [name, /^[hd]/.test(name) ? '*' : value])],
  ['another courier', having('courier', 'kye')],
  ['courier in capitals', having('courier', 'SWIFT')],
  ['version 2', having('v', '2')],
  ['another hop', having('hop', 'H2')],
  ['a longer hop', having('hop', 'H11')],
  ['hop h1', having('hop', 'h1')],
  ['hop *', having('hop', '*')],
  ['hop H?', having('hop', 'H?')],
  ['another day', having('day', '2026-11-23')],
  ['day *', having('day', '*')],
  ['another order', having('order', 'o_bbbbbbbbbbbbbbbbbbbbbbbbbb')],
]

const ALGORITHMS = ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1']
const ENCRYPTING: Readonly<Record<string, readonly (string | undefined)[]>> = {
  Decrypt: ALGORITHMS,
  Encrypt: ALGORITHMS,
  ReEncryptFrom: ALGORITHMS,
  ReEncryptTo: ALGORITHMS,
  GenerateDataKey: ['SYMMETRIC_DEFAULT'],
  GenerateDataKeyWithoutPlaintext: ['SYMMETRIC_DEFAULT'],
  GenerateDataKeyPair: ['SYMMETRIC_DEFAULT'],
  GenerateDataKeyPairWithoutPlaintext: ['SYMMETRIC_DEFAULT'],
  CreateGrant: [undefined],
}

/** All other actions that KMS knows on a key. */
const OTHERS =
  `CancelKeyDeletion CreateAlias DeleteAlias DeleteImportedKeyMaterial DeriveSharedSecret
  DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation GenerateMac GetKeyPolicy
  GetKeyRotationStatus GetParametersForImport GetPublicKey ImportKeyMaterial ListGrants ListKeyPolicies
  ListKeyRotations ListResourceTags PutKeyPolicy ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand
  ScheduleKeyDeletion Sign SynchronizeMultiRegionKey TagResource UntagResource UpdateAlias
  UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac`.split(/\s+/)

/** Every cell of the matrix: who × which key × action × context × algorithm, and the sessions. */
export function* makeCells(): Generator<Cell> {
  for (const actor of ACTORS) {
    for (const on of ['custody', 'hop', 'plain', 'foreign'] as const) {
      yield* encrypting(actor, on)
      for (const action of OTHERS) yield keyCell(actor, on, action, CONTEXTS[0], undefined, false)
    }
  }
  for (const actor of [...PROVIDERS, ...ACTORS]) yield* sessions(actor)
}

/** The ordinary keys see the right context only: they are there to show that the powerful have power. */
function* encrypting(actor: Actor, on: Target): Generator<Cell> {
  const contexts = on === 'custody' || on === 'hop' ? CONTEXTS : CONTEXTS.slice(0, 1)
  for (const [action, algorithms] of Object.entries(ENCRYPTING)) {
    for (const algorithm of algorithms)
      for (const context of contexts) yield keyCell(actor, on, action, context, algorithm, true)
  }
}

function keyCell(
  actor: Actor,
  on: Target,
  action: string,
  [about, context]: (typeof CONTEXTS)[number] = ['', []],
  algorithm: string | undefined,
  hasContext: boolean,
): Cell {
  const pairs = hasContext ? context : []
  const words = [actor.name, action, on, ...(hasContext ? [about] : []), algorithm ?? '']
  return {
    ...{ actor, on, action: `kms:${action}` },
    facts: factsOf(action, pairs, algorithm),
    about: words.join(', '),
    expected: keyRule({ actor, on, action, context: pairs, algorithm }),
  }
}

/** What KMS lets conditions see; no list of names where there is no context. */
function factsOf(action: string, context: Pairs, algorithm: string | undefined): Facts {
  return {
    ...Object.fromEntries(context.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    ...(context.length > 0 ? { 'kms:EncryptionContextKeys': context.map(([name]) => name) } : {}),
    ...(algorithm === undefined ? {} : { 'kms:EncryptionAlgorithm': algorithm }),
    ...(/^(Sign|Verify)$/.test(action) ? { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } : {}),
  }
}

const TAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'both tags': { hop: 'H1', day: '2026-11-24' },
  'no tags': {},
  'hop only': { hop: 'H1' },
  'day only': { day: '2026-11-24' },
  'a tag more': { hop: 'H1', day: '2026-11-24', order: 'o_a' },
  'Hop for hop': { Hop: 'H1', day: '2026-11-24' },
  'another tag only': { station: 'H1' },
  'empty tags': { hop: '', day: '' },
  'an empty hop': { hop: '', day: '2026-11-24' },
  'an empty day': { hop: 'H1', day: '' },
  'hop *': { hop: '*', day: '2026-11-24' },
}
const STS = ['AssumeRoleWithWebIdentity', 'TagSession', 'AssumeRole', 'AssumeRoleWithSAML']

function* sessions(actor: Actor): Generator<Cell> {
  for (const action of STS)
    for (const audience of ['lasthop-sts', 'lasthop', undefined])
      for (const [about, tags] of Object.entries(TAGS))
        for (const transitive of [[], ['hop'], ['order']])
          yield {
            ...{ actor, on: 'trust', action: `sts:${action}` },
            facts: sessionFacts(action, audience, tags, transitive),
            about: `${actor.name}, ${action}, audience ${audience}, ${about}, transitive ${transitive}`,
            expected: sessionRule({ actor, action, audience, tags, transitive }),
          }
}

function sessionFacts(
  action: string,
  audience: string | undefined,
  tags: Readonly<Record<string, string>>,
  transitive: readonly string[],
): Facts {
  const names = Object.keys(tags)
  return {
    ...(action === 'TagSession' ? {} : { 'sts:RoleSessionName': 's-17' }),
    ...(audience === undefined ? {} : { [`${COURIER.issuer}:aud`]: audience }),
    ...Object.fromEntries(names.map(name => [`aws:RequestTag/${name}`, tags[name] ?? ''])),
    ...(names.length > 0 ? { 'aws:TagKeys': names } : {}),
    ...(transitive.length > 0 ? { 'sts:TransitiveTagKeys': transitive } : {}),
  }
}
