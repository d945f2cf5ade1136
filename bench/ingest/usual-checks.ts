import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false })
addFormats.default(ajv)
ajv.addKeyword('x-personal')
for (const name of ['order', 'party', 'personal', 'sealed']) {
  ajv.addSchema(read(`../../schemas/${name}.json`))
}
const wire = read('../../lib/platforms/douyin/wire.schema.json')
ajv.addSchema(wire)

const compiled = (ref: string) => {
  const is = ajv.getSchema(ref)
  if (is === undefined) throw new Error(`no schema ${ref}`)
  return is
}

/** The same checks as intake's, compiled by ajv when the process starts, not while a request waits. */
export const checks = {
  request: compiled(`${wire.$id}#/$defs/OrderRequest`),
  info: compiled(`${wire.$id}#/$defs/OrderInfo`),
  order: compiled('https://lasthop.dev/schemas/1/order.json'),
  personal: compiled('https://lasthop.dev/schemas/1/personal.json'),
}

/** A document that passes a check. */
export function pass<T>(check: (typeof checks)[keyof typeof checks], document: T): T {
  if (!check(document)) throw new Error(`refused at ${check.errors?.[0]?.instancePath}`)
  return document
}
