import type { Assignment, Group } from '../model/validate.ts'
import type { Binding } from '../seal/envelope.ts'
import type { PinnedKey, SigningKey } from '../seal/keys.ts'
import type { SealPins } from '../seal/pins.ts'
import type { HopKind } from './assignment.ts'
import type { Brake } from './brake.ts'
import type { Capsule, CapsuleContext } from './capsule.ts'

/** What a router was told to trust, by its courier. */
export interface RouterConfig {
  readonly courier: string
  /** Its own name, the audience of every statement to it. */
  readonly aud: string
  /** Who may assign, two at a time while they rotate. */
  readonly dispatchKeys: readonly PinnedKey[]
  /** Who may register hops, lift brakes and raise the floor: none of the dispatch keys. */
  readonly controlKeys: readonly PinnedKey[]
  readonly pins: SealPins
  /** ARN of the custody key behind each `kid`, never an alias. */
  readonly custodyKeyArns: Readonly<Record<string, string>>
  readonly hopKeyArn: string
  /** How many releases one dispatch key may have; hops have their own limit in the same window. */
  readonly brake: Brake
}

/** A hop as the courier registered it. */
export interface RegisteredHop {
  readonly kind: HopKind | 'closed'
  /** Releases that it may have in one window. */
  readonly limit: number
}

/** What the router's table holds of the last assignment of an order's group. */
export interface EpochRecord extends Pick<Assignment, 'epoch' | 'rev' | 'seal' | 'hop' | 'day'> {
  /** Hash of that assignment. */
  readonly hash: string
  /** After leg `done`: this seal is released no more. */
  readonly ended: boolean
}

/** A capsule and the epoch that it was made for; without one where it was dropped. */
export interface StoredCapsule {
  readonly epoch: number
  readonly capsule?: Capsule
}

/** The lowest time of signing that counts, and the table that it was raised for. */
export interface Floor {
  readonly table: string
  /** Seconds since 1970. */
  readonly notBefore: number
}

/** Names a counter and one of its fixed windows. */
export interface CounterWindow {
  readonly counter: string
  readonly window: number
}

/** What a counter holds beside the running window. */
export interface CounterState {
  /** Count of the window before. */
  readonly last: number
  readonly lift?: { readonly limit: number; readonly until: string }
}

/** All that is read before a release, in one consistent look. */
export interface RouterState {
  readonly floor?: Floor
  readonly hop?: RegisteredHop
  readonly epoch?: EpochRecord
  readonly capsule?: StoredCapsule
  /** In the order of the counters asked for. */
  readonly counters: readonly CounterState[]
}

/** Names a group of an order. */
export interface GroupOf {
  readonly order: string
  readonly group: Group
}

/** The router's signed receipt of how long an order's audit chain was, and its head. */
export interface Receipt {
  readonly order: string
  readonly seq: number
  readonly head: string
  /** Compact JWS, `typ` `lasthop-receipt`. */
  readonly jws: string
}

/**
 * The courier's own table. Every write is conditional and returns what stands afterwards, so that of
 * two writers one wins and both know which.
 */
export interface RouterTable {
  /** Which table this is: another one after a restore, even under the same name. */
  identity(): Promise<string>
  look(at: GroupOf & { hop: string; counters: readonly CounterWindow[] }): Promise<RouterState>
  /** Adds one when the count is below `limit`: the new count, or undefined. */
  count(counter: CounterWindow, limit: number): Promise<number | undefined>
  /** Binds a wrapped key, once; returns what it is bound to. */
  bindKey(keyHash: string, binding: Binding): Promise<Binding>
  /**
   * Takes an epoch: only if none stands, or a lower one of no higher `rev` that has not ended this
   * very seal. Returns the one that stands.
   */
  takeEpoch(of: GroupOf, record: EpochRecord): Promise<EpochRecord>
  /**
   * Keeps a capsule unless one of the same epoch is there, or one of a later epoch is or was; returns
   * what stands.
   */
  keepCapsule(of: GroupOf, capsule: StoredCapsule): Promise<StoredCapsule>
  /**
   * Drops the capsule and leaves the standing epoch behind, so that none of an earlier one, which may
   * be on its way, is kept afterwards.
   */
  dropCapsule(of: GroupOf): Promise<void>
  /** Keeps a receipt unless there is one for that length of the chain; returns the one that stands. */
  keepReceipt(receipt: Receipt): Promise<Receipt>
  /** The three below change nothing when a statement signed later was carried out before. */
  putHop(hop: string, registered: RegisteredHop, iat: number): Promise<void>
  putLift(counter: string, lift: { limit: number; until: string }, iat: number): Promise<void>
  putFloor(floor: Floor, iat: number): Promise<void>
}

/** KMS ReEncrypt: RSAES_OAEP_SHA_256 under the custody key → the hop key under a context. */
export type ReEncrypt = (call: {
  readonly wrappedKey: Uint8Array
  readonly custodyKeyArn: string
  readonly hopKeyArn: string
  readonly context: CapsuleContext
}) => Promise<{
  readonly ciphertext: Uint8Array
  readonly custodyKeyArn: string
  readonly hopKeyArn: string
}>

/** What a router does its work with. */
export interface RouterPorts {
  readonly table: RouterTable
  readonly reEncrypt: ReEncrypt
  /** Signs receipts; its public half lies where `lasthop audit verify` finds it. */
  readonly receiptKey: SigningKey
  readonly now: () => Date
  /** Told of each outcome, for log and metrics: no personal data in it. */
  readonly note: (note: RouterNote) => void
}

/** One outcome. */
export interface RouterNote {
  readonly outcome: 'released' | 'repeated' | 'ended' | 'ordered' | 'forgotten' | 'refused'
  readonly order?: string
  readonly group?: Group
  readonly hop?: string
  readonly epoch?: number
  /** `EPOCH_STALE at /epoch` */
  readonly reason?: string
  /** Releases of the hop and of the dispatch key in the running window. */
  readonly hopCount?: number
  readonly dispatchCount?: number
}
