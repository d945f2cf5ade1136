import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The code that is put to the proof: that of one folder, so that a copy with a bug can be tried. */
export async function loadCode(root: string) {
  const load = (path: string) => import(pathToFileURL(join(root, path)).href)
  const [
    strict,
    request,
    lambda,
    { platforms },
    { couriers },
    { startGateway, gatewayApp },
    errors,
  ] = await Promise.all([
    load('lib/access/strict.ts') as Promise<typeof import('../../lib/access/strict.ts')>,
    load('lib/access/request.ts') as Promise<typeof import('../../lib/access/request.ts')>,
    load('functions/lambda.ts') as Promise<typeof import('../../functions/lambda.ts')>,
    load('lib/platforms/index.ts') as Promise<typeof import('../../lib/platforms/index.ts')>,
    load('lib/couriers/index.ts') as Promise<typeof import('../../lib/couriers/index.ts')>,
    load('lib/local/server.ts') as Promise<typeof import('../../lib/local/server.ts')>,
    load('lib/model/errors.ts') as Promise<typeof import('../../lib/model/errors.ts')>,
  ])
  const { GatewayError } = errors
  return { strict, request, lambda, platforms, couriers, startGateway, gatewayApp, GatewayError }
}

/** The code of one folder. */
export type Code = Awaited<ReturnType<typeof loadCode>>

/** A document that a partner really sends, and which reader it is for. */
export interface Sample {
  readonly side: 'platforms' | 'couriers'
  readonly partner: string
  /** `request`, `order`, `push`, `answer`, `cancel` … as the fixture is named. */
  readonly kind: string
  readonly document: unknown
}

/** Every native document among the fixtures, and what the sandboxes send. */
export function samplesOf(root: string, { platforms, couriers }: Code): Sample[] {
  const posted = platforms.map(({ name, sandbox }): Sample => {
    return { side: 'platforms', partner: name, kind: 'request', document: sandbox.request }
  })
  const kept = [
    ...platforms.flatMap(({ name }) => fixtures(root, 'platforms', name)),
    ...couriers.flatMap(({ name }) => fixtures(root, 'couriers', name)),
  ]
  return [...posted, ...kept]
}

function fixtures(root: string, side: Sample['side'], partner: string): Sample[] {
  const folder = join(root, 'lib', side, partner, 'fixtures')
  // A partner whose documents are the standard's own may have none.
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(file => file.endsWith('.wire.json'))
    .sort()
    .map(file => {
      const document: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'))
      return { side, partner, kind: file.replace(/-.*/, ''), document }
    })
}
