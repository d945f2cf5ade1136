import { type ChildProcess, fork } from 'node:child_process'
import { resolve } from 'node:path'

/** A function in its own process, with its own environment. */
export interface FunctionHost {
  /** @throws {Error} with a class name, when the handler itself throws */
  invoke(event: unknown): Promise<unknown>
  /** What it wrote, by line. */
  lines(): string[]
  stop(): void
}

interface Reply {
  readonly id: number
  readonly result?: unknown
  readonly failed?: string
}

/**
 * Loads a bundle with exactly this environment.
 *
 * @throws {Error} when it does not load, with what it said
 */
export async function startFunction(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<FunctionHost> {
  const child = fork(resolve(import.meta.dirname, 'child.ts'), [file], {
    env,
    execArgv: [],
    silent: true,
  })
  let text = ''
  child.stdout?.on('data', data => {
    text += data
  })
  child.stderr?.on('data', data => {
    text += data
  })
  const replies = listen(child)
  const { failed } = await replies.wait(0)
  if (failed !== undefined) {
    child.kill('SIGKILL')
    throw new Error(`it does not load: ${failed}`)
  }
  let last = 0
  return {
    async invoke(event) {
      last += 1
      const reply = replies.wait(last)
      child.send({ id: last, event })
      const { result, failed } = await reply
      if (failed !== undefined) throw new Error(failed)
      return result
    },
    lines: () => text.split('\n').filter(line => line !== ''),
    stop: () => child.kill('SIGKILL'),
  }
}

function listen(child: ChildProcess): { wait(id: number): Promise<Reply> } {
  const waiting = new Map<number, (reply: Reply) => void>()
  child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply))
  child.once('exit', () => {
    for (const [id, done] of waiting) done({ id, failed: 'the process ended' })
  })
  return { wait: id => new Promise(done => waiting.set(id, done)) }
}
