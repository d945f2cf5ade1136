import { Duration } from 'aws-cdk-lib'
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { metricOf } from './alarms.ts'
import type { GatewayRole } from './grants.ts'
import { MEMORY_MB } from './node-function.ts'

/** What is looked at. */
export interface Watching {
  readonly roles: readonly GatewayRole[]
  /** Names of tables in AWS, by what we call them. */
  readonly tables: Readonly<Record<string, string>>
}

const FIVE_MINUTES = 300

/**
 * The operator's picture: what is owed and for how long, what is refused, what fails, what is released,
 * and what it costs.
 */
export function addDashboard(scope: Construct, { roles, tables }: Watching): Dashboard {
  const functions = (metric: string, statistic: string) =>
    roles.map(role => ofFunction(role, metric, statistic))
  const widgets: IWidget[][] = [
    [
      graph('Age of the oldest owed, seconds', [
        search('"feed-age-seconds"', '{LastHop,partner,side}', 'Maximum'),
      ]),
      graph('Owed', [search('"feed-depth"', '{LastHop,partner,shard,side}', 'Maximum')]),
      graph('Moved aside', [search('"feed-parked"', '{LastHop,partner,side}', 'Maximum')]),
    ],
    [
      graph('Taken, answered, ended', [
        counted('intake', 'orders-posted'),
        counted('exchange', 'answers'),
        counted('sweep', 'offers-expired'),
      ]),
      graph('Refused', [
        counted('custody', 'releases-refused'),
        search('assignment', '{LastHop,function}', 'Sum'),
      ]),
      graph('Releases, and hops over a count', [
        counted('custody', 'releases'),
        ...['50', '500', '5000', 'limit'].map(at => counted('custody', `release-alarm-${at}`)),
      ]),
    ],
    [
      graph('Calls and errors', [api('Count'), api('4XXError'), api('5XXError')]),
      graph('Latency, p99', [api('Latency', 'p99'), api('IntegrationLatency', 'p99')]),
      graph('Functions: errors, held back', [
        ...functions('Errors', 'Sum'),
        ...functions('Throttles', 'Sum'),
      ]),
    ],
    [
      graph('Cost: units of tables', Object.entries(tables).flatMap(unitsOf)),
      graph('Cost: GB-seconds of functions', roles.map(gigabyteSeconds)),
      graph('Cost: calls to KMS', [kmsCalls()]),
    ],
  ]
  return new Dashboard(scope, 'Dashboard', { dashboardName: 'lasthop', widgets })
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 })
}

function ofFunction(role: GatewayRole, metric: string, statistic: string) {
  const of = { FunctionName: `lasthop-${role}` }
  return metricOf({ namespace: 'AWS/Lambda', metric, of, statistic, everySeconds: FIVE_MINUTES })
}

function counted(role: GatewayRole, metric: string) {
  const shared = { namespace: 'LastHop', statistic: 'Sum', everySeconds: FIVE_MINUTES }
  return metricOf({ ...shared, metric, of: { function: role } })
}

function api(metric: string, statistic = 'Sum') {
  const of = { ApiName: 'lasthop', Stage: 'live' }
  const shared = { namespace: 'AWS/ApiGateway', everySeconds: FIVE_MINUTES }
  return metricOf({ ...shared, metric, of, statistic })
}

/** Whatever has that very name, or, without quotes, that word in its name: what comes later is in it, too. */
function search(name: string, schema: string, statistic: string): MathExpression {
  const what = `${schema} MetricName=${name}`
  return expression(`SEARCH('${what}', '${statistic}', ${FIVE_MINUTES})`, '')
}

function unitsOf([name, TableName]: [string, string]): IMetric[] {
  return ['Read', 'Write'].map(way => {
    const metric = `Consumed${way}CapacityUnits`
    const shared = { namespace: 'AWS/DynamoDB', statistic: 'Sum', everySeconds: FIVE_MINUTES }
    return metricOf({ ...shared, metric, of: { TableName } }).with({ label: `${name} ${way}` })
  })
}

function gigabyteSeconds(role: GatewayRole): IMetric {
  return new MathExpression({
    expression: `ms_${role} / 1000 * ${MEMORY_MB / 1024}`,
    usingMetrics: { [`ms_${role}`]: ofFunction(role, 'Duration', 'Sum') },
    label: role,
    period: Duration.seconds(FIVE_MINUTES),
  })
}

function kmsCalls(): IMetric {
  const schema = '{AWS/Usage,Class,Resource,Service,Type}'
  const what = 'Service="KMS" MetricName="CallCount"'
  return expression(`SEARCH('${schema} ${what}', 'Sum', ${FIVE_MINUTES})`, '')
}

function expression(text: string, label: string): MathExpression {
  return new MathExpression({
    expression: text,
    usingMetrics: {},
    label,
    period: Duration.seconds(FIVE_MINUTES),
  })
}
