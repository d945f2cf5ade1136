/** The names of the three tables. */
export interface TableNames {
  readonly orders: string
  readonly keys: string
  readonly audit: string
}

/** How every table is keyed, as data: for the embedded database and for the stack alike. */
export const TABLE_SCHEMA = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970 after which the database may delete the item. */
  timeToLive: 'ttl',
} as const

/** What each table wants of its backups. */
export const TABLE_CARE = {
  orders: { pointInTimeRecovery: true, deletionProtection: true },
  /** A deleted key must be gone: no copy is kept anywhere. */
  keys: { pointInTimeRecovery: false, deletionProtection: true },
  audit: { pointInTimeRecovery: true, deletionProtection: true },
} as const satisfies Record<keyof TableNames, object>
