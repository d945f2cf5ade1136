import { Stack, type StackProps } from 'aws-cdk-lib'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import {
  type PolicyStatement,
  roleArn,
  routerTablePolicy,
  stationFunctionPolicy,
} from '../custody/policies.ts'
import { Alarms, apiAlarms, functionAlarms, tableAlarms } from './alarms.ts'
import { type CodeSource, codeOf } from './code.ts'
import { type CustodyPins, routerFile, stationFile } from './config-files.ts'
import { type EmulatorContext, emulatorEnvironment } from './emulator.ts'
import { KeyWatch, watchedAtCourier } from './key-watch.ts'
import { NodeFunction } from './node-function.ts'
import { type Domain, RestApi } from './rest-api.ts'
import { stationRoutes } from './routes.ts'
import { Table } from './table.ts'

/** Half of what a function has. */
const SLOW_MS = 10_000

/** What a courier's second stack is made from. */
export interface CustodyStackProps extends StackProps {
  readonly pins: CustodyPins
  readonly code: CodeSource
  /** The gateway that this courier serves. */
  readonly gateway: { readonly account: string; readonly origin: string }
  /** The helper of handhelds; absent: none. */
  readonly station?: { readonly domain?: Domain }
  readonly emulator?: EmulatorContext
  /** ARN of the topic that alarms go to. */
  readonly alarmTopic?: string
}

/**
 * The courier's account, second part: the router with its table, and the helper of handhelds. Roles
 * and keys are there already, in `CustodyKeysStack`; they are named, not referred to.
 */
export class CustodyStack extends Stack {
  private readonly props: CustodyStackProps

  constructor(scope: Construct, id: string, props: CustodyStackProps) {
    super(scope, id, props)
    this.props = props
    this.addRouter()
    if (props.station !== undefined) this.addStation(props.station)
    this.addOperations()
  }

  private addRouter(): void {
    const { account } = this.props.pins
    const { courier, roles } = account
    const receiptSecret = `lasthop/${courier}/receipts`
    const tableName = `lasthop-${courier}-custody`
    const table = new Table(this, 'Custody', {
      name: tableName,
      pointInTimeRecovery: true,
      deletionProtection: true,
    })
    const content = routerFile(this.props.pins, { table: tableName, receiptSecret })
    const router = new NodeFunction(this, 'Router', {
      name: roles.router,
      description: `LastHop: re-wraps keys of ${courier} to its hops`,
      code: codeOf(this.props.code, 'router', { name: 'router.json', content }),
      environment: emulatorEnvironment(this.props.emulator, roles.router),
      roleArn: roleArn(account, roles.router),
    })
    const own = routerTablePolicy(table.arn)
    const receipts = this.readsSecret(receiptSecret)
    router.grant({ ...own, Statement: [...own.Statement, receipts, writesLog(router.log)] })
    // The gateway's account, and no role of it: the router trusts signatures only.
    new CfnPermission(this, 'GatewayInvokes', {
      action: 'lambda:InvokeFunction',
      functionName: router.handler.functionName,
      principal: this.props.gateway.account,
    })
  }

  /** Who uses the keys, and how router and helper fare. */
  private addOperations(): void {
    const { pins, station, alarmTopic: topic } = this.props
    const { account, courier: pinned } = pins
    const { courier, roles } = account
    const watch = new KeyWatch(this, 'KeyWatch', {
      prefix: `lasthop-${courier}`,
      watched: watchedAtCourier({
        router: roleArn(account, roles.router),
        station: roleArn(account, roles.station),
        custodyKeys: pinned.custodyKeys.map(({ arn }) => arn),
        hopKey: pinned.hopKey,
      }),
    })
    const helper = `lasthop-${courier}-station-helper`
    const api = `lasthop-${courier}-station`
    const specs = [
      ...functionAlarms(roles.router, SLOW_MS),
      ...(station === undefined ? [] : [...functionAlarms(helper, SLOW_MS), ...apiAlarms(api)]),
      ...tableAlarms(`${courier}-custody`, `lasthop-${courier}-custody`),
      ...watch.alarms,
    ]
    new Alarms(this, 'Alarms', { specs, topic })
  }

  /** The router signs receipts by a key of its own. */
  private readsSecret(name: string): PolicyStatement {
    const { partition, region, account } = this.props.pins.account
    return {
      Sid: 'SignsReceipts',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: [`arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-??????`],
    }
  }

  private addStation({ domain }: { readonly domain?: Domain }): void {
    const { pins, code, gateway } = this.props
    const { courier } = pins.account
    const content = stationFile(pins, gateway.origin)
    const name = `lasthop-${courier}-station-helper`
    const station = new NodeFunction(this, 'StationHelper', {
      name,
      description: `LastHop: opens for handhelds of ${courier} that hold no AWS credentials`,
      code: codeOf(code, 'station', { name: 'station.json', content }),
      environment: emulatorEnvironment(this.props.emulator, name),
    })
    const own = stationFunctionPolicy()
    station.grant({ ...own, Statement: [...own.Statement, writesLog(station.log)] })
    new RestApi(this, 'StationRest', {
      name: `lasthop-${courier}-station`,
      routes: stationRoutes,
      functions: { station: station.handler },
      throttle: { rate: 100, burst: 200 },
      ...(domain === undefined ? {} : { domain }),
    })
  }
}

function writesLog(log: string): PolicyStatement {
  return {
    Sid: 'OwnLog',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: [log],
  }
}
