import { type App, CfnResource, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'

/** A rule of cdk-nag that is not followed where a path fits, and why. */
export interface Acknowledged {
  /** `AwsSolutions-APIG2`; of a rule with several findings, the one: `AwsSolutions-IAM4[Policy::…]`. */
  readonly rule: string
  /** Paths of constructs, from the app down: `Gateway/Rest/Api/Resource`. */
  readonly at: RegExp
  readonly because: string
}

const NO_AUTHORIZER = ['AwsSolutions-APIG4', 'AwsSolutions-COG4'] as const

/** Calls that are authenticated by the function, not by API Gateway; each kind by what checks it. */
const CALLS = [
  {
    at: /^Gateway\/Rest\/Api\/Default\/v1\/(health|openapi\.json|schemas\/\{name\})\/GET\/Resource$/,
    because: 'Anybody may read it: it says nothing of an order or a partner.',
  },
  {
    at: /^Gateway\/Rest\/Api\/Default\/v1\/couriers\/[^/]+\/keys\/GET\/Resource$/,
    because: 'Public keys, for platforms that seal; they pin what they get.',
  },
  {
    at: /^Gateway\/Rest\/Api\/Default\/v1\/platforms\/[^/]+\/(orders|cancellations)\/POST\/Resource$/,
    because: 'The platform signs natively, over the raw body: no authorizer sees that.',
  },
  {
    at: /^Gateway\/Rest\/Api\/Default\/v1\/couriers\/[^/]+\/events(\/\{token\})?\/POST\/Resource$/,
    because: 'The courier signs natively, over the raw body, or knows the secret path.',
  },
  {
    at: /^Gateway\/Rest\/Api\/Default\/v1\/couriers\/[^/]+\/hops\/\{hop\}\/orders\/\{order\}\/GET\/Resource$/,
    because: 'Custody checks the release token against path, capsule and the pinned issuer.',
  },
  {
    at: /^Gateway\/Rest\/Api\/Default\/v1\/platforms\/[^/]+\/(orders\/\{order\}|events)\/GET\/Resource$/,
    because: 'HTTP Message Signature (RFC 9421), checked by the function.',
  },
  {
    at: /^Gateway\/Rest\/Api\/Default\/v1\/platforms\/[^/]+\/events\/acks\/POST\/Resource$/,
    because: 'HTTP Message Signature (RFC 9421), checked by the function.',
  },
  {
    at: /^Gateway\/Rest\/Api\/Default\/v1\/couriers\/[^/]+\/(waybills\/GET|(answers|assignments|waybills\/\w+)\/POST)\/Resource$/,
    because: 'HTTP Message Signature (RFC 9421), checked by the function.',
  },
  {
    at: /^Custody-[^/]+\/StationRest\/Api\/Default\/v1\/open\/POST\/Resource$/,
    because:
      'STS and the gateway check the handheld’s two tokens; the helper has no right of its own.',
  },
] as const

const API = String.raw`^(Gateway\/Rest|Custody-[^/]+\/StationRest)\/Api\/`
const STAGE = new RegExp(`${API}DeploymentStage\\.live\\/Resource$`)
const LOGGER = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs'

/** Every rule of AwsSolutions that the stacks do not follow. What is not on this list fails synthesis. */
export const ACKNOWLEDGED: readonly Acknowledged[] = [
  ...CALLS.flatMap(call => NO_AUTHORIZER.map(rule => ({ rule, ...call }))),
  {
    rule: 'AwsSolutions-APIG2',
    at: new RegExp(`${API}Resource$`),
    because:
      'Bodies go through byte for byte; the functions check them, strictly and in native form.',
  },
  {
    rule: 'AwsSolutions-APIG3',
    at: STAGE,
    because:
      'Every caller is a signed partner, throttled by method; a firewall is the operator’s option.',
  },
  {
    rule: 'AwsSolutions-APIG6',
    at: STAGE,
    because: 'Execution logs would hold paths, queries and bodies; there is an access log without.',
  },
  {
    rule: 'AwsSolutions-DDB3',
    at: /^Gateway\/Keys\/Table$/,
    because: 'A deleted key must be gone: no copy of the table, by its own policy too.',
  },
  {
    rule: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${LOGGER}]`,
    at: new RegExp(`${API}CloudWatchRole\\/Resource$`),
    because: 'AWS’s own policy for API Gateway’s own role, which writes the access log.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    at: /^Gateway\/Function\w+\/Grants$/,
    because: 'Traces are sent to X-Ray, which knows no resources; nothing else is granted on `*`.',
  },
  {
    rule: 'AwsSolutions-L1',
    at: /^(Gateway\/Function\w+|Custody-[^/]+\/(Router|StationHelper))\/Function\/Resource$/,
    because: 'Node 22 is in long-term support; bundles are made for it and tried on it.',
  },
]

/**
 * Has synthesis fail on every finding of cdk-nag's AwsSolutions that `ACKNOWLEDGED` does not explain.
 * Called when all stacks are there.
 */
export function checkByNag(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks())
  for (const construct of app.node.findAll()) {
    if (!CfnResource.isCfnResource(construct)) continue
    const known = ACKNOWLEDGED.filter(({ at }) => at.test(construct.node.path))
    const rules = known.map(({ rule: id, because: reason }) => ({ id, reason }))
    if (rules.length > 0) Validations.of(construct).acknowledge(...rules)
  }
}
