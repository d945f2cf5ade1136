/** One of the two parties of an order, each sealed apart. */
export type Group = 'receiver' | 'sender'

/** Something owed to a partner. */
export interface Owed {
  readonly to: 'courier' | 'platform'
  readonly kind: string
  readonly name: string
  /** Goes only by an answer. */
  readonly due: boolean
}

/** What somebody asks. `due` and `owed` are what they saw when they decided. */
export type Command =
  | { readonly do: 'post'; readonly n: number; readonly body: number; readonly at: number }
  | { readonly do: 'cancel'; readonly n: number; readonly at: number }
  | { readonly do: 'change'; readonly n: number; readonly to: number; readonly at: number }
  | { readonly do: 'hold'; readonly n: number; readonly on: boolean; readonly at: number }
  | {
      readonly do: 'answer'
      readonly name: string
      readonly due: Owed
      readonly yes: boolean
      readonly at: number
    }
  | { readonly do: 'ack'; readonly owed: readonly Owed[] }
  | { readonly do: 'push'; readonly n: number }
  | {
      readonly do: 'assign'
      readonly n: number
      readonly group: Group
      readonly hop: string
      readonly epoch: number
      readonly done: boolean
      readonly rev: number
    }
  | { readonly do: 'release'; readonly n: number; readonly group: Group; readonly hop: string }
  | { readonly do: 'expire'; readonly at: number }
  | { readonly do: 'shred' }
