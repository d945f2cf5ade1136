import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GATEWAY_ACCOUNT } from '../../lib/local/accounts.ts'
import type { Emulator } from './emulator.ts'
import { freePort, run, scratch, startServer } from './process.ts'

const VERSION = '1.5.33'

/**
 * MiniStack, the smaller emulator: it deploys and runs the same stacks.
 *
 * @throws {Error} where it cannot be installed or does not start
 */
export async function startMiniStack(python: string): Promise<Emulator> {
  const folder = await scratch(`ministack-${VERSION}`, async into => {
    const venv = join(into, 'venv')
    await run(python, ['-m', 'venv', venv])
    const packages = [`ministack==${VERSION}`, 'cryptography==46.0.5']
    await run(join(venv, 'bin', 'pip'), ['install', '--quiet', ...packages])
  })
  const data = mkdtempSync(join(tmpdir(), 'lasthop-ministack-'))
  const port = await freePort()
  const endpoint = `http://localhost:${port}`
  const started = await startServer([join(folder, 'venv', 'bin', 'ministack')], {
    cwd: data,
    env: {
      ...{ GATEWAY_PORT: String(port), LAMBDA_EXECUTOR: 'local' },
      MINISTACK_ACCOUNT_ID: GATEWAY_ACCOUNT,
    },
    health: `${endpoint}/_localstack/health`,
  })
  const stop = async () => {
    await started.stop()
    rmSync(data, { recursive: true, force: true })
  }
  return { title: `MiniStack ${VERSION}`, endpoint, providers: false, twoAccounts: false, stop }
}
