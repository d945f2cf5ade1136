import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, isUp } from '../../../test/deploy/process.ts'
import { findPython } from '../../../test/deploy/python.ts'
import { tell } from '../../proof.ts'

const VERSION = '1.3.2'
const run = promisify(execFile)

/**
 * Starts LocalEmu on a free loopback port, its data in a folder that goes with it. It is installed
 * into a scratch folder that stays for the next time.
 *
 * @throws {Error} saying why it cannot run here: no Python 3.13, no registry, no start.
 */
export async function startLocalEmu(): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const python = await install(await findPython(['3.13']))
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-localemu-'))
  const port = await freePort()
  const child = spawn(python, ['-m', 'localemu.runtime.main'], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, ...settings(folder, port) },
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = async () => {
    process.off('exit', kill)
    if (child.exitCode === null && child.signalCode === null) {
      kill()
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  const endpoint = `http://127.0.0.1:${port}`
  if (await isUp(`${endpoint}/_localemu/health`, 480, () => child.exitCode === null))
    return { endpoint, stop }
  await stop()
  throw new Error('LocalEmu does not start')
}

function settings(folder: string, port: number): Record<string, string> {
  return {
    ...{ FILESYSTEM_ROOT: folder, GATEWAY_LISTEN: `127.0.0.1:${port}`, DNS_ADDRESS: '0' },
    ...{ LOCALSTACK_HOST: `localhost:${port}`, SKIP_SSL_CERT_DOWNLOAD: '1', DISABLE_EVENTS: '1' },
  }
}

async function install(python: string): Promise<string> {
  const folder = join(tmpdir(), `lasthop-prove-localemu-${VERSION}`)
  const [own, done] = [join(folder, 'bin', 'python'), join(folder, 'installed')]
  if (existsSync(done)) return own
  tell(`installing LocalEmu ${VERSION} (about 400 MB) in ${folder}`)
  rmSync(folder, { recursive: true, force: true })
  try {
    await run(python, ['-m', 'venv', folder])
    const quiet = { maxBuffer: 64 * 1024 * 1024 }
    await run(own, ['-m', 'pip', 'install', '--quiet', `localemu==${VERSION}`], quiet)
  } catch {
    throw new Error('LocalEmu cannot be installed')
  }
  writeFileSync(done, '')
  return own
}
