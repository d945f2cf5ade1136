import type { AttributeValue } from '@aws-sdk/client-dynamodb'

/** An item as the service keeps it. */
export type Item = Readonly<Record<string, AttributeValue>>

/** What stands for the names and values of an expression. */
export interface Substitutes {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>> | undefined
}

type Term = (item: Item, by: Substitutes) => AttributeValue | undefined

/** A condition, a filter or a key condition. */
export type Condition = (item: Item, by: Substitutes) => boolean

/** An update: the item as it is afterwards. */
export type Update = (item: Item, by: Substitutes) => Item

const conditions = new Map<string, Condition>()
const updates = new Map<string, Update>()

/** A condition read once; throws for whatever the store does not write. */
export function conditionOf(text: string): Condition {
  const known = conditions.get(text) ?? readCondition(text)
  conditions.set(text, known)
  return known
}

/** An update expression read once: `SET`, `REMOVE` and `ADD` of whole attributes. */
export function updateOf(text: string): Update {
  const known = updates.get(text) ?? readUpdate(text)
  updates.set(text, known)
  return known
}

/** The attributes that a projection names. */
export function projected(item: Item, text: string, by: Substitutes): Item {
  const names = text.split(',').map(name => nameOf(name.trim(), by))
  return Object.fromEntries(names.flatMap(name => (item[name] ? [[name, item[name]]] : [])))
}

const TOKEN = /\s*(<=|>=|<>|[=<>(),]|[#:]?[A-Za-z_][A-Za-z0-9_]*)/y

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.trimEnd().length; ) {
    const [, token] = TOKEN.exec(text) ?? []
    if (token === undefined) throw new Error(`not read: ${text}`)
    tokens.push(token)
  }
  return tokens
}

function readCondition(text: string): Condition {
  const tokens = tokensOf(text)
  const take = (): string => {
    const token = tokens.shift()
    if (token === undefined) throw new Error(`not read: ${text}`)
    return token
  }
  const expect = (token: string): void => {
    if (take() !== token) throw new Error(`not read: ${text}`)
  }
  const either = (): Condition => {
    let left = both()
    while (tokens[0] === 'OR') {
      take()
      const [one, other] = [left, both()]
      left = (item, by) => one(item, by) || other(item, by)
    }
    return left
  }
  const both = (): Condition => {
    let left = single()
    while (tokens[0] === 'AND') {
      take()
      const [one, other] = [left, single()]
      left = (item, by) => one(item, by) && other(item, by)
    }
    return left
  }
  const single = (): Condition => {
    const first = take()
    if (first === '(') {
      const inner = either()
      expect(')')
      return inner
    }
    if (first === 'attribute_exists' || first === 'attribute_not_exists') {
      expect('(')
      const term = termOf(take())
      expect(')')
      const wanted = first === 'attribute_exists'
      return (item, by) => (term(item, by) !== undefined) === wanted
    }
    const [left, compare, right] = [termOf(first), comparisonOf(take()), termOf(take())]
    return (item, by) => compare(left(item, by), right(item, by))
  }
  const condition = either()
  if (tokens.length > 0) throw new Error(`not read: ${text}`)
  return condition
}

const nameOf = (token: string, by: Substitutes): string => {
  if (!token.startsWith('#')) return token
  const name = by.ExpressionAttributeNames?.[token]
  if (name === undefined) throw new Error(`no name for ${token}`)
  return name
}

function termOf(token: string): Term {
  if (!token.startsWith(':')) return (item, by) => item[nameOf(token, by)]
  return (_item, by) => {
    const value = by.ExpressionAttributeValues?.[token]
    if (value === undefined) throw new Error(`no value for ${token}`)
    return value
  }
}

/** What is not there equals nothing, and differs from everything. */
function comparisonOf(sign: string): (a?: AttributeValue, b?: AttributeValue) => boolean {
  if (sign === '=') return (a, b) => compare(a, b) === 0
  if (sign === '<>') return (a, b) => compare(a, b) !== 0
  if (sign === '<') return (a, b) => (compare(a, b) ?? 0) < 0
  if (sign === '<=') return (a, b) => (compare(a, b) ?? 1) <= 0
  if (sign === '>') return (a, b) => (compare(a, b) ?? 0) > 0
  if (sign === '>=') return (a, b) => (compare(a, b) ?? -1) >= 0
  throw new Error(`not read: ${sign}`)
}

function compare(a?: AttributeValue, b?: AttributeValue): number | undefined {
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N)
  if (a?.BOOL !== undefined && b?.BOOL !== undefined) return a.BOOL === b.BOOL ? 0 : Number.NaN
  if (a?.S === undefined || b?.S === undefined) return undefined
  return a.S === b.S ? 0 : a.S < b.S ? -1 : 1
}

function readUpdate(text: string): Update {
  const parts = text.split(/\b(SET|REMOVE|ADD)\b/).map(part => part.trim())
  const steps: Update[] = []
  for (let at = 1; at < parts.length; at += 2) {
    for (const action of (parts[at + 1] ?? '').split(',').map(one => one.trim())) {
      steps.push(stepOf(parts[at] ?? '', action))
    }
  }
  if (steps.length === 0 || parts[0] !== '') throw new Error(`not read: ${text}`)
  return (item, by) => steps.reduce((now, step) => step(now, by), item)
}

function stepOf(verb: string, action: string): Update {
  if (verb === 'REMOVE') {
    return (item, by) => {
      const { [nameOf(action, by)]: _gone, ...rest } = item
      return rest
    }
  }
  const [target = '', value = ''] = action.split(verb === 'SET' ? /\s*=\s*/ : /\s+/)
  const term = termOf(value)
  if (verb === 'SET') {
    return (item, by) => ({ ...item, [nameOf(target, by)]: term(item, by) ?? { NULL: true } })
  }
  return (item, by) => {
    const name = nameOf(target, by)
    const sum = Number(item[name]?.N ?? 0) + Number(term(item, by)?.N)
    return { ...item, [name]: { N: String(sum) } }
  }
}
