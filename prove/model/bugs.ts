import type { Bug } from '../faults/bugs.ts'

const bug = (name: string, file: string, find: string, put: string): Bug => ({
  name,
  patches: [{ file, find, put }],
})

/** Places where gateway and reference are made to part. */
export const bugs: readonly Bug[] = [
  bug(
    'documents of an earlier try are told',
    'store/commit.ts',
    'doc.life === head.life && doc.version >= head.docVersion',
    'doc.life === head.life',
  ),
  bug(
    'a denied cancellation may be asked for again',
    'flow/next/wishes.ts',
    "if (head.denied) return only('cancel-denied')",
    '',
  ),
  bug(
    'an older wish counts',
    'flow/next/wishes.ts',
    "if (isStale(head, at) || at === head.wish?.at) return only('stale')",
    '',
  ),
  bug(
    'a hold outlives the change',
    'flow/next/wishes.ts',
    'return step(rest, after, now, ',
    'return step(head, after, now, ',
  ),
  bug(
    'an older epoch counts again',
    'store/keys.ts',
    "ConditionExpression: 'epoch = :epoch',\n    ExpressionAttributeValues",
    "ConditionExpression: 'epoch >= :epoch',\n    ExpressionAttributeValues",
  ),
  bug(
    'a held order is released',
    'store/head.ts',
    'return open && !head.held && ',
    'return open && ',
  ),
  bug(
    'any hop is the holder',
    'flow/release.ts',
    'custody?.hop === hop && custody.day',
    'custody?.day',
  ),
  bug('the order is locked a body later', 'flow/next.ts', 'MOST_WRONG = 5', 'MOST_WRONG = 1'),
  bug(
    'an offer ends without a word to the courier',
    'flow/next.ts',
    "    { side: 'courier', kind: 'cancel' },\n",
    '',
  ),
]
