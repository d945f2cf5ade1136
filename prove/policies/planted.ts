import type { PolicyStatement } from '../../lib/custody/policies.ts'
import type { Cell, Outcome } from './cell.ts'
import { ARNS, COURIER } from './cell.ts'
import { ourDecisions, theirDecisions } from './decide.ts'
import { type Documents, makeDocuments } from './documents.ts'

type Edit = (documents: Documents) => Documents
type Name = keyof Documents
type Condition = NonNullable<PolicyStatement['Condition']>

/** Drops a statement. */
const drop = (name: Name, sid: string): Edit => change(name, sid, () => [])

/** Sets members of a statement. */
const set = (name: Name, sid: string, members: Partial<PolicyStatement>): Edit =>
  change(name, sid, statement => [{ ...statement, ...members }])

/** Changes the conditions of a statement. */
const condition = (name: Name, sid: string, to: (old: Condition) => Condition): Edit =>
  change(name, sid, statement => [{ ...statement, Condition: to(statement.Condition ?? {}) }])

/** Without an operator, or without one key of it. */
const without =
  (operator: string, key?: string) =>
  ({ [operator]: keys, ...others }: Condition): Condition => {
    if (keys === undefined) throw new Error(`nothing to plant: no ${operator}`)
    if (key === undefined) return others
    const { [key]: dropped, ...kept } = keys
    if (dropped === undefined) throw new Error(`nothing to plant: no ${key}`)
    return { ...others, [operator]: kept }
  }

const renamed =
  (from: string, to: string) =>
  (old: Condition): Condition => ({ ...without(from)(old), [to]: old[from] ?? {} })

function change(
  name: Name,
  sid: string,
  to: (old: PolicyStatement) => readonly PolicyStatement[],
): Edit {
  return documents => {
    const { Version, Statement } = documents[name]
    if (!Statement.some(one => one.Sid === sid)) throw new Error(`nothing to plant at ${sid}`)
    const Changed = Statement.flatMap(one => (one.Sid === sid ? to(one) : [one]))
    return { ...documents, [name]: { Version, Statement: Changed } }
  }
}

const allow = (
  name: Name,
  Action: readonly string[],
  Principal: NonNullable<PolicyStatement['Principal']>,
): Edit => {
  const Resource = name === 'trust' ? {} : { Resource: ['*'] }
  const more: PolicyStatement = { Sid: 'Planted', Effect: 'Allow', Principal, Action, ...Resource }
  return documents => {
    const { Version, Statement } = documents[name]
    return { ...documents, [name]: { Version, Statement: [...Statement, more] } }
  }
}

const tag = (name: string) => `\${aws:PrincipalTag/${name}}`
const HOP = 'kms:EncryptionContext:hop'
const DAY = 'kms:EncryptionContext:day'
const root = { AWS: `arn:aws:iam::${COURIER.account}:root` }
const router = { AWS: `arn:aws:iam::${COURIER.account}:role/router` }
const opens = 'AStationOpensItsOwn'
const wraps = 'TheRouterWraps'

