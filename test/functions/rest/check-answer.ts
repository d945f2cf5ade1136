import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { openApi } from '../../../functions/exchange/openapi.ts'

/** Where the document would be served; what it refers to lies beside it. */
const HOME = 'https://gateway.example/v1/'

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false })
addFormats.default(ajv)
ajv.addKeyword('x-personal')
const folder = resolve(import.meta.dirname, '../../../schemas')
for (const name of readdirSync(folder).filter(file => file.endsWith('.json'))) {
  ajv.addSchema(JSON.parse(readFileSync(join(folder, name), 'utf8')), `${HOME}schemas/${name}`)
}
for (const [name, schema] of Object.entries(openApi.components.schemas)) {
  ajv.addSchema(absolute({ ...schema }), `${HOME}components/${name}`)
}

const compiled = new Map<string, ValidateFunction>()

/**
 * Compiles the schema at a place in the OpenAPI document: `['components', 'schemas', 'Problem']`.
 *
 * @throws {Error} where there is none, or one that is no JSON Schema
 */
export function schemaAt(...place: readonly string[]): ValidateFunction {
  const where = place.join(' ')
  const known = compiled.get(where)
  if (known !== undefined) return known
  let schema: unknown = openApi
  for (const step of place) {
    schema = Object.entries(Object(schema)).find(([name]) => name === step)?.[1]
  }
  assert.ok(typeof schema === 'object' && schema !== null, `no schema at ${where}`)
  const validate = ajv.compile(absolute({ ...schema }))
  compiled.set(where, validate)
  return validate
}

/** The same schema, its references written out: a part of the document has no address of its own. */
function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (name, value: unknown) => {
    if (name !== '$ref' || typeof value !== 'string') return value
    const shared = value.replace('#/components/schemas/', `${HOME}components/`)
    return shared.replace(/^schemas\//, `${HOME}schemas/`)
  })
}

/** Requires that an answer is one that the document names, and has the form that it gives. */
export function checkAnswer(
  resource: string,
  method: string,
  answer: {
    readonly status: number
    readonly contentType: string
    readonly text: string
    readonly retryAfter: string | undefined
  },
): void {
  const where = `${method} ${resource} → ${answer.status}`
  const verb = method.toLowerCase()
  const operation = verb === 'get' || verb === 'post' ? openApi.paths[resource]?.[verb] : undefined
  const known = operation?.responses[String(answer.status)]
  assert.ok(known, `${where} is not documented`)
  assert.equal(answer.retryAfter !== undefined, known.headers !== undefined, `${where}: retry`)
  const type = answer.contentType.split(';')[0] ?? ''
  const media = type in known.content ? type : '*/*'
  assert.ok(media in known.content, `${where} as ${type} is not documented`)
  if (media === '*/*') return
  const at = ['paths', resource, verb, 'responses', String(answer.status), 'content', media]
  const validate = schemaAt(...at, 'schema')
  const valid = validate(JSON.parse(answer.text))
  assert.ok(valid, `${where}: ${ajv.errorsText(validate.errors)}\n${answer.text.slice(0, 2000)}`)
}
