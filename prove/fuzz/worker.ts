import { chanceOf } from '../seals/chance.ts'
import { appLayer, type Heard } from './app-layer.ts'
import { eventLayer } from './event-layer.ts'
import type { Broken, Fault } from './fault.ts'
import { httpLayer } from './http-layer.ts'
import { formLayer, jsonLayer, type Layer } from './json-layer.ts'
import { partnerLayer } from './partner-layers.ts'
import { type Code, loadCode, type Sample, samplesOf } from './subject.ts'

/** What one worker is to do. */
export interface Order {
  /** Folder that holds the `lib/` and `functions/` which are put to the proof. */
  readonly root: string
  readonly seed: number
  /** How many inputs per layer. */
  readonly inputs: Readonly<Record<LayerName, number>>
  /** Ends at the first fault, as for a planted bug. */
  readonly untilFault: boolean
}

/** The layers, from the cheapest to the whole. */
export const layerNames = ['json', 'form', 'event', 'partner', 'app', 'http'] as const

/** The name of a layer. */
export type LayerName = (typeof layerNames)[number]

/** A fault with all that it takes to see it again. */
export interface Found extends Fault {
  readonly layer: LayerName
  readonly nth: number
}

/** What a worker counted. */
export interface Tally {
  readonly layers: Record<LayerName, number>
  readonly broken: Record<Broken, number>
  /** The first of each kind. */
  readonly found: Found[]
  longest: number
}

const CHUNK = 500

async function work(order: Order): Promise<Tally> {
  const tally: Tally = {
    layers: { json: 0, form: 0, event: 0, partner: 0, app: 0, http: 0 },
    broken: { serverErrors: 0, offContract: 0, echoed: 0, lax: 0, tooLong: 0 },
    found: [],
    longest: 0,
  }
  const unhandled: unknown[] = []
  process.on('unhandledRejection', reason => void unhandled.push(reason))
  const code = await loadCode(order.root)
  const heard: Heard = { bugs: [], longest: 0 }
  const report = (name: string) => void heard.bugs.push(name)
  const gateway = await code.startGateway({ port: 0, report })
  try {
    const samples = samplesOf(order.root, code)
    const layers = layersOf(code, gateway, samples, heard)
    for (const name of layerNames) {
      await runLayer(order, name, layers[name], tally, unhandled)
      if (order.untilFault && tally.found.length > 0) break
    }
  } finally {
    await gateway.stop()
  }
  tally.longest = heard.longest
  return tally
}

function layersOf(
  code: Code,
  gateway: Awaited<ReturnType<Code['startGateway']>>,
  samples: readonly Sample[],
  heard: Heard,
): Record<LayerName, Layer> {
  return {
    json: jsonLayer(code, samples),
    form: formLayer(code),
    event: eventLayer(code),
    partner: partnerLayer(code, samples),
    app: appLayer(code, gateway, samples, heard),
    http: httpLayer(code, gateway, samples, heard),
  }
}

async function runLayer(
  { seed, inputs, untilFault }: Order,
  name: LayerName,
  layer: Layer,
  tally: Tally,
  unhandled: unknown[],
): Promise<void> {
  const chance = chanceOf(seed * 31 + layerNames.indexOf(name))
  for (let nth = 0; nth < inputs[name]; nth++) {
    const fault = (await layer(chance)) ?? rejected(unhandled)
    tally.layers[name]++
    if (nth % CHUNK === CHUNK - 1) process.send?.({ inputs: CHUNK })
    if (fault === undefined) continue
    tally.broken[fault.broken]++
    const isNew = tally.found.every(
      ({ what, layer: where }) => what !== fault.what || where !== name,
    )
    if (isNew) tally.found.push({ ...fault, layer: name, nth })
    if (untilFault) return
  }
}

function rejected(unhandled: unknown[]): Fault | undefined {
  const reason = unhandled.pop()
  if (reason === undefined) return undefined
  const name = reason instanceof Error ? reason.constructor.name : typeof reason
  return { broken: 'serverErrors', what: `unhandled rejection: ${name}`, input: undefined }
}

const [order] = process.argv.slice(2)
if (order !== undefined) {
  const tally = await work(JSON.parse(order))
  process.send?.({ tally }, () => process.disconnect())
}
