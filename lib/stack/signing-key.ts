import { CfnKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { KEY_DELETION_DAYS, type PolicyDocument } from '../custody/policies.ts'
import { keep } from './keep.ts'

/** What the operator's administrators may do with it: nothing cryptographic, no grants. */
const MANAGEMENT_ACTIONS = [
  'kms:DescribeKey',
  'kms:GetPublicKey',
  'kms:GetKeyPolicy',
  'kms:PutKeyPolicy',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
  'kms:GetKeyRotationStatus',
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
]

/** The key that certifies intake's ephemeral signing keys (ECC_NIST_P256). */
export class SigningKey extends Construct {
  readonly arn: string

  /** @param accountRoot ARN of the operator's account, which manages the key and cannot sign */
  constructor(scope: Construct, id: string, by: { accountRoot: string; intakeRole: string }) {
    super(scope, id)
    const key = new CfnKey(this, 'Key', {
      description: 'LastHop: certifies the keys by which intake signs seals',
      keySpec: 'ECC_NIST_P256',
      keyUsage: 'SIGN_VERIFY',
      multiRegion: false,
      pendingWindowInDays: KEY_DELETION_DAYS,
      keyPolicy: signingKeyPolicy(by.accountRoot, by.intakeRole),
    })
    keep(key)
    this.arn = key.attrArn
  }
}

/** Policy of the gateway's signing key: intake alone signs, and only as certificates are signed. */
export function signingKeyPolicy(accountRoot: string, intakeRole: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TheAccountManagesIt',
        Effect: 'Allow',
        Principal: { AWS: accountRoot },
        Action: MANAGEMENT_ACTIONS,
        Resource: ['*'],
      },
      {
        Sid: 'IntakeSigns',
        Effect: 'Allow',
        Principal: { AWS: intakeRole },
        Action: ['kms:Sign'],
        Resource: ['*'],
        Condition: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
      },
      {
        Sid: 'NobodyElseSigns',
        Effect: 'Deny',
        Principal: '*',
        Action: ['kms:Sign'],
        Resource: ['*'],
        Condition: { StringNotEquals: { 'aws:PrincipalArn': intakeRole } },
      },
      {
        Sid: 'NoGrantsNoReplicas',
        Effect: 'Deny',
        Principal: '*',
        Action: ['kms:CreateGrant', 'kms:ReplicateKey'],
        Resource: ['*'],
      },
    ],
  }
}
