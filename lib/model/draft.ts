import type {
  CipherProtection,
  Display,
  Order,
  OrderNumberProtection,
  Personal,
  Region,
  Sealed,
  TokenProtection,
  VirtualNumber,
} from './generated/types.ts'

/**
 * One party of an order as a platform posted it. Exactly one of `personal` (clear, to be sealed here),
 * `sealed` (the platform sealed it) and `protection` (ciphers, a token, or nothing but the order
 * number) is there.
 */
export interface DraftParty {
  readonly region: Region
  readonly personal?: Personal
  readonly sealed?: Sealed
  readonly protection?: CipherProtection | TokenProtection | OrderNumberProtection
  readonly display?: Display
  readonly virtualNumber?: VirtualNumber
}

/**
 * An order just read from a platform's own document: everything of `order.json` but what the gateway
 * adds (id, revision, platform, defaults, masks), and still with the clear personal data. Lives for
 * milliseconds, in intake only.
 */
export interface Draft
  extends Omit<Order, 'lasthop' | 'order' | 'rev' | 'platform' | 'payer' | 'sender' | 'receiver'> {
  readonly payer?: Order['payer']
  readonly sender: DraftParty
  readonly receiver: DraftParty
}
