import type { NamedTable } from '../../lib/platforms/platform.ts'
import type { Loss, RowFacts } from '../../lib/translate/table.ts'
import { comparerOf, type Side } from './compare.ts'
import { covers, differences, leavesOf, objectsOf, overlap, put } from './document.ts'
import { marked, marksIn, toldOf } from './marks.ts'
import { isLeaf, isPersonal, type Place, valuesOf } from './schema.ts'
import { type Pair, type Subject, ways } from './subject.ts'

/** A law that every table of every partner keeps: what it finds is a fault in words, and no fault is `[]`. */
export type Law = (subject: Subject, table: NamedTable) => string[]

const lossesAt = ({ table }: NamedTable, side: Side): Loss[] =>
  table.losses.filter(loss => loss.side === side)

const writes = (row: RowFacts, side: Side): boolean =>
  row.writes === undefined || row.writes === side

/** Runs a step that must not fail. */
function attempt<T>(what: string, faults: string[], step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    faults.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

/** 1: there is a pair, each half satisfies its schema and translates into the other. */
export const pairsTranslate: Law = (subject, named) => {
  const faults: string[] = []
  const { toOurs, toTheirs } = ways(named)
  const pairs = subject.pairs(named.name)
  if (pairs.length === 0) faults.push(`no pair ${named.name}-*`)
  for (const { name, wire, canonical } of pairs) {
    if (wire === undefined) {
      faults.push(`${name}: no wire half`)
      continue
    }
    const wrong = subject.schemas.faultOf(named.document, wire)
    if (wrong !== undefined) faults.push(`${name}: wire half is no ${named.document}: ${wrong}`)
    const ours = attempt(`${name} to ours`, faults, () => toOurs(wire))
    const theirs = attempt(`${name} to theirs`, faults, () => toTheirs(canonical))
    const written = subject.schemas.faultOf(named.document, theirs)
    if (written !== undefined) faults.push(`${name}: writes no ${named.document}: ${written}`)
    for (const at of comparerOf(named).undeclared('ours', canonical, ours))
      faults.push(`${name}: theirs gives another ${at}`)
    for (const at of comparerOf(named).undeclared('theirs', wire, theirs))
      faults.push(`${name}: ours gives another ${at}`)
  }
  return faults
}

/** 2: there and back is the identity on what is named, both ways, declared losses apart. */
export const thereAndBack: Law = (subject, named) => {
  const faults: string[] = []
  const { toOurs, toTheirs } = ways(named)
  for (const { name, wire, canonical } of subject.pairs(named.name)) {
    const theirs = attempt(`${name} there and back`, faults, () => toTheirs(toOurs(wire)))
    const ours = attempt(`${name} back and there`, faults, () => toOurs(toTheirs(canonical)))
    for (const at of comparerOf(named).notBack('theirs', wire, theirs))
      faults.push(`${name}: does not come back: theirs ${at}`)
    for (const at of comparerOf(named).notBack('ours', canonical, ours))
      faults.push(`${name}: does not come back: ours ${at}`)
  }
  return faults
}

/** 2: every declared loss happens in a fixture. */
export const lossesHappen: Law = (subject, named) => {
  const faults: string[] = []
  const { toOurs, toTheirs } = ways(named)
  const lost: Record<Side, string[]> = { theirs: [], ours: [] }
  for (const { name, wire, canonical } of subject.pairs(named.name)) {
    const [ours, theirs] = [
      attempt(name, faults, () => toOurs(wire)),
      attempt(name, faults, () => toTheirs(canonical)),
    ]
    const there = attempt(name, faults, () => toTheirs(ours))
    const back = attempt(name, faults, () => toOurs(theirs))
    lost.theirs.push(...differences(wire, theirs), ...differences(wire, there))
    lost.ours.push(...differences(canonical, ours), ...differences(canonical, back))
  }
  const idle = named.table.losses.filter(
    ({ side, at }) => !lost[side].some(pointer => covers(at, pointer)),
  )
  return [...faults, ...idle.map(({ side, at }) => `a loss that no fixture shows: ${side} ${at}`)]
}

/** 3: every pointer of a row or a loss exists in the wire schema, and every place of the schema is named. */
export const pointersExist: Law = ({ schemas }, named) => {
  const { document, table } = named
  if (!schemas.has(document)) return [`no document ${document} in the wire schema`]
  const losses = lossesAt(named, 'theirs').map(({ at }) => at)
  const pointers = [...table.rows.flatMap(row => row.theirs), ...losses]
  return [
    ...pointers
      .filter(pointer => schemas.at(document, pointer).length === 0)
      .map(pointer => `no such place in the wire schema: ${pointer}`),
    ...schemas
      .places(document)
      .filter(place => isLeaf(place) && !pointers.some(pointer => overlap(pointer, place.at)))
      .map(({ at }) => `neither a row nor a loss names ${at}`),
  ]
}

/** 3: no place is written by two rows, on either side. */
export const writtenOnce: Law = (_, { table }) =>
  (['theirs', 'ours'] as const).flatMap(side => {
    const written = table.rows.filter(row => writes(row, side)).flatMap(row => row[side])
    return written
      .filter((pointer, n) => written.some((other, m) => m < n && clash(other, pointer)))
      .map(pointer => `written twice: ${side} ${pointer}`)
  })

const clash = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)

/** 3: every required place of theirs is written. */
export const requiredWritten: Law = ({ schemas }, { document, table }) => {
  const written = table.rows.filter(row => writes(row, 'theirs')).flatMap(row => row.theirs)
  const all = schemas.places(document)
  return all.flatMap(place =>
    requiredOf(place)
      .filter(at => !written.some(pointer => overlap(pointer, at)))
      .filter(() => place.at === '' || written.some(pointer => overlap(pointer, place.at)))
      .map(at => `required, and no row writes it: ${at}`),
  )
}

