import { Code, Reads } from './code.ts'
import { isIndex, namesOf } from './pointer.ts'
import type { ConstantEntry, EachEntry, Entry, Pointed, SideName, ValueEntry } from './rows.ts'
import { array, gapless, located, plain, wrong } from './run.ts'

/** One direction of a table. */
export type Translate = (document: unknown, context: unknown) => unknown

/**
 * Writes the straight code of one direction and compiles it: reads into locals, codecs called in
 * place, then the output in the order of the rows. Names enter the code by `JSON.stringify` alone,
 * values of documents never do.
 *
 * @throws {TypeError} if two rows write the same place
 */
export function compile(entries: readonly Entry[], read: SideName, write: SideName): Translate {
  const code = new Code(read, write)
  const result = scope(code, entries, 'd', '')
  const indices = Array.from({ length: code.deepest }, (_, n) => `i${n + 1}`)
  const source = `'use strict'
${code.makers.join('\n')}
return (d, x) => {
let k = 0${indices.map(index => `, ${index} = 0`).join('')}
try {
${code.lines.join('\n')}
return ${result}
} catch (e) { throw located(e, places[k], [${indices.join(', ')}]) }
}`
  const run = { array, gapless, located, plain, wrong }
  const make = new Function('held', 'places', ...Object.keys(run), source)
  return make(code.held, code.places, ...Object.values(run))
}

/** The output, or an object or array of it, while its rows are collected. */
interface Branch {
  readonly parts: Map<string, Branch | string>
}

/** Code for the entries of one object; the result is the expression that holds the output. */
function scope(code: Code, entries: readonly Entry[], root: string, at: string): string {
  const reads = new Reads(code, root, at)
  const tree: Branch = { parts: new Map() }
  const whole: string[] = []
  const put = (pointer: string, local: string) => {
    if (pointer === '') whole.push(local)
    else plant(tree, namesOf(pointer), local)
  }
  for (const entry of entries) {
    if (entry.kind === 'value') value(code, entry, reads, put)
    else if (entry.kind === 'each') each(code, entry, reads, put)
    else if (entry.kind === 'constant') constant(code, entry, reads, put)
  }
  if (whole.length + Math.min(tree.parts.size, 1) > 1) throw twice('')
  return whole[0] ?? build(code, tree, at, true)
}

type Put = (pointer: string, local: string) => void

function value(code: Code, entry: ValueEntry, reads: Reads, put: Put): void {
  if (entry.only && entry.only.writes !== code.write) return
  const source = entry[code.read]
  const target = entry[code.write]
  const locals = source.pointers.map(pointer => reads.of(pointer))
  const map = code.write === 'ours' ? entry.codec?.to : entry.codec?.from
  const guard = presence(code, entry, reads, locals)
  const result = code.name('v')
  const step = code.place(source.pointers.map(pointer => reads.at + pointer))
  const given = source.many
    ? `[${locals.map(local => `${local} ?? undefined`).join(', ')}]`
    : `${locals[0]}${entry.codec?.absent || entry.only ? ' ?? undefined' : ''}`
  if (map)
    code.line(
      `let ${result}; if (${guard}) { ${step}; ${result} = ${code.hold(map)}(${given}, x) }`,
    )
  else
    code.line(
      `let ${result} = ${given}; if (typeof ${result} === 'object') { ${step}; ${result} = plain(${result}) }`,
    )
  spread(code, target, result, put)
}

/** The condition under which a codec is called. */
function presence(code: Code, entry: ValueEntry, reads: Reads, locals: readonly string[]): string {
  if (entry.codec?.absent || entry.only) return inside(reads, entry.scope[code.read])
  return locals.map(local => `${local} != null`).join(' || ') || 'true'
}

const inside = (reads: Reads, scopePointer: string): string =>
  scopePointer === '' ? 'true' : `${reads.of(scopePointer)} != null`

function spread(code: Code, target: Pointed, result: string, put: Put): void {
  for (const [n, pointer] of target.pointers.entries()) {
    if (!target.many) put(pointer, result)
    else {
      const part = code.name('v')
      code.line(`const ${part} = ${result}?.[${n}]`)
      put(pointer, part)
    }
  }
}

