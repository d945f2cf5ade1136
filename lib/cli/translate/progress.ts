/** Where remarks go. On a terminal they may be written over. */
export interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** What is said beside the documents: remarks line by line, and on a terminal how far it is. */
export interface Progress {
  /** Counts what was done; on a terminal it shows, a few times a second. */
  done(orders: number, refused: number): void
  say(line: string): void
  /** Takes the line that shows how far it is away. */
  end(): void
}

const EVERY_MS = 200
const CLEAR = '\r\x1b[K'

/** Remarks to a terminal or a file: only a terminal sees how far it is. */
export function openProgress(terminal: Terminal, now: () => number = Date.now): Progress {
  const clear = () => {
    if (terminal.isTTY) terminal.write(CLEAR)
  }
  let shown = now()
  return {
    done(orders, refused) {
      if (!terminal.isTTY || now() - shown < EVERY_MS) return
      shown = now()
      const tail = refused === 0 ? '' : `, ${refused.toLocaleString('en')} refused`
      terminal.write(`${CLEAR}${orders.toLocaleString('en')} orders${tail}`)
    },
    say(line) {
      clear()
      terminal.write(`${line}\n`)
    },
    end: clear,
  }
}
