import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Courier, CourierSettings } from '../../lib/couriers/courier.ts'
import type { Draft } from '../../lib/model/draft.ts'
import type { Order } from '../../lib/model/validate.ts'
import type { NamedTable, Platform } from '../../lib/platforms/platform.ts'
import { comparerOf } from '../../test/conformance/compare.ts'
import { differences } from '../../test/conformance/document.ts'
import { arrived } from '../../test/conformance/lists.ts'

/** The code that is put to the proof: that of one folder, so that a copy with a bug can be tried. */
export interface Code {
  readonly platforms: readonly Platform[]
  readonly couriers: readonly Courier[]
  readonly prepareOrder: typeof import('../../lib/flow/prepare.ts').prepareOrder
  readonly sealPersonal: typeof import('../../lib/seal/seal.ts').sealPersonal
  readonly openSealed: typeof import('../../lib/seal/open.ts').openSealed
}

/** An order on its way through a document and back: what was read of it, and the first place lost. */
export interface Passed<T> {
  readonly read: T
  readonly lost: string | undefined
}

/** Where orders come from: a native document of a platform. */
export interface Source {
  readonly platform: Platform
  /** Orders of its fixtures, to be varied. */
  readonly bases: readonly Draft[]
  readonly pass: (posted: Draft) => Passed<Draft>
}

/** Where they go: the native waybill of a courier. */
export interface Target {
  readonly courier: Courier
  readonly settings: CourierSettings
  readonly pass: (order: Order) => Passed<unknown>
}

/** Loads the code below a folder. */
export async function loadCode(root: string): Promise<Code> {
  const load = (path: string) => import(pathToFileURL(join(root, 'lib', path)).href)
  const [{ platforms }, { couriers }, { prepareOrder }, { sealPersonal }, { openSealed }] =
    await Promise.all([
      load('platforms/index.ts'),
      load('couriers/index.ts'),
      load('flow/prepare.ts'),
      load('seal/seal.ts'),
      load('seal/open.ts'),
    ])
  return { platforms, couriers, prepareOrder, sealPersonal, openSealed }
}

/** Every table of every platform that reads orders; a platform that has none speaks the standard. */
export function sourcesOf(root: string, { platforms }: Code): Source[] {
  return platforms.flatMap(platform => {
    const tables = platform.tables.filter(
      ({ carries, way }) => carries === 'order' && way === 'read',
    )
    if (tables.length === 0) return [plainSource(root, platform)]
    return tables.map(named => ({
      platform,
      bases: fixturesOf(root, platform, file => isHalf(file, named)).map(half => draftIn(half)),
      pass: (posted: Draft) => throughTable(named, posted),
    }))
  })
}

const isHalf = (file: string, { name }: NamedTable): boolean =>
  file.startsWith(`${name}-`) && file.endsWith('.canonical.json')

const draftIn = (half: unknown): Draft => half as Draft // the conformance suite checks fixtures

function fixturesOf(root: string, { name }: Platform, is: (file: string) => boolean): unknown[] {
  const folder = join(root, 'lib/platforms', name, 'fixtures')
  const files = readdirSync(folder).filter(is).sort()
  return files.map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')))
}

/** Ours → theirs → ours, and theirs → ours → theirs. */
function throughTable({ table, context, ...named }: NamedTable, posted: Draft): Passed<Draft> {
  const { notBack } = comparerOf({ ...named, table })
  const theirs = table.toTheirs(posted, context)
  const read: Draft = table.toOurs(theirs, context)
  const [ours] = notBack('ours', posted, read)
  if (ours !== undefined) return { read, lost: `ours ${ours}` }
  const [again] = notBack('theirs', theirs, table.toTheirs(read, context))
  return { read, lost: again && `theirs ${again}` }
}

/** What posts the standard's own document: `orders.json` with one order. */
function plainSource(root: string, platform: Platform): Source {
  const { appKey } = platform.sandbox
  const credential = {
    appKey,
    secrets: [],
    md5: false,
    couriers: {},
    ignoreServices: [],
    native: {},
  }
  const requests = fixturesOf(root, platform, file => /^request-.*\.wire\.json$/.test(file))
  const orders = requests.flatMap(request => Object(request).orders ?? [])
  return {
    platform,
    bases: orders.filter(order => order.receiver.sealed === undefined).map(draftIn),
    pass: posted => {
      const document = JSON.stringify({ orders: [posted] })
      const call = platform.sandbox.sign(document, { appKey, secret: '' }, new Date(0))
      const [one] = platform.readOrders(arrived(call), credential)
      if (one === undefined) throw new Error('an order is not read')
      if ('error' in one) throw one.error
      return { read: one.draft, lost: differences(posted, one.draft)[0] }
    },
  }
}

/** Every courier's table that writes waybills; one that has none takes the order itself. */
export function targetsOf({ couriers }: Code): Target[] {
  return couriers.map(courier => {
    const settings = { ...courier.sandbox.settings, secret: 'invented' }
    const named = courier.tables.find(
      ({ carries, way }) => carries === 'order' && way === 'written',
    )
    const pass = (order: Order): Passed<unknown> => {
      const waybill = courier.writeWaybill(order, settings)
      if (named === undefined) return { read: waybill, lost: differences(order, waybill)[0] }
      const { table } = named
      const { notBack } = comparerOf(named)
      const read = readBack(() => table.toOurs(waybill, settings))
      if (typeof read === 'string') return { read, lost: read }
      const [ours] = notBack('ours', order, read)
      if (ours !== undefined) return { read, lost: `ours ${ours}` }
      const [theirs] = notBack(
        'theirs',
        waybill,
        courier.writeWaybill({ ...order, ...read }, settings),
      )
      return { read, lost: theirs && `theirs ${theirs}` }
    }
    return { courier, settings, pass }
  })
}

/** A waybill that was written is read: an error here is a loss, said as text. */
function readBack(read: () => Order): Order | string {
  try {
    return read()
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : ''}`
  }
}
