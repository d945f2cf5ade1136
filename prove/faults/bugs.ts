import type { Patch } from '../planted/copy.ts'

/** A mistake that a fault brings to light. Where two things guard the same, both go. */
export interface Bug {
  readonly name: string
  readonly patches: readonly Patch[]
}

const bug = (name: string, file: string, find: string, put: string): Bug => ({
  name,
  patches: [{ file, find, put }],
})

const ENTRIES = '    ...step.put.map(entry => put(tables.orders, entryItem(entry))),\n'
const KEYS = '    ...(step.keys === undefined ? [] : [keysWrite(step.head, step.keys, ground)]),\n'
const EARLY = 'early: refs.slice(room)'
const WRITE = 'store/write.ts'
const SHRED = 'flow/shred.ts'
const AUDIT = 'store/audit.ts'
const SENT = 'const reasons = await transact(on.ports, on.budget, writes)'

/** Mistakes that a store upon DynamoDB is made with. */
export const bugs: readonly Bug[] = [
  {
    name: 'dual write: entries before their order',
    patches: [
      { file: WRITE, find: ENTRIES, put: '' },
      { file: WRITE, find: EARLY, put: `early: [\n${ENTRIES} ...refs.slice(room)]` },
    ],
  },
  {
    name: 'keys before their order',
    patches: [
      { file: WRITE, find: KEYS, put: '' },
      { file: WRITE, find: EARLY, put: `early: [\n${KEYS} ...refs.slice(room)]` },
    ],
  },
  bug(
    'acknowledged before it is committed',
    'store/commit.ts',
    SENT,
    'void transact(on.ports, on.budget, writes).catch(() => []); const reasons: CancellationReason[] = []',
  ),
  bug(
    'a blocked transaction is taken for kept',
    'store/commit.ts',
    'if (reasons.length === 0) {\n      for',
    'if (!reasons.some(isFailed)) {\n      for',
  ),
  {
    name: 'no idempotency token, and the head written unconditionally',
    patches: [
      { file: 'store/transact.ts', find: 'ClientRequestToken: randomName(ports),', put: '' },
      { file: WRITE, find: "'version = :read'", put: "'attribute_exists(pk)'" },
    ],
  },
  bug('the head written unconditionally', WRITE, "'version = :read'", "'attribute_exists(pk)'"),
  bug(
    'an assignment does not know its own write again',
    'store/keys.ts',
    'if (kept?.epoch === custody.epoch && kept.assignment === custody.assignment) return kept',
    '',
  ),
  bug(
    'keys of a batch that come back unprocessed are left out',
    'store/read.ts',
    'wanted = page.UnprocessedKeys?.[table]?.Keys ?? []',
    'wanted = []',
  ),
  bug(
    'deletions that come back unprocessed are left out',
    'store/feed.ts',
    'while (wanted.length > 0) {',
    'if (wanted.length > 0) {',
  ),
  bug(
    'a short page is taken for the last',
    'store/read.ts',
    'more: page.LastEvaluatedKey !== undefined',
    'more: false',
  ),
  bug(
    'heads are read without consistency',
    'store/read.ts',
    '{ Keys: wanted, ConsistentRead: true }',
    '{ Keys: wanted, ConsistentRead: false }',
  ),
  bug(
    'a sequence is given before its commit: entries stand at the next of a counter in memory',
    'flow/next/step.ts',
    'const at = Math.max(now, head.last + 1)',
    'const at = now + Object.assign(withEntries, { n: (Object(withEntries).n ?? 0) + 1 }).n',
  ),
  bug(
    'the answered entry stays',
    'flow/next/step.ts',
    'drop: drop ? owedEntry(before) : []',
    'drop: []',
  ),
  bug(
    'custody forgets an order whose keys it could not delete',
    SHRED,
    'if (done.delayed === 0) seen.push(id)',
    'seen.push(id)',
  ),
  {
    name: 'what is found by its keys is recorded after they are gone',
    patches: [
      { file: SHRED, find: "if (because === 'retention') await record()", put: '' },
      { file: SHRED, find: "if (because !== 'retention') await record()", put: 'await record()' },
    ],
  },
  bug(
    'a capsule outlives its key',
    'store/keys.ts',
    'await deleteCapsule(ports, on, order, life, one)',
    '',
  ),
  bug(
    'any hop is the holder',
    'flow/release.ts',
    'custody?.hop === hop && custody.day === day',
    'custody?.day === day',
  ),
  {
    name: 'the chain is appended to unconditionally',
    patches: [
      { file: AUDIT, find: ', ...standsAt(head.length)', put: '' },
      { file: AUDIT, find: ', Item: recordItem, ...once', put: ', Item: recordItem' },
    ],
  },
]
