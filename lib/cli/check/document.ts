import { type Fault, type Field, faultInField } from './field.ts'
import { faultsInText } from './text.ts'

/** A fault in a document, by its JSON Pointer. */
export interface Finding extends Fault {
  readonly at: string
}

/** Pointers that tell which fields of people a document has. */
export type Told = ReadonlyMap<string, Field>

/** Members that hold no text for people: a seal's parts are random letters. */
const SEAL = ['protected', 'ciphertext', 'tag']

/** Names of members as partners give them to what they know of a person. */
const NAMES: Readonly<Record<Field, RegExp>> = {
  name: /^(?!.*(?:company|goods|product|item|service|file|shop|province|city|district|county|country|region|town|street|user|nick|express|courier|platform|attr|status|state|event|node)).*(?:name|contact|contacts|consignee|person)$/,
  phone: /(?:phone|mobile|tel|telephone|cellphone)$/,
  address: /(?:address|addr)$/,
}

/**
 * What a document shows too much of. An object that has two of a person's name, phone and address is a
 * person: these members are judged as displays. Every other text, and every name of a member, is
 * screened as a label's line is. `told` names further fields of people.
 */
export function faultsInDocument(document: unknown, told: Told): Finding[] {
  return faultsAt(document, '', undefined, told)
}

function faultsAt(value: unknown, at: string, guessed: Field | undefined, told: Told): Finding[] {
  if (typeof value === 'string' || typeof value === 'number') {
    return faultsInValue(String(value), at, told.get(at) ?? guessed)
  }
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => faultsAt(item, `${at}/${i}`, undefined, told))
  }
  return faultsInObject(Object.entries(value), at, told)
}

function faultsInValue(text: string, at: string, field: Field | undefined): Finding[] {
  if (field === undefined)
    return faultsInText(text).map(({ why, masked }) => placed({ why, masked }, at))
  const fault = faultInField(field, text)
  return fault === undefined ? [] : [{ ...fault, at }]
}

function placed(
  { why, masked }: { why: string; masked?: string | undefined },
  at: string,
): Finding {
  return masked === undefined ? { at, why } : { at, why, masked }
}

function faultsInObject(members: readonly [string, unknown][], at: string, told: Told): Finding[] {
  const has = (name: string) =>
    members.some(([key, value]) => key === name && typeof value === 'string')
  const isSeal = SEAL.every(has)
  const isVirtual = has('number') && at.endsWith('/virtualNumber')
  if (isSeal || isVirtual) return []
  const guesses = new Map(members.flatMap(([name, value]) => guess(name, value)))
  const isPerson = new Set(guesses.values()).size > 1
  return members.flatMap(([name, value]) => [
    ...faultsInText(name).map(() => ({ at, why: 'the name of a member holds personal data' })),
    ...faultsAt(value, `${at}/${tokenOf(name)}`, isPerson ? guesses.get(name) : undefined, told),
  ])
}

function guess(name: string, value: unknown): [string, Field][] {
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const plain = name.toLowerCase().replace(/[^a-z]/g, '')
  const field = (['phone', 'address', 'name'] as const).find(one => NAMES[one].test(plain))
  return field === undefined ? [] : [[name, field]]
}

function tokenOf(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** A pointer that may be printed: what is no plain name of a member could be a person's. */
export function printable(pointer: string): string {
  const token = (text: string) => (/^[A-Za-z_][\w.:-]{0,40}$|^\d{1,6}$/.test(text) ? text : '…')
  return pointer === ''
    ? 'the document'
    : pointer
        .split('/')
        .map((text, i) => (i === 0 ? '' : token(text)))
        .join('/')
}
