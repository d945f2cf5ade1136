import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { openApi } from '../../functions/exchange/openapi.ts'
import { checkAnswer } from '../../test/functions/rest/check-answer.ts'
import type { Broken, Fault } from './fault.ts'

/** An answer as it left the gateway. */
export interface Answered {
  readonly status: number
  readonly contentType: string
  readonly text: string
  readonly retryAfter: string | undefined
}

/** What a native answer may be, by the partner's own wire schema; acknowledgements of pushes are fixed texts. */
const natives: Readonly<Record<string, readonly ValidateFunction[]>> = {
  douyin: wire('platforms/douyin', 'CreateOrderAnswer', 'SpiAnswer', 'MessageAnswer'),
  kuaishou: [...wire('platforms/kuaishou', 'Answer'), form({ result: 'integer' })],
  vmall: wire('platforms/vmall', 'OrderAnswer', 'ChangeAnswer'),
  'sf push': [form({ return_code: 'string', return_msg: 'string' })],
  'kye push': [form({ code: 'integer', msg: 'string' }, { success: { const: false } })],
}

function wire(folder: string, ...names: readonly string[]): ValidateFunction[] {
  const file = join(import.meta.dirname, '../../lib', folder, 'wire.schema.json')
  const ajv = newAjv()
  const { $id = 'https://wire.example/', ...schema } = JSON.parse(readFileSync(file, 'utf8'))
  ajv.addSchema({ ...schema, $id })
  return names.map(name => ajv.compile({ $ref: `${$id}#/$defs/${name}` }))
}

function form(required: Readonly<Record<string, string>>, more: object = {}): ValidateFunction {
  const properties = Object.entries(required).map(([name, type]) => [name, { type }])
  return newAjv().compile({
    type: 'object',
    required: Object.keys(required),
    properties: { ...Object.fromEntries(properties), ...more },
    additionalProperties: false,
  })
}

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  return ajv
}

/** What may be answered natively: 200, and what others on the way act on. */
const KEPT = [200, 401, 413, 429, 503]

/** Judges what an adapter answers: status, media type, form, length. */
export function checkNative(
  who: string,
  { status, contentType, body }: { status: number; contentType: string; body: string },
  sent: number,
  input: unknown,
): Fault | undefined {
  const fault = (broken: Broken, what: string): Fault => ({
    broken,
    what: `${who}: ${what}`,
    input,
  })
  if (body.length > longest(sent)) return fault('tooLong', `${status} of many bytes`)
  if (!/^application\/(problem\+)?json(;|$)/.test(contentType))
    return fault('offContract', `${status} as ${contentType}`)
  const forms = natives[who]
  if (forms === undefined) return undefined
  if (!KEPT.includes(status)) return fault('offContract', `status ${status}`)
  const document: unknown = JSON.parse(body)
  if (forms.some(is => is(document))) return undefined
  return fault('offContract', `${status} in no form of its wire schema`)
}

/** An answer is as long as the input makes it, by a factor: what it lists was posted. */
export function longest(sent: number): number {
  return 40_000 + 8 * sent
}

/** Pages and documents are as long as what is owed or described. */
const LONGEST_PAGE = 4_500_000

/** Judges an answer by the OpenAPI document and, on native calls, by the partner's own schema. */
export function checkHttp(
  where: { readonly resource: string; readonly method: string; readonly partner: string },
  answer: Answered,
  sent: number,
  input: unknown,
): Fault | undefined {
  const { resource, method, partner } = where
  const fault = (broken: Broken, what: string): Fault => ({
    broken,
    what: `${method} ${resource}: ${what}`,
    input,
  })
  const isPage = method === 'GET' && answer.status === 200
  if (answer.text.length > (isPage ? LONGEST_PAGE : longest(sent)))
    return fault('tooLong', `${answer.status} of many bytes`)
  if (method === 'HEAD') return undefined
  try {
    if (isUnrouted(resource, method)) checkAnswer('/v1/schemas/{name}', 'GET', answer)
    else checkAnswer(resource, method, answer)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof assert.AssertionError)
      return fault('offContract', firstLine(error))
    throw error
  }
  return nativeFault(resource, partner, answer, sent, input)
}

/** A path or a method that is not described answers as one that is and has nothing there. */
function isUnrouted(resource: string, method: string): boolean {
  const verb = method.toLowerCase()
  return !Object.hasOwn(openApi.paths[resource] ?? {}, verb)
}

const NATIVE =
  /^\/v1\/(?:platforms\/\{platform\}\/(?:orders|cancellations)|couriers\/\{courier\}\/events(?:\/\{token\})?)$/

function nativeFault(
  resource: string,
  partner: string,
  { status, contentType, text }: Answered,
  sent: number,
  input: unknown,
): Fault | undefined {
  if (!NATIVE.test(resource) || contentType.startsWith('application/problem+json')) return undefined
  const who = resource.includes('/couriers/') ? `${partner} push` : partner
  return checkNative(who, { status, contentType, body: text }, sent, input)
}

function firstLine(error: Error): string {
  const [first = ''] = error.message.split('\n')
  return first.slice(0, 300)
}
