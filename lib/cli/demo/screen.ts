/** Writes the demonstration's lines: numbered steps, remarks, a table. */
export interface Screen {
  step(text: string): void
  say(text: string): void
  table(head: readonly string[], rows: readonly (readonly string[])[]): void
  /** Remembers whether what had to be so is so; one that is not ends the demonstration with code 1. */
  expect(what: string, holds: boolean): void
  readonly failed: readonly string[]
}

/** A screen over any writer of text. */
export function openScreen(write: (text: string) => void): Screen {
  const failed: string[] = []
  let steps = 0
  return {
    failed,
    step(text) {
      steps += 1
      write(`${String(steps).padStart(2)}  ${text}\n`)
    },
    say: text => write(`    ${text}\n`),
    table(head, rows) {
      const widths = head.map((_, i) =>
        Math.max(...[head, ...rows].map(row => width(row[i] ?? ''))),
      )
      const line = (row: readonly string[]) =>
        `    ${row.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - width(cell))).join('  ')}`
      const rule = widths.map(size => '─'.repeat(size))
      for (const row of [head, rule, ...rows]) write(`${line(row).trimEnd()}\n`)
    },
    expect(what, holds) {
      if (holds) return
      failed.push(what)
      write(`    NOT AS EXPECTED: ${what}\n`)
    },
  }
}

/** Columns that a text takes in a terminal: Chinese characters take two. */
function width(text: string): number {
  return [...text].reduce((sum, one) => sum + (/[\u2e80-\u9fff\uff00-\uff60]/.test(one) ? 2 : 1), 0)
}
