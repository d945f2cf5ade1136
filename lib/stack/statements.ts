import type { PolicyDocument, PolicyStatement } from '../custody/policies.ts'
import type { Grant, Target } from './grants.ts'

/** The ARNs that stand for each target; none: the grant is left out. */
export type TargetArns = Readonly<Record<Target, readonly string[]>>

/** IAM's name of the service that a kind of target belongs to. */
const SERVICES: Readonly<Record<string, string>> = {
  table: 'dynamodb',
  key: 'kms',
  secret: 'secretsmanager',
  secrets: 'secretsmanager',
  function: 'lambda',
  log: 'logs',
  traces: 'xray',
}

/**
 * The identity policy of a role: each grant is one statement that allows its actions on its targets.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function policyOf(grants: readonly Grant[], arns: TargetArns): PolicyDocument {
  const statements = grants.flatMap((grant, i) => statementOf(grant, i, arns[grant.on]))
  return { Version: '2012-10-17', Statement: statements }
}

function statementOf(grant: Grant, index: number, Resource: readonly string[]): PolicyStatement[] {
  if (Resource.length === 0) return []
  const service = SERVICES[grant.on.replace(/:.*/, '')]
  const Condition = { ...transactionOnly(grant), ...leadingKeys(grant) }
  return [
    {
      Sid: `${grant.on.replace(/[^A-Za-z]/g, '')}${index}`,
      Effect: 'Allow',
      Action: grant.actions.map(action => `${service}:${action}`),
      Resource,
      ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
    },
  ]
}

function transactionOnly({ inTransaction }: Grant) {
  if (inTransaction === undefined) return {}
  return {
    'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
  }
}

/** `ForAllValues` also holds where there is no value at all, so there must be one. */
function leadingKeys({ keysLike }: Grant) {
  if (keysLike === undefined) return {}
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keysLike },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  }
}
