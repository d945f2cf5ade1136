import { isIndex, namesOf } from './pointer.ts'
import type { SideName } from './rows.ts'

/** The code of one direction of a table, as far as it has been written. */
export class Code {
  readonly read: SideName
  readonly write: SideName
  readonly lines: string[] = []
  /** Constructors of the objects of the output. */
  readonly makers: string[] = []
  /** Functions and constants that the code uses, as `held[0]`. */
  readonly held: unknown[] = []
  /** Where each step reads, to say it in errors; `[]` stands for the index. */
  readonly places: string[][] = []
  depth = 0
  deepest = 0
  #names = 0

  constructor(read: SideName, write: SideName) {
    this.read = read
    this.write = write
  }

  name(letter: string): string {
    this.#names += 1
    return `${letter}${this.#names}`
  }

  line(text: string): void {
    this.lines.push(text)
  }

  hold(value: unknown): string {
    const name = this.name('h')
    this.makers.push(`const ${name} = held[${this.held.push(value) - 1}]`)
    return name
  }

  place(pointers: readonly string[]): string {
    return `k = ${this.places.push([...pointers]) - 1}`
  }
}

/** Everything that is read from one object: the document, or an element of an array. */
export class Reads {
  readonly #code: Code
  readonly #known: Map<string, string>
  readonly at: string

  constructor(code: Code, root: string, at: string) {
    this.#code = code
    this.#known = new Map([['', root]])
    this.at = at
  }

  /** The local that holds what is behind a pointer, read once. */
  of(pointer: string): string {
    const names = namesOf(pointer)
    let path = ''
    let local = this.#known.get('') ?? ''
    for (const name of names) {
      path += `/${JSON.stringify(name)}`
      const next = this.#known.get(path) ?? this.#step(path, local, name)
      local = next
    }
    return local
  }

  #step(path: string, local: string, name: string): string {
    const next = this.#code.name('r')
    const key = isIndex(name) ? name : JSON.stringify(name)
    this.#code.line(`const ${next} = ${local}?.[${key}]`)
    this.#known.set(path, next)
    return next
  }
}
