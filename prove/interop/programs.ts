import { spawnSync } from 'node:child_process'

/** A library that cannot be tried here, and why. */
export class Missing extends Error {}

/**
 * Runs a command that installs a library.
 *
 * @throws {Missing} with its last words when there is no such tool or it fails, as without a network.
 */
export function runSetup([tool = '', ...rest]: readonly string[], cwd: string): void {
  const { error, status, stderr } = spawnSync(tool, rest, { cwd, encoding: 'utf8' })
  if (error !== undefined) throw new Missing(`${tool} is not there`)
  if (status !== 0) throw new Missing(`${tool} failed: ${stderr.trim().split('\n').at(-1)}`)
}

/** Runs a program with one task in each line of its input. */
export function runProgram(
  [tool = '', ...rest]: readonly string[],
  cwd: string,
  tasks: readonly object[],
): { status: number | null; stdout: string; stderr: string } {
  const input = tasks.map(task => `${JSON.stringify(task)}\n`).join('')
  const { error, status, stdout, stderr } = spawnSync(tool, rest, { cwd, input, encoding: 'utf8' })
  if (error !== undefined) throw new Missing(`${tool} is not there`)
  return { status, stdout, stderr }
}
