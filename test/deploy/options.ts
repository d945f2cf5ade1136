import { parseArgs } from 'node:util'

/** Which emulator, and where it is set up. */
export interface DeployOptions {
  readonly emulator: 'localstack' | 'ministack'
  /** A server that runs already: `LOCALSTACK_ENDPOINT`. */
  readonly endpoint?: string
}

/**
 * Reads `--emulator localstack|ministack` and environment variable `LOCALSTACK_ENDPOINT`.
 *
 * @throws {TypeError} for an option that there is not
 */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DeployOptions {
  const { values } = parseArgs({ args: [...args], options: { emulator: { type: 'string' } } })
  const { emulator = 'localstack' } = values
  if (emulator !== 'localstack' && emulator !== 'ministack') {
    throw new TypeError('--emulator is localstack or ministack')
  }
  const { LOCALSTACK_ENDPOINT: endpoint } = env
  return { emulator, ...(endpoint ? { endpoint: endpoint.replace(/\/$/, '') } : {}) }
}