/** Mistakes that somebody could make in the policies, by what they are. */
const MISTAKES: Readonly<Record<string, readonly Edit[]>> = {
  'hop compared with StringLike, and a star': [
    condition('hop', opens, () => ({ StringLike: { [HOP]: `${tag('hop')}*`, [DAY]: tag('day') } })),
  ],
  'hop compared without case': [
    condition('hop', opens, () => ({ StringLike: { [HOP]: ['?1'], [DAY]: tag('day') } })),
  ],
  'hop compared only if it is there': [
    condition('hop', opens, renamed('StringEquals', 'StringEqualsIfExists')),
  ],
  'hop condition dropped': [condition('hop', opens, without('StringEquals', HOP))],
  'day condition dropped': [condition('hop', opens, without('StringEquals', DAY))],
  'hop and day exchanged': [
    condition('hop', opens, () => ({ StringEquals: { [HOP]: tag('day'), [DAY]: tag('hop') } })),
  ],
  'everybody may open what they are tagged for': [
    set('hop', opens, { Principal: '*' }),
    drop('hop', 'OnlyStationsOpen'),
  ],
  'no Deny of opening on the hop key': [drop('hop', 'OnlyStationsOpen')],
  'hop key opens for the router': [
    allow('hop', ['kms:Decrypt'], router),
    drop('hop', 'OnlyStationsOpen'),
    drop('router', 'NoWayAround'),
  ],
  'hop key delegated to the account': [allow('hop', ['kms:*'], root)],
  'custody key delegated to the account': [allow('custody', ['kms:*'], root)],
  'wildcard principal on the custody key': [allow('custody', ['kms:GetPublicKey'], '*')],
  'no Deny of making on the hop key': [drop('hop', 'NothingElseIsMade')],
  'no Deny of wrapping by others': [drop('hop', 'OnlyTheRouterWraps')],
  'no Deny of opening on the custody key': [drop('custody', 'NobodyDecrypts')],
  'custody key opens for the router': [
    allow('custody', ['kms:Decrypt'], router),
    drop('custody', 'NobodyDecrypts'),
    drop('router', 'NoWayAround'),
  ],
  'no Deny of re-encryption by others': [drop('custody', 'OnlyTheRouterReEncrypts')],
  'grants on the custody key': [drop('custody', 'NoGrantsNoReplicas')],
  'grants on the hop key': [drop('hop', 'NoGrantsNoReplicas')],
  'any algorithm on the custody key': [
    condition('custody', 'TheRouterReEncrypts', without('StringEquals')),
  ],
  'administrators may do everything': [set('hop', 'KeyAdministration', { Action: ['kms:*'] })],
  'no ForAllValues on the names': [condition('hop', wraps, without('ForAllValues:StringEquals'))],
  'ForAnyValue for ForAllValues': [
    condition('hop', wraps, renamed('ForAllValues:StringEquals', 'ForAnyValue:StringEquals')),
  ],
  'no Null conditions on the names': [condition('hop', wraps, without('Null'))],
  'order need not be named': [
    condition('hop', wraps, without('Null', 'kms:EncryptionContext:order')),
  ],
  'any courier': [
    condition('hop', wraps, without('StringEquals', 'kms:EncryptionContext:courier')),
  ],
  'any version': [condition('hop', wraps, without('StringEquals', 'kms:EncryptionContext:v'))],
  'router may target any key': [drop('router', 'ToTheHopKeyOnly')],
  'router may target the custody key only': [
    set('router', 'ToTheHopKeyOnly', { NotResource: [ARNS.custody] }),
  ],
  'router without its own Deny': [drop('router', 'NoWayAround')],
  'station function without its Deny': [drop('helper', 'OpensNothingItself')],
  'any audience signs in': [condition('trust', 'StationsSignIn', without('StringEquals'))],
  'tags need not be given': [
    condition('trust', 'StationsSignIn', without('Null', 'aws:RequestTag/hop')),
  ],
  'further tags may be given': [
    condition('trust', 'StationsSignIn', without('ForAllValues:StringEquals')),
  ],
  'tags may be transitive': [
    condition('trust', 'StationsSignIn', without('Null', 'sts:TransitiveTagKeys')),
  ],
  'stations of no hop and no day sign in': [
    condition('trust', 'StationsSignIn', without('StringNotEquals')),
  ],
  'stations of no hop sign in': [
    condition('trust', 'StationsSignIn', without('StringNotEquals', 'aws:RequestTag/hop')),
  ],
  'capsules for no hop': [condition('hop', wraps, without('StringNotEquals', HOP))],
  'capsules for no day': [condition('hop', wraps, without('StringNotEquals', DAY))],
  'no Deny of AssumeRole': [drop('trust', 'NobodyElse')],
  'the account may assume the station role': [
    drop('trust', 'NobodyElse'),
    allow('trust', ['sts:AssumeRole', 'sts:TagSession'], root),
  ],
  'anybody may sign in': [set('trust', 'StationsSignIn', { Principal: '*' })],
}

/** A planted mistake: how many cells it changes against the rule, and the first of them. */
export interface Planted {
  readonly mistake: string
  readonly changed: number
  readonly first?: { readonly about: string; readonly from: Outcome; readonly to: Outcome }
}

/**
 * Plants each mistake in a copy of the policies and counts the cells that differ from the rule; `quick`
 * stops at the first. The independent evaluator must see the cell told of change too, so sessions with
 * empty tags are left out: what such a tag equals is not documented.
 */
export async function plantMistakes(cells: readonly Cell[], quick: boolean): Promise<Planted[]> {
  const results: Planted[] = []
  const clear = cells.filter(({ actor }) => !Object.values(actor.tags ?? {}).includes(''))
  const tried = quick ? shuffle(clear) : clear
  for (const [mistake, edits] of Object.entries(MISTAKES)) {
    const documents = edits.reduce((all, edit) => edit(all), makeDocuments())
    results.push({ mistake, ...(await judge(cellsOf(tried, documents), documents, quick)) })
  }
  return results
}

/** Neighbours are alike: far steps meet a changed cell sooner. The step is prime, so each cell comes once. */
function shuffle(cells: readonly Cell[]): Cell[] {
  return cells.flatMap((_, at) => cells[(at * 15_485_863) % cells.length] ?? [])
}

/** Cells that an edited policy has a say in. */
function cellsOf(cells: readonly Cell[], documents: Documents): Cell[] {
  const originals = Object.entries(makeDocuments())
  const before = new Map(originals.map(([name, document]) => [name, JSON.stringify(document)]))
  const edited = new Set<string>(
    Object.entries(documents)
      .filter(([name, document]) => JSON.stringify(document) !== before.get(name))
      .map(([name]) => name),
  )
  return cells.filter(
    ({ on, actor }) => edited.has(on) || actor.policies.some(name => edited.has(name)),
  )
}

/** The first cell told of is one that is allowed now, where there is one. */
async function judge(cells: readonly Cell[], documents: Documents, quick: boolean) {
  const ours = ourDecisions(documents)
  const differs = (cell: Cell) => ours(cell) !== cell.expected
  const changed = quick ? cells.slice(cells.findIndex(differs)).slice(0, 1) : cells.filter(differs)
  const first = changed.find(cell => ours(cell) === 'allowed') ?? changed[0]
  if (first === undefined || !differs(first)) return { changed: 0 }
  const to = ours(first)
  if ((await theirDecisions(documents)(first)) !== to) return { changed: 0 }
  const { about, expected: from } = first
  return { changed: changed.length, first: { about, from, to } }
}
