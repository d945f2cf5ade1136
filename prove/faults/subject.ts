import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The code that is put to the proof: the flows, the store below them, and the courier's router. */
export async function loadSubject(root: string) {
  const load = (file: string) => import(pathToFileURL(join(root, file)).href)
  const receive: typeof import('../../lib/flow/receive.ts') = await load('lib/flow/receive.ts')
  const change: typeof import('../../lib/flow/change.ts') = await load('lib/flow/change.ts')
  const offer: typeof import('../../lib/flow/offer.ts') = await load('lib/flow/offer.ts')
  const answer: typeof import('../../lib/flow/answer.ts') = await load('lib/flow/answer.ts')
  const feeds: typeof import('../../lib/flow/feeds.ts') = await load('lib/flow/feeds.ts')
  const serve: typeof import('../../lib/flow/serve-platform.ts') = await load(
    'lib/flow/serve-platform.ts',
  )
  const report: typeof import('../../lib/flow/report.ts') = await load('lib/flow/report.ts')
  const assign: typeof import('../../lib/flow/assign.ts') = await load('lib/flow/assign.ts')
  const release: typeof import('../../lib/flow/release.ts') = await load('lib/flow/release.ts')
  const shred: typeof import('../../lib/flow/shred.ts') = await load('lib/flow/shred.ts')
  const sweep: typeof import('../../lib/flow/sweep.ts') = await load('lib/flow/sweep.ts')
  const store: typeof import('../../lib/store/index.ts') = await load('lib/store/index.ts')
  const seal: typeof import('../../lib/seal/index.ts') = await load('lib/seal/index.ts')
  const secrets: typeof import('../../lib/access/secrets.ts') = await load('lib/access/secrets.ts')
  const errors: typeof import('../../lib/model/errors.ts') = await load('lib/model/errors.ts')
  const router: typeof import('../../lib/custody/router.ts') = await load('lib/custody/router.ts')
  const table: typeof import('../../functions/router/table.ts') = await load(
    'functions/router/table.ts',
  )
  const routerStore: typeof import('../../functions/router/store.ts') = await load(
    'functions/router/store.ts',
  )
  return {
    ...{ ...receive, ...change, ...offer, ...answer, ...feeds, ...serve, ...report, ...assign },
    ...{ ...release, ...shred, ...sweep, ...store, ...seal, ...secrets, ...errors, ...router },
    ...{ ...table, ...routerStore },
  }
}

export type Subject = Awaited<ReturnType<typeof loadSubject>>
