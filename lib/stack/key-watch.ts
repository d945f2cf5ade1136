import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnResourcePolicy, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { AlarmSpec } from './alarms.ts'

/** A use of a key that must never be seen, as EventBridge matches CloudTrail’s records. */
export interface Watched {
  /** `decrypts` */
  readonly name: string
  readonly about: string
  readonly detail: object
}

/**
 * Notes uses of keys that must never be. CloudTrail records each call to KMS, refused ones too, in the
 * accounts of caller and key; a trail that keeps management events of KMS, reads among them, must be
 * there. `Decrypt` and `ReEncrypt` count as reads, which a rule sees only in this state. What is matched
 * is kept for evidence: who, when, which key.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/ct-reencrypt.html (read 2026-11-24)
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
 *   (read 2026-11-24)
 */
export class KeyWatch extends Construct {
  readonly alarms: readonly AlarmSpec[]

  constructor(
    scope: Construct,
    id: string,
    { prefix, watched }: { readonly prefix: string; readonly watched: readonly Watched[] },
  ) {
    super(scope, id)
    const log = new LogGroup(this, 'Evidence', {
      logGroupName: `/aws/events/${prefix}-keys`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    const allowed = this.letWrite(log, prefix)
    this.alarms = watched.map(({ name, about, detail }) => {
      const ruleName = `${prefix}-${name}`
      const rule = new CfnRule(this, name, {
        name: ruleName,
        description: about,
        state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
        eventPattern: {
          source: ['aws.kms'],
          'detail-type': ['AWS API Call via CloudTrail'],
          detail: { eventSource: ['kms.amazonaws.com'], ...detail },
        },
        targets: [{ id: 'evidence', arn: plainArn(log) }],
      })
      rule.node.addDependency(allowed)
      return alarmOn(ruleName, about)
    })
  }

  private letWrite(log: LogGroup, prefix: string): CfnResourcePolicy {
    return new CfnResourcePolicy(this, 'Writes', {
      policyName: `${prefix}-keys`,
      policyDocument: Stack.of(this).toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'EventsAreKept',
            Effect: 'Allow',
            Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: log.logGroupArn,
          },
        ],
      }),
    })
  }
}

function alarmOn(ruleName: string, about: string): AlarmSpec {
  return {
    name: ruleName.replace(/^lasthop-/, ''),
    about,
    namespace: 'AWS/Events',
    metric: 'MatchedEvents',
    of: { RuleName: ruleName },
    statistic: 'Sum',
    everySeconds: 60,
    at: 1,
    times: 1,
  }
}

/** Without the `:*` that stands for its streams. */
function plainArn(log: LogGroup): string {
  return Stack.of(log).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: log.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
}

/** Calls by these roles themselves: what a service does on their behalf names the service. */
const directly = (roles: readonly string[]) => ({
  userIdentity: {
    sessionContext: { sessionIssuer: { arn: roles } },
    invokedBy: [{ exists: false }],
  },
})

const throttled: Watched = {
  name: 'kms-throttled',
  about: 'KMS holds calls back: ask for a higher quota, or look for who calls so often',
  detail: { errorCode: ['ThrottlingException'] },
}

/** What no role of the gateway may ever try. */
export function watchedAtGateway(roles: readonly string[]): Watched[] {
  return [
    {
      name: 'gateway-decrypts',
      about: 'A role of the gateway called KMS to open or re-wrap something: shut it off',
      detail: {
        eventName: ['Decrypt', 'ReEncrypt', { prefix: 'GenerateDataKey' }, 'CreateGrant'],
        ...directly(roles),
      },
    },
    throttled,
  ]
}

/** All that is done with a key, by any name. */
const USES = ['Decrypt', 'ReEncrypt', 'Encrypt', { prefix: 'GenerateDataKey' }]

/** What nobody may ever try with a courier’s keys. */
export function watchedAtCourier(of: {
  readonly router: string
  readonly station: string
  readonly custodyKeys: readonly string[]
  readonly hopKey: string
}): Watched[] {
  const keys = [...of.custodyKeys, of.hopKey]
  const resources = { ARN: keys }
  return [
    {
      name: 'strangers-on-keys',
      about: 'Neither router nor station used a courier’s key, or tried to',
      detail: {
        eventName: USES,
        resources,
        userIdentity: {
          sessionContext: { sessionIssuer: { arn: [{ 'anything-but': [of.router, of.station] }] } },
        },
      },
    },
    {
      name: 'users-on-keys',
      about: 'A user, root or another account used a courier’s key, or tried to',
      detail: {
        eventName: USES,
        resources,
        // Of another account’s caller, the records of this one name the account alone.
        userIdentity: { type: ['IAMUser', 'Root', 'AWSAccount'] },
      },
    },
    {
      name: 're-encrypt-elsewhere',
      about: 'The router re-wrapped to a key that is not listed, or tried to',
      detail: {
        eventName: ['ReEncrypt'],
        resources: { ARN: [{ 'anything-but': keys }] },
        ...directly([of.router]),
      },
    },
    {
      name: 'key-policy-changes',
      about: 'Somebody changed, disabled or doomed a courier’s key, or granted it away',
      detail: {
        eventName: [
          ...['PutKeyPolicy', 'CreateGrant', 'DisableKey', 'ScheduleKeyDeletion'],
          'ReplicateKey',
        ],
        resources,
      },
    },
    throttled,
  ]
}