const requiredOf = ({ at, nodes }: Place): string[] => [
  ...new Set(nodes.flatMap(({ required = [] }) => required.map(name => `${at}/${name}`))),
]

/** 4: every code of a list translates, both ways. */
export const codesTranslate: Law = (_, { table, context }) =>
  table.rows.flatMap(({ theirs, codec }) =>
    (codec?.codes ?? []).flatMap(([code, ours]) => {
      const faults: string[] = []
      const at = `${theirs.join(' ')} ${code}`
      const read = attempt(at, faults, () => codec?.to?.(code, context))
      const written = attempt(at, faults, () => codec?.from?.(ours, context))
      if (faults.length === 0 && read !== ours) faults.push(`${at}: read as another code`)
      if (faults.length === 0 && written !== code) faults.push(`${at}: written as another code`)
      return faults
    }),
  )

/** 4: every value that the wire schema lists is read, or written in a fixture. */
export const valuesCovered: Law = (subject, named) => {
  const { toTheirs } = ways(named)
  const pairs = subject.pairs(named.name)
  const made = pairs.flatMap(pair => {
    try {
      return [pair.wire, toTheirs(pair.canonical)]
    } catch {
      return [pair.wire] // that it fails is a fault of the first law
    }
  })
  const leaves = made.flatMap(document => [...leavesOf(document)])
  const places = subject.schemas.places(named.document).filter(({ at }) => isLookedAt(named, at))
  return places.flatMap(place =>
    valuesOf(place)
      .filter(value => value !== null && value !== '')
      .filter(value => !leaves.some(([at, leaf]) => covers(place.at, at) && leaf === value))
      .filter(value => !isRead(named, pairs, place.at, value))
      .map(value => `no fixture and no code list has ${place.at} = ${JSON.stringify(value)}`),
  )
}

/** Whether a row names the place; a constant of what is read is not looked at by the table but by its reader. */
function isLookedAt({ table, way }: NamedTable, at: string): boolean {
  return table.rows
    .filter(({ kind }) => way === 'written' || kind === 'value')
    .some(row => row.theirs.some(pointer => overlap(pointer, at)))
}

/** Whether a row reads the value: by its list, or in the place of another value in some fixture. */
function isRead(named: NamedTable, pairs: readonly Pair[], at: string, value: unknown): boolean {
  const { toOurs } = ways(named)
  const rows = named.table.rows.filter(row => row.theirs.some(pointer => overlap(pointer, at)))
  if (rows.some(row => row.codec?.codes?.some(([code]) => code === value))) return true
  if (!rows.some(row => row.kind === 'value' && writes(row, 'ours'))) return false
  return pairs.some(({ wire }) =>
    [...leavesOf(wire).keys()]
      .filter(pointer => covers(at, pointer))
      .some(pointer => reads(() => toOurs(put(wire, pointer, value)))),
  )
}

function reads(step: () => unknown): boolean {
  try {
    step()
    return true
  } catch {
    return false
  }
}

/** Stands for what nobody named: it must turn up nowhere. */
export const UNKNOWN = { name: 'unknown_member_9', value: '隐标字段九' }

/** 6: an unknown member neither breaks the translation nor passes through it, or the schema refuses it. */
export const unknownStops: Law = (subject, named) => {
  const { toOurs } = ways(named)
  return subject.pairs(named.name).flatMap(({ name, wire }) =>
    objectsOf(wire).flatMap(at => {
      const more = put(wire, `${at}/${UNKNOWN.name}`, UNKNOWN.value)
      if (subject.schemas.faultOf(named.document, more) !== undefined) return []
      const faults: string[] = []
      const what = `${name}: unknown member in ${at}`
      const before = attempt(what, faults, () => toOurs(wire))
      const after = attempt(what, faults, () => toOurs(more))
      if (differences(before, after).length > 0) faults.push(`${what} changes what is read`)
      if (JSON.stringify(after)?.includes(UNKNOWN.value)) faults.push(`${what} passes through`)
      return faults
    }),
  )
}

/**
 * 5: what the schema marks as personal, filled with marked fakes, reaches the personal part of a document
 * alone, or nothing. Ciphers and tokens are opaque and travel as they are.
 */
export const marksStayPersonal: Law = (subject, named) => {
  const personal = subject.schemas.places(named.document).filter(isPersonal)
  return subject.pairs(named.name).flatMap(({ name, wire }) => {
    const pointers = [...leavesOf(wire).keys()].filter(pointer =>
      personal.some(({ at }) => covers(at, pointer)),
    )
    try {
      const ours = ways(named).toOurs(marked(wire, pointers))
      return marksIn(JSON.stringify(ours, openPart)).length > 0 ? [`${name}: a mark is open`] : []
    } catch (error) {
      return marksIn(toldOf(error)).length > 0 ? [`${name}: an error tells a mark`] : []
    }
  })
}

/** A member of a document, where it is open. */
const openPart = (member: string, value: unknown): unknown =>
  member === 'personal' || member === 'protection' ? undefined : value

/** All laws of one table, by what they say; `standard-law.ts` has one more. */
export const laws: Readonly<Record<string, Law>> = {
  'each half of a pair translates into the other': pairsTranslate,
  'there and back is the same': thereAndBack,
  'every declared loss happens in a fixture': lossesHappen,
  'every pointer exists, every place is named': pointersExist,
  'nothing is written twice': writtenOnce,
  'nothing required is missed': requiredWritten,
  'every code translates': codesTranslate,
  'every listed value is covered': valuesCovered,
  'an unknown member stops here': unknownStops,
  'what is personal stays personal': marksStayPersonal,
}
