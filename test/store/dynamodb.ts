import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const BINARY = fileURLToPath(import.meta.resolve('@dynoxide/linux-x64/dynoxide'))

/** An empty DynamoDB of this process, in memory. */
export async function startDynamoDb(): Promise<{ endpoint: string; stop: () => void }> {
  const port = await freePort()
  const child = spawn(BINARY, ['--port', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error('the database ended')))
    child.stderr.on('data', data => String(data).includes('listening') && resolve())
  })
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => child.kill() }
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
