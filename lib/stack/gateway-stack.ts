import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import type { Construct } from 'constructs'
import { TABLE_CARE } from '../store/table-schema.ts'
import { Alarms } from './alarms.ts'
import { type CodeSource, codeOf } from './code.ts'
import { gatewayFile } from './config-files.ts'
import { partitionOf, routerName, type StackContext } from './context.ts'
import { addDashboard } from './dashboard.ts'
import { emulatorEnvironment } from './emulator.ts'
import { gatewayAlarms } from './gateway-alarms.ts'
import { type GatewayRole, grants } from './grants.ts'
import { KeyWatch, watchedAtGateway } from './key-watch.ts'
import { NodeFunction, type NodeFunctionProps } from './node-function.ts'
import type { Pins } from './partners.ts'
import { type Domain, RestApi } from './rest-api.ts'
import { type Behind, gatewayRoutes } from './routes.ts'
import { SigningKey } from './signing-key.ts'
import { policyOf, type TargetArns } from './statements.ts'
import { APPEND_ONLY, NO_COPIES, Table } from './table.ts'

/** Secrets are `lasthop/platforms/<name>` and `lasthop/couriers/<name>`. */
const SECRETS_PREFIX = 'lasthop'

/** A run begins nothing more after forty seconds. */
const SWEEP = { timeoutSeconds: 58 }

/** What custody is invoked with, and how often. */
const SHREDS = [
  { shred: 'closed', every: Duration.minutes(1) },
  { shred: 'outlived', every: Duration.days(1) },
]

/** What the gateway's stack is made from. */
export interface GatewayStackProps extends StackProps {
  readonly context: StackContext
  readonly pins: Pins
  readonly code: CodeSource
}

/**
 * The operator's account: tables, four functions with a role each, their REST API, the key that
 * certifies intake's signing keys, and what tells the operator how all that fares. Nothing here can
 * use a key of a courier.
 */
export class GatewayStack extends Stack {
  private readonly props: GatewayStackProps
  private readonly tables: Readonly<Record<'orders' | 'keys' | 'audit', Table>>
  private readonly signingKey: SigningKey

  constructor(scope: Construct, id: string, props: GatewayStackProps) {
    super(scope, id, props)
    this.props = props
    this.tables = {
      orders: new Table(this, 'Orders', TABLE_CARE.orders),
      keys: new Table(this, 'Keys', { ...TABLE_CARE.keys, denied: NO_COPIES }),
      audit: new Table(this, 'Audit', { ...TABLE_CARE.audit, denied: APPEND_ONLY }),
    }
    const accountRoot = this.arnOf('iam', 'root', '')
    const intakeRole = this.arnOf('iam', `role/${nameOf('intake')}`, '')
    this.signingKey = new SigningKey(this, 'SigningKey', { accountRoot, intakeRole })
    const intake = this.addFunction('intake', 'Takes orders of platforms', {
      SIGNING_KEY_ARN: this.signingKey.arn,
      SIGNING_KEY_ID: props.pins.gateway?.signingKey ?? '',
    })
    // KMS refuses a policy that names a role which is not there.
    intake.roleBefore(this.signingKey)
    const exchange = this.addFunction('exchange', 'Feeds, answers, events', {})
    const custody = this.addFunction('custody', 'Assignments and releases', {
      ROUTERS: JSON.stringify(this.routers()),
    })
    this.addSchedules(custody.handler)
    this.addSweep()
    this.addApi({ intake: intake.handler, exchange: exchange.handler, custody: custody.handler })
    this.addOperations()
    new CfnOutput(this, 'SigningKeyArn', { value: this.signingKey.arn })
  }

  private addFunction(
    role: GatewayRole,
    description: string,
    environment: Record<string, string>,
    more: Pick<NodeFunctionProps, 'timeoutSeconds'> = {},
  ) {
    const { context, pins, code } = this.props
    const config = { name: 'gateway.json', content: gatewayFile(context, pins) }
    const props: NodeFunctionProps = {
      ...more,
      traced: true,
      name: nameOf(role),
      description: `LastHop: ${description.toLowerCase()}`,
      code: codeOf(code, role, config),
      environment: {
        ORDERS_TABLE: this.tables.orders.tableName,
        KEYS_TABLE: this.tables.keys.tableName,
        AUDIT_TABLE: this.tables.audit.tableName,
        SECRETS_PREFIX,
        ...environment,
        ...emulatorEnvironment(context.emulator, nameOf(role)),
      },
    }
    const made = new NodeFunction(this, `Function${role}`, props)
    made.grant(policyOf(grants[role], this.targets(made.log)))
    return made
  }

