import { GatewayError } from '../../model/errors.ts'
import { clashes } from './form.ts'
import { type Forms, formsOf } from './forms.ts'
import type { Contract } from './generated/types.ts'
import { isContract } from './generated/validators.js'

/** Headers that HTTP, or the gateway itself, has another use for. */
const TAKEN = [
  'authorization',
  'connection',
  'content-digest',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'retry-after',
  'signature',
  'signature-input',
  'transfer-encoding',
]

/**
 * A contract, checked: what is wrong with it is said when it is read, never when a request comes.
 *
 * @example export const vmall = createVmall(readContract(contractJson))
 * @throws {GatewayError} `VALUE_INVALID` at the row of the contract that is wrong or missing; its cause
 * says what a row may hold
 * @see formats/vmall.md section 1
 */
export function readContract(document: unknown): Contract {
  if (!isContract(document)) throw faultIn(isContract.errors?.[0])
  checkHeaders(document.sign)
  for (const name of ['courier', 'payer', 'service', 'action', 'status'] as const) {
    checkOneToOne(`/codes/${name}`, { ...document.codes[name] })
  }
  for (const form of Object.values(checkNames(document))) {
    const [row] = clashes(form)
    if (row !== undefined) throw wrong(row, 'another row names this place, or one around it')
  }
  const changes = Object.values(document.codes.action).includes('receiver-changed')
  if (changes && document.change.receiver === undefined) {
    throw wrong('/change/receiver', 'is needed for a change of the receiver')
  }
  return document
}

interface Fault {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  readonly params?: unknown
}

/** A fault of the schema; what is missing is named, not what it is missing in. */
function faultIn(fault: Fault | undefined): GatewayError {
  const { missingProperty, additionalProperty }: Record<string, unknown> = Object(fault?.params)
  const name = missingProperty ?? additionalProperty
  const at = `${fault?.instancePath ?? ''}${typeof name === 'string' ? `/${name}` : ''}`
  return wrong(at, fault?.message ?? 'is no contract')
}

function checkHeaders({ header, keyIdHeader, timestampHeader }: Contract['sign']): void {
  const names = Object.entries({ header, keyIdHeader, timestampHeader })
  names.forEach(([row, name], n) => {
    const lower = name.toLowerCase()
    const twice = names.slice(0, n).some(([, other]) => other.toLowerCase() === lower)
    if (twice || TAKEN.includes(lower)) {
      throw wrong(`/sign/${row}`, 'must be a header of its own')
    }
  })
}

function checkOneToOne(at: string, list: Readonly<Record<string, string>>): void {
  const seen = new Set<string>()
  for (const [code, other] of Object.entries(list)) {
    if (seen.has(other)) throw wrong(`${at}/${code}`, 'means the same as another code')
    seen.add(other)
  }
}

function checkNames(contract: Contract): Forms {
  try {
    return formsOf(contract)
  } catch (error) {
    throw new GatewayError('VALUE_INVALID', rowWithBadName(contract), { cause: error })
  }
}

/** Which row has a name that every object has from birth, such as `__proto__`. */
function rowWithBadName(contract: Contract): string {
  for (const section of ['request', 'order', 'party', 'change'] as const) {
    for (const [row, pointers] of Object.entries(contract[section])) {
      const names = String(pointers).split(/[/,]/)
      if (names.some(name => name in Object.prototype)) return `/${section}/${row}`
    }
  }
  return ''
}

const wrong = (at: string, because: string) =>
  new GatewayError('VALUE_INVALID', at, { cause: new TypeError(`vmall contract ${at} ${because}`) })
