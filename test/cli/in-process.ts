import { mock } from 'node:test'
import { Command } from 'commander'
import { addOperatorVerbs } from '../../lib/cli/commands/operator.ts'
import { UsageError } from '../../lib/cli/partners.ts'
import type { Run } from './run.ts'

/** Runs an operator's verb of `lasthop` in this process: many runs are no many starts. One at a time. */
export async function operator(args: readonly string[]): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []]
  const log = mock.method(console, 'log', (line: string) => out.push(`${line}\n`))
  const error = mock.method(console, 'error', (line: string) => err.push(`${line}\n`))
  try {
    const code = await codeOf(args, line => err.push(line))
    return { code, out: out.join(''), err: err.join('') }
  } finally {
    process.exitCode = 0
    log.mock.restore()
    error.mock.restore()
  }
}

async function codeOf(args: readonly string[], tell: (line: string) => void): Promise<number> {
  const program = new Command('lasthop').exitOverride()
  addOperatorVerbs(program)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    tell(`${error.message}\n`)
    return 2
  }
}
