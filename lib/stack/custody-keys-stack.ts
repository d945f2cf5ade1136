import { CfnOutput, type CfnResource, Stack, type StackProps } from 'aws-cdk-lib'
import { CfnOIDCProvider, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam'
import { CfnKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import {
  type CustodyAccount,
  custodyKeyPolicy,
  hopKeyPolicy,
  KEY_DELETION_DAYS,
  roleGuardPolicy,
  routerPolicy,
  STATION_SESSION_SECONDS,
  STS_AUDIENCE,
  stationTrustPolicy,
} from '../custody/policies.ts'
import { keep } from './keep.ts'
import { FUNCTION_TRUST } from './node-function.ts'

/** What a courier's first stack is made from. */
export interface CustodyKeysStackProps extends StackProps {
  readonly custody: CustodyAccount
  /** Names of its custody keys: `main`. */
  readonly keys: readonly string[]
  /** Whether the account has the issuer's identity provider already. */
  readonly hasProvider: boolean
}

/**
 * The courier's account, first part: custody keys and hop key, the two roles that their policies name,
 * and the identity provider. Every policy comes from `lib/custody/policies.ts` as it is. Deployed
 * without tags: a tag on the stack would become one of the station role, which its guard refuses.
 */
export class CustodyKeysStack extends Stack {
  constructor(scope: Construct, id: string, props: CustodyKeysStackProps) {
    super(scope, id, props)
    const { custody, keys } = props
    const { router, station } = custody.roles
    const roles = [
      this.addRole('RouterRole', { roleName: router, assumeRolePolicyDocument: FUNCTION_TRUST }),
      this.addStationRole(custody, station, props.hasProvider),
    ]
    for (const name of keys) this.addCustodyKey(custody, name, roles)
    const hopKey = this.addHopKey(custody, roles)
    this.addPolicy('RouterPolicy', [router], routerPolicy(hopKey.attrArn))
    this.addPolicy(
      'RoleGuard',
      [custody.roles.keyAdmin, custody.roles.deploy],
      roleGuardPolicy(custody),
    )
  }

  private addRole(id: string, props: ConstructorParameters<typeof CfnRole>[2]): CfnRole {
    const role = new CfnRole(this, id, props)
    keep(role)
    return role
  }

  private addStationRole(custody: CustodyAccount, roleName: string, hasProvider: boolean): CfnRole {
    const role = this.addRole('StationRole', {
      roleName,
      assumeRolePolicyDocument: stationTrustPolicy(custody),
      maxSessionDuration: STATION_SESSION_SECONDS,
    })
    if (!hasProvider) role.addResourceDependency(this.addProvider(custody.issuer))
    return role
  }

  private addProvider(issuer: string): CfnOIDCProvider {
    const provider = new CfnOIDCProvider(this, 'IdentityProvider', {
      url: `https://${issuer}`,
      clientIdList: [STS_AUDIENCE],
    })
    keep(provider)
    return provider
  }

  private addCustodyKey(custody: CustodyAccount, name: string, roles: CfnResource[]): void {
    const key = this.addKey(`CustodyKey${name.charAt(0).toUpperCase()}${name.slice(1)}`, roles, {
      description: `LastHop: wraps content keys for ${custody.courier}; nobody decrypts with it`,
      keySpec: 'RSA_3072',
      keyUsage: 'ENCRYPT_DECRYPT',
      keyPolicy: custodyKeyPolicy(custody),
    })
    new CfnOutput(this, `${key.node.id}Arn`, { value: key.attrArn })
  }

  private addHopKey(custody: CustodyAccount, roles: CfnResource[]): CfnKey {
    const key = this.addKey('HopKey', roles, {
      description: `LastHop: wraps content keys for one hop, order and day of ${custody.courier}`,
      keySpec: 'SYMMETRIC_DEFAULT',
      keyUsage: 'ENCRYPT_DECRYPT',
      enableKeyRotation: true,
      keyPolicy: hopKeyPolicy(custody),
    })
    new CfnOutput(this, 'HopKeyArn', { value: key.attrArn })
    return key
  }

  private addKey(
    id: string,
    roles: readonly CfnResource[],
    props: NonNullable<ConstructorParameters<typeof CfnKey>[2]>,
  ): CfnKey {
    const pendingWindowInDays = KEY_DELETION_DAYS
    const key = new CfnKey(this, id, { ...props, pendingWindowInDays, multiRegion: false })
    keep(key)
    // KMS refuses a policy that names a role which is not there.
    for (const role of roles) key.addResourceDependency(role)
    return key
  }

  private addPolicy(policyName: string, roles: string[], policyDocument: object): void {
    const policy = new CfnPolicy(this, policyName, {
      policyName: `lasthop-${policyName}`,
      roles,
      policyDocument,
    })
    keep(policy)
    for (const role of ['RouterRole', 'StationRole'])
      policy.node.addDependency(this.node.findChild(role))
  }
}
