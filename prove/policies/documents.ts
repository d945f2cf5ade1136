import {
  custodyKeyPolicy,
  hopKeyPolicy,
  type PolicyDocument,
  type PolicyStatement,
  roleGuardPolicy,
  routerPolicy,
  stationFunctionPolicy,
  stationTrustPolicy,
} from '../../lib/custody/policies.ts'
import { type Actor, ARNS, COURIER, GATEWAY, type Target } from './cell.ts'

/** Every policy of the matrix: of its targets, and of its actors. */
export type Documents = Readonly<Record<Target | Actor['policies'][number], PolicyDocument>>

/** The policies as they are deployed, and those of the world around them. */
export function makeDocuments(): Documents {
  return {
    custody: custodyKeyPolicy(COURIER),
    hop: hopKeyPolicy(COURIER),
    plain: delegating(COURIER.account),
    foreign: delegating(COURIER.account, GATEWAY),
    trust: stationTrustPolicy(COURIER),
    router: routerPolicy(ARNS.hop),
    helper: stationFunctionPolicy(),
    guard: roleGuardPolicy(COURIER),
    kms: policy({ Action: ['kms:*'] }),
    everything: policy({ Action: ['*'] }),
  }
}

/** The policy that KMS gives a key when nobody says otherwise: the account decides. */
function delegating(...accounts: string[]): PolicyDocument {
  const AWS = accounts.map(account => `arn:aws:iam::${account}:root`)
  return policy({ Principal: { AWS }, Action: ['kms:*'] })
}

function policy(of: Pick<PolicyStatement, 'Action' | 'Principal'>): PolicyDocument {
  const statement: PolicyStatement = { Sid: 'All', Effect: 'Allow', ...of, Resource: ['*'] }
  return { Version: '2012-10-17', Statement: [statement] }
}
