import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import type { World } from '../../lib/local/world.ts'
import { match } from '../../test/functions/rest/rest-api.ts'
import { restEvent } from '../../test/functions/rest/rest-event.ts'
import type { Chance } from '../seals/chance.ts'
import { type Call, callersOf } from './calls.ts'
import { checkHttp } from './contract.ts'
import { echoIn } from './echo.ts'
import { oddEvent } from './event-layer.ts'
import { type Fault, foreign } from './fault.ts'
import type { Layer } from './json-layer.ts'
import { markOf, mutateBytes } from './mutate.ts'
import type { Code, Sample } from './subject.ts'

/** What was heard beside the answers: class names of errors that are none of ours. */
export interface Heard {
  readonly bugs: string[]
  /** The longest answer, in characters. */
  longest: number
}

/** Whole calls through the Lambda adapter: signed after mutation, changed after signing, or by chance alone. */
export function appLayer(
  code: Code,
  world: World,
  samples: readonly Sample[],
  heard: Heard,
): Layer {
  const report = (name: string) => void heard.bugs.push(name)
  const present = code.lambda.handleRest(code.gatewayApp(world, report), report)
  const away = code.lambda.handleRest(code.gatewayApp(withoutStore(code, world), report), report)
  const callers = callersOf(code, world, samples)
  return async chance => {
    const mark = markOf(chance)
    const isOdd = chance.happens(0.3)
    const call = isOdd ? undefined : await chance.pick(callers)(chance, mark)
    const event =
      call === undefined ? oddEvent(chance, mark) : eventOf(changed(call, chance), chance)
    const isAway = chance.happens(0.05)
    heard.bugs.length = 0
    try {
      const result = await (isAway ? away : present)(event)
      const [bug] = heard.bugs
      if (bug !== undefined)
        return { broken: 'serverErrors', what: `${bug} at ${event.resource}`, input: event }
      return judge({ event, result, mark, isAway, partner: call?.partner ?? '' }, heard)
    } catch (error) {
      // A function that rejects is an answer of 502.
      return foreign(error, event) ?? { broken: 'serverErrors', what: 'a rejection', input: event }
    }
  }
}

/** Every call to the store fails as it does when DynamoDB does not answer. */
function withoutStore({ GatewayError }: Code, world: World): World {
  const fail = async () => {
    throw new GatewayError('STORE_AWAY', '', { retry: 'later' })
  }
  const away = <T extends { readonly store: object }>(ports: T): T => ({
    ...ports,
    store: new Proxy(ports.store, { get: () => fail }),
  })
  return {
    ...world,
    intake: away(world.intake),
    exchange: away(world.exchange),
    custody: away(world.custody),
  }
}

/** What stood signed is changed in one place, now and then: it must be refused, and nothing more. */
function changed(call: Call, chance: Chance): Call {
  if (chance.happens(0.7)) return call
  const [name = 'x', value = ''] = chance.pick([...Object.entries(call.headers), ['x', 'y']])
  return chance.pick<() => Call>([
    () => ({ ...call, body: mutateBytes(call.body, chance) }),
    () => ({ ...call, headers: { ...call.headers, [name]: `${value}, ${value}` } }),
    () => ({
      ...call,
      headers: {
        ...call.headers,
        [name]: mutateBytes(Buffer.from(value), chance).toString('latin1'),
      },
    }),
    () => ({ ...call, headers: { ...call.headers, 'content-encoding': 'gzip' } }),
    () => ({ ...call, headers: {} }),
    () => ({ ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}x=1` }),
    () => ({ ...call, path: call.path.replace(/=[^&]*/, '=') }),
    () => ({ ...call, method: chance.pick(['PUT', 'HEAD', 'DELETE', 'OPTIONS']) }),
  ])()
}

function eventOf({ method, path, headers, body }: Call, chance: Chance): APIGatewayProxyEvent {
  const [place = '', query = ''] = path.split('?')
  const incoming = {
    ...{ method, path: place, query, headers: Object.entries(headers) },
    ...(body.length === 0 || method === 'GET' || method === 'HEAD' ? {} : { body }),
  }
  const event = restEvent(incoming, match({ path: place, method }))
  // A stage whose media types are not binary hands out text.
  const text = Buffer.from(body).toString('utf8')
  const isText = event.body !== null && Buffer.from(text).equals(body) && chance.happens(0.2)
  return isText ? { ...event, body: text, isBase64Encoded: false } : event
}

function judge(
  of: {
    event: APIGatewayProxyEvent
    result: APIGatewayProxyResult
    mark: string
    isAway: boolean
    partner: string
  },
  heard: Heard,
): Fault | undefined {
  const { event, result, mark, isAway, partner } = of
  const { resource, httpMethod, pathParameters } = event
  // A web request writes the usual methods in upper case.
  const method = httpMethod.toUpperCase()
  const { statusCode: status, body: text, headers = {} } = result
  heard.longest = Math.max(heard.longest, text.length)
  const who = partner || String(pathParameters?.platform ?? pathParameters?.courier ?? '')
  const where = `${method} ${resource}`
  if (status >= 500 && !(isAway && status === 503))
    return { broken: 'serverErrors', what: `${status} at ${where}`, input: event }
  if (JSON.stringify(headers).includes(mark))
    return { broken: 'echoed', what: `a header of ${where}`, input: event }
  const contentType = String(headers['content-type'] ?? '')
  const after = headers['retry-after']
  const retryAfter = after === undefined ? undefined : String(after)
  const routed = resource === '/{proxy+}' ? rerouted(event) : resource
  return (
    checkHttp(
      { resource: routed, method, partner: who },
      { status, contentType, text, retryAfter },
      (event.body ?? '').length,
      event,
    ) ??
    echoIn(
      text,
      mark,
      resource.endsWith('orders') || resource.endsWith('cancellations') ? who : 'gateway',
      event,
    )
  )
}

/** A catch-all may name a path that is described: the app does not know how it was matched. */
function rerouted({ pathParameters, httpMethod }: APIGatewayProxyEvent): string {
  const path = `/${pathParameters?.proxy ?? ''}`
  try {
    return match({ path, method: httpMethod }).resource
  } catch {
    return '/{proxy+}'
  }
}
