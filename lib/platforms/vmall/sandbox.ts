import type {
  OutgoingRequest,
  ParcelName,
  PlatformSandbox,
  SandboxCredential,
} from '../platform.ts'
import type { ChangeOrder, ChangeTable } from './change-mapping.ts'
import type { Codes } from './codes.ts'
import { writeForm } from './form.ts'
import type { Forms } from './forms.ts'
import type { Contract } from './generated/types.ts'
import type { OrderTable } from './order-mapping.ts'
import { inventedOrder, inventedReceiver } from './people.ts'
import type { Signer } from './signature.ts'

/** What of a contract its client needs. */
export interface SandboxParts {
  readonly sign: Contract['sign']
  readonly forms: Forms
  readonly codes: Codes
  readonly signer: Signer
  readonly order: OrderTable
  readonly change: ChangeTable
}

type Terms = Parameters<PlatformSandbox['requestFor']>[1]

/** A client of the platform, which writes and signs as a contract says. Documents are made when they are asked for. */
export function sandboxOf(parts: SandboxParts): PlatformSandbox {
  const { sign, forms, codes, signer } = parts
  const call = (
    path: string,
    body: string,
    { appKey, secret }: SandboxCredential,
    now: Date,
  ): OutgoingRequest => ({
    method: 'POST',
    path: `/v1/platforms/vmall/${path}`,
    headers: {
      'content-type': 'application/json',
      [sign.keyIdHeader]: appKey,
      ...signer.headers(body, secret, now),
    },
    body,
  })
  const wish = (
    wished: Pick<ChangeOrder, 'change' | 'receiver'>,
    { courier, waybill, platformOrder = '', parcel = '-' }: ParcelName,
    credential: SandboxCredential,
    now: Date,
  ) => {
    const ours = {
      ...wished,
      courier: courier ?? codes.courier.codes[0]?.[1] ?? '',
      platformOrder,
      parcel,
      ...(waybill === undefined ? {} : { waybill }),
    }
    const { packageNo, ...rest } = parts.change.toTheirs(ours)
    const named = { requestId: 'VM-REQ-0002', ...rest, ...(parcel !== '-' && { packageNo }) }
    const document = JSON.stringify(writeForm(forms.change, named))
    return call('cancellations', document, credential, now)
  }
  return {
    appKey: 'vmall-demo-app',
    get request() {
      return requestOf(parts)
    },
    requestFor: (courier, terms) => requestOf(parts, { courier, ...terms }),
    sign: (document, credential, now) => call('orders', document, credential, now),
    cancel: (parcel, credential, now) => wish({ change: 'cancel' }, parcel, credential, now),
    changeReceiver: (parcel, credential, now) =>
      wish({ change: 'receiver-changed', receiver: inventedReceiver() }, parcel, credential, now),
  }
}

/** The order of invented people in the contract's words. */
function requestOf(
  { forms, order }: SandboxParts,
  changes: Partial<Terms & { readonly courier: string }> = {},
): unknown {
  const { order: line, ...head } = order.toTheirs({ ...inventedOrder(), ...changes }, undefined)
  const named = { ...head, requestId: 'VM-REQ-0001', merchantId: 'VM-SHOP-1' }
  return writeForm(forms.request, { ...named, orders: [writeForm(forms.order, line)] })
}
