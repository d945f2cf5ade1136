import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSync } from 'recheck'
import ts from 'typescript'

/** A regular expression that the gateway runs, and how its time grows with its input. */
export interface Pattern {
  readonly file: string
  readonly source: string
  readonly flags: string
  /**
   * `proved` linear by recheck's automaton; `counted` where it looks around, which no automaton can:
   * recheck's fuzzer counts the steps of grown inputs; `short` where what it sees is never long.
   */
  readonly how: 'proved' | 'counted' | 'short' | 'not linear'
  /** `polynomial`, `exponential` … where it is not. */
  readonly why: string
}

/** Patterns that would be slow on long text and see none; one that is no longer there is a fault of this list. */
const SHORT: Readonly<Record<string, string>> = {
  '/[eE].*$/': 'lib/access/strict.ts: numbers of at most 40 characters',
  '/0+$/': 'lib/access/strict.ts: numbers of at most 40 characters',
  '/\\.?0+$/': 'lib/translate/decimal.ts: whole numbers below 2^53',
}

/** Rooms that run in no function. */
const APART = ['lib/cli/', 'lib/local/', 'lib/stack/', 'lib/model/build/']

/**
 * Every regular expression of the code that is deployed: literals, and the patterns of the schemas that
 * its validators are built from. No clock is asked.
 *
 * @throws {Error} for a pattern that is said to see short text only and is not there
 */
export function checkPatterns(root: string): Pattern[] {
  const known = new Map<string, Pick<Pattern, 'how' | 'why'>>()
  const patterns = [...literals(root), ...schemaPatterns(root)].map(pattern => {
    const key = `/${pattern.source}/${pattern.flags}`
    const judged = known.get(key) ?? judge(pattern)
    known.set(key, judged)
    const isShort = judged.how === 'not linear' && SHORT[key]?.startsWith(`${pattern.file}:`)
    return { ...pattern, ...judged, ...(isShort ? { how: 'short' as const } : {}) }
  })
  const gone = Object.keys(SHORT).filter(key => !known.has(key))
  if (gone.length > 0) throw new Error(`no such patterns: ${gone.join(' ')}`)
  return patterns
}

type Written = Pick<Pattern, 'file' | 'source' | 'flags'>

/** How one pattern behaves, by recheck: a proof where there can be one, else counted steps. */
export function judge({
  source,
  flags,
}: Pick<Pattern, 'source' | 'flags'>): Pick<Pattern, 'how' | 'why'> {
  const proof = checkSync(source, flags, { checker: 'automaton', timeout: 30_000 })
  if (proof.status === 'safe') return { how: 'proved', why: '' }
  if (proof.status === 'vulnerable') return { how: 'not linear', why: proof.complexity.type }
  const counted = checkSync(source, flags, { checker: 'fuzz', timeout: 30_000 })
  if (counted.status === 'safe') return { how: 'counted', why: '' }
  const isSlow = counted.status === 'vulnerable'
  return { how: 'not linear', why: isSlow ? counted.complexity.type : counted.status }
}

function literals(root: string): Written[] {
  const files = filesBelow(root, ['lib', 'functions']).filter(file => file.endsWith('.ts'))
  return files.flatMap(file => {
    const text = readFileSync(join(root, file), 'utf8')
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024)
    const found: Written[] = []
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) found.push({ file, ...partsOf(node.text) })
      node.forEachChild(visit)
    }
    visit(tree)
    return found
  })
}

function partsOf(text: string): Pick<Written, 'source' | 'flags'> {
  const end = text.lastIndexOf('/')
  return { source: text.slice(1, end), flags: text.slice(end + 1) }
}

/** `pattern` and `patternProperties`, as ajv compiles them: with the flag `u`. */
function schemaPatterns(root: string): Written[] {
  const files = filesBelow(root, ['schemas', 'lib/platforms', 'lib/couriers'])
  return files
    .filter(file => /schema(s\/[^/]*)?\.json$/.test(file) || /^schemas\/.*\.json$/.test(file))
    .flatMap(file => {
      const schema: unknown = JSON.parse(readFileSync(join(root, file), 'utf8'))
      return patternsIn(schema).map(source => ({ file, source, flags: 'u' }))
    })
}

function patternsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([name, value]) => {
    if (name === 'pattern' && typeof value === 'string') return [value]
    const named = name === 'patternProperties' ? Object.keys(Object(value)) : []
    return [...named, ...patternsIn(value)]
  })
}

function filesBelow(root: string, folders: readonly string[]): string[] {
  return folders
    .flatMap(folder =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        name => `${folder}/${name}`,
      ),
    )
    .filter(file => !APART.some(room => file.startsWith(room)) && /\.(ts|json)$/.test(file))
    .sort()
}
