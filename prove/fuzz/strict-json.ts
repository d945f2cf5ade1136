import { isUtf8 } from 'node:buffer'

/** A value as the judge reads it: numbers stay text, so that a loss of digits shows. */
export type Read = string | boolean | null | Numeral | readonly Read[] | ReadonlyMap<string, Read>

/** A number as it was written. */
export interface Numeral {
  readonly number: string
}

const DEEPEST = 64
const REFUSED = ['__proto__', 'constructor']
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
}

/**
 * What strict intake is to make of bytes, by another reader than the gateway's: its value, or nothing
 * where it must be refused.
 *
 * @see design section 7, "Strict intake"
 */
export function strictly(bytes: Uint8Array): { readonly value: Read } | undefined {
  if (!isUtf8(bytes)) return undefined
  const reader = new Reader(Buffer.from(bytes).toString('utf8'))
  try {
    return { value: reader.document() }
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

class Refusal extends Error {}

/** Recursive descent over RFC 8259's grammar. */
class Reader {
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  document(): Read {
    const value = this.value(0)
    this.space()
    if (this.at < this.text.length) throw new Refusal()
    return value
  }

  private value(depth: number): Read {
    this.space()
    const char = this.text[this.at]
    if (char === '{') return this.object(depth + 1)
    if (char === '[') return this.array(depth + 1)
    if (char === '"') return this.string()
    for (const [word, value] of WORDS) if (this.takes(word)) return value
    return this.number()
  }

  private object(depth: number): Read {
    const members = new Map<string, Read>()
    this.list(depth, '}', () => {
      this.space()
      const name = this.string()
      if (members.has(name) || REFUSED.includes(name)) throw new Refusal()
      this.space()
      if (!this.takes(':')) throw new Refusal()
      members.set(name, this.value(depth))
    })
    return members
  }

  private array(depth: number): Read {
    const items: Read[] = []
    this.list(depth, ']', () => void items.push(this.value(depth)))
    return items
  }

  private list(depth: number, end: string, element: () => void): void {
    if (depth > DEEPEST) throw new Refusal()
    this.at++
    this.space()
    if (this.takes(end)) return
    do element()
    while (this.more())
    if (!this.takes(end)) throw new Refusal()
  }

  private more(): boolean {
    this.space()
    return this.takes(',')
  }

  private string(): string {
    if (!this.takes('"')) throw new Refusal()
    let value = ''
    for (;;) {
      const char = this.text[this.at++]
      if (char === undefined || char < ' ') throw new Refusal()
      if (char === '"') break
      value += char === '\\' ? this.escape() : char
    }
    if (!value.isWellFormed() || value.includes('\0')) throw new Refusal()
    return value
  }

  private escape(): string {
    const char = this.text[this.at++] ?? ''
    if (char !== 'u') {
      const known = ESCAPES[char]
      if (known === undefined) throw new Refusal()
      return known
    }
    const hex = this.text.slice(this.at, this.at + 4)
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw new Refusal()
    this.at += 4
    return String.fromCharCode(Number.parseInt(hex, 16))
  }

  private number(): Numeral {
    const [number] =
      /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(
        this.text.slice(this.at, this.at + 400),
      ) ?? []
    if (number === undefined) throw new Refusal()
    this.at += number.length
    return { number }
  }

  private takes(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  private space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? '.')) this.at++
  }
}

const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

/** Whether a plain value says the same as was read, numbers to the last digit. */
export function saysSame(plain: unknown, read: Read): boolean {
  if (Array.isArray(read)) {
    const items: readonly Read[] = read
    return (
      Array.isArray(plain) &&
      plain.length === items.length &&
      items.every((item, n) => saysSame(plain[n], item))
    )
  }
  if (read instanceof Map) {
    const names: ReadonlyMap<string, Read> = read
    const members = typeof plain === 'object' && plain !== null ? Object.entries(plain) : []
    return (
      members.length === names.size &&
      !Array.isArray(plain) &&
      members.every(([name, value]) => {
        const member = names.get(name)
        return member !== undefined && saysSame(value, member)
      })
    )
  }
  if (typeof read === 'object' && read !== null && 'number' in read)
    return sameNumber(plain, read.number)
  return plain === read
}

/** A number, or its own text where a number cannot hold it. */
function sameNumber(plain: unknown, text: string): boolean {
  if (typeof plain === 'string') return plain === text
  return typeof plain === 'number' && decimal(String(plain)) === decimal(text)
}

/** One spelling of every decimal: digits without zeros at either end, and where they stand. */
function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  if (kept === '') return '0'
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`
}
