import { startLocalStack } from './localstack.ts'
import { startMiniStack } from './ministack.ts'
import type { DeployOptions } from './options.ts'
import { isUp, tell } from './process.ts'
import { findPython } from './python.ts'

/** A server that speaks as AWS does. */
export interface Emulator {
  /** `LocalStack 4.14.0`, as it is told. */
  readonly title: string
  /** `http://localhost:4566` */
  readonly endpoint: string
  /** Whether it knows identity providers; else the account is said to have one. */
  readonly providers: boolean
  /** Whether a function in one account reaches its own account; else all is deployed into one. */
  readonly twoAccounts: boolean
  stop(): Promise<void>
}

/**
 * The emulator that was asked for: one that runs already, else one that is installed into a scratch
 * folder, which stays for the next time, and started. LocalStack wants Python 3.13; without it
 * MiniStack stands in, and that is said loudly.
 *
 * @throws {Error} saying why none can run here
 */
export async function startEmulator({ emulator, endpoint }: DeployOptions): Promise<Emulator> {
  if (endpoint !== undefined) {
    if (!(await isUp(`${endpoint}/_localstack/health`, 10))) {
      throw new Error('no server answers at LOCALSTACK_ENDPOINT')
    }
    return {
      title: 'the server at LOCALSTACK_ENDPOINT',
      endpoint,
      providers: true,
      twoAccounts: false,
      stop: async () => {},
    }
  }
  if (emulator === 'ministack') return startMiniStack(await findPython(['3.13', '3.12', '3.11']))
  const python = await findPython(['3.13']).catch(() => undefined)
  if (python !== undefined) return startLocalStack(python)
  tell('******************************************************************')
  tell('** LocalStack needs Python 3.13, which is not here.              **')
  tell('** MiniStack stands in: no ReEncrypt, no LocalStack, less proof. **')
  tell('******************************************************************')
  return startMiniStack(await findPython(['3.12', '3.11']))
}
