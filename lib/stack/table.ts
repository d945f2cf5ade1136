import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import type { PolicyStatement } from '../custody/policies.ts'
import { TABLE_SCHEMA } from '../store/table-schema.ts'
import { keep } from './keep.ts'

/** What a table wants. */
export interface TableProps {
  /** Fixed where a configuration file has to name it. */
  readonly name?: string
  readonly pointInTimeRecovery: boolean
  readonly deletionProtection: boolean
  /** What nobody may do with it, whatever their own policy says. */
  readonly denied?: Readonly<Record<string, readonly string[]>>
}

/**
 * A table of ours: the one schema, on demand, encrypted under the key that DynamoDB owns. A key of
 * ours would give every role KMS actions.
 *
 * @see design-storage.md, "Rights"
 */
export class Table extends Construct {
  readonly arn: string
  readonly tableName: string

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id)
    const { partitionKey, sortKey, timeToLive } = TABLE_SCHEMA
    const table = new CfnTable(this, 'Table', {
      ...(props.name === undefined ? {} : { tableName: props.name }),
      billingMode: 'PAY_PER_REQUEST',
      attributeDefinitions: [partitionKey, sortKey].map(attributeName => ({
        attributeName,
        attributeType: 'S',
      })),
      keySchema: [
        { attributeName: partitionKey, keyType: 'HASH' },
        { attributeName: sortKey, keyType: 'RANGE' },
      ],
      timeToLiveSpecification: { attributeName: timeToLive, enabled: true },
      deletionProtectionEnabled: props.deletionProtection,
      ...(props.pointInTimeRecovery
        ? { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } }
        : {}),
      resourcePolicy: { policyDocument: resourcePolicy(props.denied ?? {}) },
    })
    keep(table)
    this.arn = table.attrArn
    this.tableName = table.ref
  }
}

/** No key material leaves the table by a copy of the table. */
export const NO_COPIES = {
  NoCopies: [
    'dynamodb:CreateBackup',
    'dynamodb:UpdateContinuousBackups',
    'dynamodb:RestoreTableToPointInTime',
    'dynamodb:ExportTableToPointInTime',
    'dynamodb:EnableKinesisStreamingDestination',
  ],
}

/** Records are appended and stay. */
export const APPEND_ONLY = {
  AppendOnly: [
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:PartiQLInsert',
    'dynamodb:PartiQLUpdate',
    'dynamodb:PartiQLDelete',
  ],
}

/** A table's own policy. It can name the table by `*` only: its ARN is not known before it exists. */
function resourcePolicy(denied: Readonly<Record<string, readonly string[]>>) {
  const deny = (Sid: string, Action: readonly string[]): PolicyStatement => ({
    Sid,
    Effect: 'Deny',
    Principal: '*',
    Action,
    Resource: ['*'],
  })
  const overTls = {
    ...deny('OnlyOverTls', ['dynamodb:*']),
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
  const Statement = [...Object.entries(denied).map(([sid, actions]) => deny(sid, actions)), overTls]
  return { Version: '2012-10-17', Statement }
}