  /** What the targets of grants are in this account. */
  private targets(log: string): TargetArns {
    const { platforms, couriers } = this.props.context
    return {
      'table:Orders': [this.tables.orders.arn],
      'table:Keys': [this.tables.keys.arn],
      'table:Audit': [this.tables.audit.arn],
      'key:gateway-signing': [this.signingKey.arn],
      'secrets:platforms': platforms.map(name => this.secretArn(`platforms/${name}`)),
      'secrets:couriers': Object.keys(couriers).map(name => this.secretArn(`couriers/${name}`)),
      'secret:body-keys': [this.secretArn('platforms/gateway')],
      'function:router': Object.values(this.routers()),
      'log:own': [log],
      'traces:any': ['*'],
    }
  }

  /** The couriers' router functions, in their own accounts. */
  private routers(): Record<string, string> {
    const couriers = Object.entries(this.props.context.couriers)
    return Object.fromEntries(
      couriers.map(([name, { account, region }]) => {
        const at = `${partitionOf(region)}:lambda:${region}:${account}`
        return [name, `arn:${at}:function:${routerName(name)}`]
      }),
    )
  }

  /** Secrets Manager adds six characters to each name. */
  private secretArn(name: string): string {
    return this.arnOf('secretsmanager', `secret:${SECRETS_PREFIX}/${name}-??????`)
  }

  private arnOf(service: string, resource: string, region?: string): string {
    const { account, region: own } = this.props.context.gateway
    return `arn:${partitionOf(own)}:${service}:${region ?? own}:${account}:${resource}`
  }

  /** Custody looks for keys that must go: every minute at what is closed, once a day at all of them. */
  private addSchedules(custody: NodeFunction['handler']): void {
    for (const { shred, every } of SHREDS) {
      const target = new LambdaFunction(custody, {
        event: RuleTargetInput.fromObject({ shred }),
        // The next run goes on where a failed one stopped.
        retryAttempts: 0,
      })
      new Rule(this, `Shred-${shred}`, { schedule: Schedule.rate(every), targets: [target] })
    }
  }

  /** Ends late offers and measures feeds; two runs at once do no harm. */
  private addSweep(): void {
    const { handler } = this.addFunction('sweep', 'Late offers, age of feeds', {}, SWEEP)
    const target = new LambdaFunction(handler, { retryAttempts: 0 })
    new Rule(this, 'Sweep', { schedule: Schedule.rate(Duration.minutes(1)), targets: [target] })
  }

  private addOperations(): void {
    const { context, pins } = this.props
    const roles = Object.keys(grants) as GatewayRole[]
    const tables = {
      Orders: this.tables.orders.tableName,
      Keys: this.tables.keys.tableName,
      Audit: this.tables.audit.tableName,
    }
    const arns = roles.map(role => this.arnOf('iam', `role/${nameOf(role)}`, ''))
    const watch = new KeyWatch(this, 'KeyWatch', {
      prefix: 'lasthop-gateway',
      watched: watchedAtGateway(arns),
    })
    const specs = [...gatewayAlarms(context, pins, tables), ...watch.alarms]
    new Alarms(this, 'Alarms', { specs, topic: context.gateway.alarmTopic })
    addDashboard(this, { roles, tables })
  }

  private addApi(functions: Readonly<Record<Behind, NodeFunction['handler']>>): void {
    const { gateway, platforms, couriers } = this.props.context
    const domain = domainOf(gateway)
    new RestApi(this, 'Rest', {
      name: 'lasthop',
      routes: gatewayRoutes(platforms, Object.keys(couriers)),
      functions,
      throttle: gateway.throttle ?? { rate: 250, burst: 500 },
      ...(domain === undefined ? {} : { domain }),
      ...(gateway.webAcl === undefined ? {} : { webAcl: gateway.webAcl }),
    })
  }
}

function nameOf(role: GatewayRole): string {
  return `lasthop-${role}`
}

function domainOf({
  origin,
  certificate,
  truststore,
}: StackContext['gateway']): Domain | undefined {
  if (certificate === undefined) return undefined
  const { hostname, pathname } = new URL(origin)
  const basePath = pathname.slice(1)
  return {
    ...{ name: hostname, certificate },
    ...(basePath === '' ? {} : { basePath }),
    ...(truststore === undefined ? {} : { truststore }),
  }
}
