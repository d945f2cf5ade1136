import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'

/** When somebody is called, as data. */
export interface AlarmSpec {
  /** `feed-age-courier-sf`; the alarm is `lasthop-feed-age-courier-sf`. */
  readonly name: string
  /** What it means, and where to look. */
  readonly about: string
  /** `LastHop`, `AWS/Lambda` … */
  readonly namespace: string
  readonly metric: string
  readonly of: Readonly<Record<string, string>>
  /** `Sum`, `Maximum`, `p99` … */
  readonly statistic: string
  /** Raised at this value and above; or, with `below`, under it. */
  readonly at: number
  readonly below?: true
  readonly everySeconds: number
  /** So many times one after the other. */
  readonly times: number
  /** No figure at all is as good as a bad one. Else as a good one: what did not happen is not counted. */
  readonly missing?: 'bad'
}

/** Alarms; they go to the operator's topic, where there is one. */
export class Alarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { specs, topic }: { readonly specs: readonly AlarmSpec[]; readonly topic: string | undefined },
  ) {
    super(scope, id)
    const action =
      topic === undefined ? undefined : new SnsAction(Topic.fromTopicArn(this, 'Topic', topic))
    for (const spec of specs) {
      const alarm = this.add(spec)
      if (action !== undefined) alarm.addAlarmAction(action)
    }
  }

  private add({ name, about, below, missing, ...spec }: AlarmSpec): Alarm {
    return new Alarm(this, name, {
      alarmName: `lasthop-${name}`,
      alarmDescription: about,
      metric: metricOf(spec),
      threshold: spec.at,
      evaluationPeriods: spec.times,
      comparisonOperator:
        below === true
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData:
        missing === 'bad' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    })
  }
}

/** A metric of CloudWatch. */
export function metricOf(
  spec: Pick<AlarmSpec, 'namespace' | 'metric' | 'of' | 'statistic' | 'everySeconds'>,
): Metric {
  return new Metric({
    namespace: spec.namespace,
    metricName: spec.metric,
    dimensionsMap: { ...spec.of },
    statistic: spec.statistic,
    period: Duration.seconds(spec.everySeconds),
  })
}

const FIVE_MINUTES = 300

/** A function of ours that fails, is held back, or is slow. */
export function functionAlarms(name: string, slowMs: number): AlarmSpec[] {
  const shared = { namespace: 'AWS/Lambda', of: { FunctionName: name }, everySeconds: FIVE_MINUTES }
  const own = name.replace(/^lasthop-/, '')
  return [
    {
      ...shared,
      name: `${own}-errors`,
      about: `${name} failed: its log holds the class of the error`,
      metric: 'Errors',
      statistic: 'Sum',
      at: 1,
      times: 1,
    },
    {
      ...shared,
      name: `${own}-throttles`,
      about: `${name} was held back: too many at once for the account’s concurrency`,
      metric: 'Throttles',
      statistic: 'Sum',
      at: 1,
      times: 1,
    },
    {
      ...shared,
      name: `${own}-slow`,
      about: `One call in a hundred of ${name} takes half the time that it has`,
      metric: 'Duration',
      statistic: 'p99',
      at: slowMs,
      times: 3,
    },
  ]
}

/** A REST API whose callers get errors. */
export function apiAlarms(ApiName: string): AlarmSpec[] {
  const own = ApiName.replace(/^lasthop-?/, '') || 'gateway'
  const shared = {
    namespace: 'AWS/ApiGateway',
    of: { ApiName, Stage: 'live' },
    everySeconds: FIVE_MINUTES,
  }
  return [
    {
      ...shared,
      name: `${own}-5xx`,
      about: 'Callers are told to come back: the store is away, a function fails, a partner is off',
      metric: '5XXError',
      statistic: 'Sum',
      at: 5,
      times: 1,
    },
    {
      ...shared,
      name: `${own}-4xx`,
      about: 'A quarter of all calls is refused: a partner’s secret, clock or format is wrong',
      metric: '4XXError',
      statistic: 'Average',
      at: 0.25,
      times: 3,
    },
  ]
}

/** A table that holds requests back. */
export function tableAlarms(name: string, TableName: string): AlarmSpec[] {
  return (['Read', 'Write'] as const).map(way => ({
    name: `${name}-${way.toLowerCase()}-throttles`,
    about: `Table ${name} holds requests back: a hot partition, or a limit of the account`,
    namespace: 'AWS/DynamoDB',
    metric: `${way}ThrottleEvents`,
    of: { TableName },
    statistic: 'Sum',
    everySeconds: FIVE_MINUTES,
    at: 1,
    times: 3,
  }))
}