function each(code: Code, entry: EachEntry, reads: Reads, put: Put): void {
  const from = entry[code.read].pointers[0] ?? ''
  const source = reads.of(from)
  const [list, items, item] = [code.name('v'), code.name('a'), code.name('e')]
  code.depth += 1
  code.deepest = Math.max(code.deepest, code.depth)
  const index = `i${code.depth}`
  const at = `${reads.at}${from}`
  code.line(`let ${list}; if (${source} != null) {`)
  code.line(`${code.place([at])}; const ${items} = array(${source}); ${list} = []`)
  code.line(`for (${index} = 0; ${index} < ${items}.length; ${index}++) {`)
  code.line(`const ${item} = ${items}[${index}]`)
  code.line(`if (${item} == null) { ${code.place([`${at}/[]`])}; wrong() }`)
  const element = scope(code, entry.entries, item, `${at}/[]`)
  const made = code.name('v')
  code.line(`const ${made} = ${element}; if (${made} != null) ${list}.push(${made})`)
  code.line('} }')
  code.depth -= 1
  put(entry[code.write].pointers[0] ?? '', list)
}

function constant(code: Code, entry: ConstantEntry, reads: Reads, put: Put): void {
  const guard = inside(reads, entry.scope[code.read])
  const held = code.hold(entry.value)
  if (entry.side === code.write) {
    const local = code.name('c')
    code.line(`const ${local} = ${guard === 'true' ? held : `${guard} ? ${held} : undefined`}`)
    put(entry.at, local)
  } else if (entry.checked) {
    const step = code.place([reads.at + entry.at])
    code.line(`if (${guard} && ${reads.of(entry.at)} !== ${held}) { ${step}; wrong() }`)
  }
}

function plant(tree: Branch, names: readonly string[], local: string): void {
  const last = names.length - 1
  let here = tree
  for (const [n, name] of names.entries()) {
    const next = here.parts.get(name)
    if (n === last && next === undefined) here.parts.set(name, local)
    else if (n === last || typeof next === 'string') throw twice(names.join('/'))
    else {
      const branch: Branch = next ?? { parts: new Map() }
      here.parts.set(name, branch)
      here = branch
    }
  }
}

const twice = (place: string) => new TypeError(`two rows write the same place: /${place}`)

/** Code that makes an object or array of its present parts; absent itself if all are, except the root. */
function build(code: Code, tree: Branch, at: string, root = false): string {
  const names = [...tree.parts.keys()]
  const locals = [...tree.parts.values()].map(part =>
    typeof part === 'string' ? part : build(code, part, at),
  )
  if (isList(names)) code.line(code.place([at]))
  const made = isList(names)
    ? `gapless([${names.map((_, n) => locals[names.indexOf(String(n))]).join(', ')}])`
    : `new ${maker(code, names)}(${locals.join(', ')})`
  const present = locals.map(local => `${local} != null`).join(' || ')
  const local = code.name('o')
  code.line(`const ${local} = ${root ? made : `${present} ? ${made} : undefined`}`)
  return local
}

/** Whether the parts are those of an array: 0, 1, 2 … without a gap. */
function isList(names: readonly string[]): boolean {
  if (!names.some(isIndex)) return false
  if (names.every(isIndex) && names.every((_, n) => names.includes(String(n)))) return true
  throw new TypeError('rows of an array name its elements 0, 1, 2 … all of them')
}

/**
 * A constructor for one shape of object. It has the prototype of plain objects, so what it makes is
 * one; made by a constructor, the engine keeps its members in the object itself.
 */
function maker(code: Code, names: readonly string[]): string {
  const name = code.name('N')
  const sets = names.map((key, n) => `if (p${n} != null) this[${JSON.stringify(key)}] = p${n}`)
  const parameters = names.map((_, n) => `p${n}`).join(', ')
  code.makers.push(`function ${name}(${parameters}) { ${sets.join('; ')} }`)
  code.makers.push(`${name}.prototype = Object.prototype`)
  return name
}
