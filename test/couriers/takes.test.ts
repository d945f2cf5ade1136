import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CourierSettings, FieldForm, Takes } from '../../lib/couriers/courier.ts'
import { couriers } from '../../lib/couriers/index.ts'
import { checkTakes } from '../../lib/couriers/takes.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Order, Party } from '../../lib/model/validate.ts'

type Field = keyof Takes
type Group = 'sender' | 'receiver'

const fields: readonly Field[] = ['name', 'phone', 'address']
const groups: readonly Group[] = ['sender', 'receiver']
const every: readonly FieldForm[] = ['masked', 'virtual-number', 'token', 'placeholder', 'fixed']
const all: Takes = { name: every, phone: every, address: every }
const plain: CourierSettings = { displayLevel: 'street', native: {} }

const region = { country: { name: '中国', code: 'CN' }, province: { name: '福建省' } }
const display = { name: '张*', phone: '138******00', address: '测试路1号样例小区***' }
const virtualNumber = { number: '18400000000', extension: '1234' }
const token = { kind: 'platform-token', token: 'T', tokenKind: 'oaid', boundTo: '1' } as const
const sealed: Party = { region, protection: { kind: 'sealed' }, display }
const bare: Party = { region, protection: { kind: 'order-number' } }
const cipher: Party = {
  region,
  protection: { kind: 'platform-cipher', fields: { name: { value: '##', authRef: '1' } } },
}

/** A party for each form, and the fields in which it stands in that form. */
const cases: readonly {
  readonly form: FieldForm
  readonly about: string
  readonly party: Party
  readonly in: readonly Field[]
  readonly more?: Partial<CourierSettings>
}[] = [
  { form: 'masked', about: 'a display', party: sealed, in: fields },
  {
    form: 'masked',
    about: 'a display beside a token',
    party: { ...sealed, protection: token },
    in: fields,
  },
  {
    form: 'virtual-number',
    about: 'a virtual number',
    party: { ...sealed, virtualNumber },
    in: ['phone'],
  },
  {
    form: 'virtual-number',
    about: 'a virtual number beside a placeholder',
    party: { ...bare, virtualNumber },
    in: ['phone'],
    more: { phonePlaceholder: '00000000000' },
  },
  {
    form: 'placeholder',
    about: 'a placeholder that was agreed',
    party: sealed,
    in: ['phone'],
    more: { phonePlaceholder: '00000000000' },
  },
  { form: 'token', about: 'a token', party: { region, protection: token }, in: fields },
  { form: 'fixed', about: 'the order number alone', party: bare, in: fields },
  { form: 'fixed', about: 'ciphers', party: cipher, in: fields },
  {
    form: 'fixed',
    about: 'a display at level region',
    party: sealed,
    in: ['address'],
    more: { displayLevel: 'region' },
  },
]

/** The other party stands in no form that is asked about: in tokens, and its phone in a virtual number. */
function beside(form: FieldForm): Party {
  const party: Party = { region, protection: token }
  return form === 'virtual-number' ? party : { ...party, virtualNumber }
}

const orderOf = (group: Group, party: Party, other = sealed): Pick<Order, Group> => ({
  sender: other,
  receiver: other,
  [group]: party,
})

/** Everything is taken but one form in one field. */
const without = (form: FieldForm, field: Field): Takes => ({
  ...all,
  [field]: every.filter(other => other !== form),
})

function codeOf(work: () => void): string | undefined {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof GatewayError)
    return `${error.code} ${error.at}`
  }
  return undefined
}

for (const { form, about, party, in: standsIn, more } of cases)
  for (const field of fields)
    for (const group of groups) {
      const settings = { ...plain, ...more }
      const order = orderOf(group, party, beside(form))
      // A token that is not taken makes way for the fixed text: tested below.
      const isRefused = standsIn.includes(field) && form !== 'token'
      const expected = isRefused ? `DISPLAY_REFUSED /${group}/display/${field}` : undefined
      const code = (takes: Takes) => codeOf(() => checkTakes(order, { takes }, settings))

      test(`${about}: ${form} in the ${field} of the ${group}`, () => {
        assert.equal(code(all), undefined)
        assert.equal(code(without(form, field)), expected)
      })
    }

test('where a token is not taken the fixed text stands in its stead', () => {
  for (const field of fields) {
    const order = orderOf('receiver', { region, protection: token })
    const taken = (...forms: FieldForm[]) => ({ takes: { ...all, [field]: ['masked', ...forms] } })
    const at = `DISPLAY_REFUSED /receiver/display/${field}`
    const codes = [taken('token'), taken('fixed'), taken()].map(courier =>
      codeOf(() => checkTakes(order, courier, plain)),
    )
    assert.deepEqual(codes, [undefined, undefined, at])
  }
})

test('what the operator agreed replaces a field, and leaves the others', () => {
  const courier = { takes: { ...all, phone: ['fixed'] as const, name: ['masked'] as const } }
  const order = orderOf('receiver', sealed)
  const code = (takes?: Partial<Takes>) =>
    codeOf(() => checkTakes(order, courier, { ...plain, ...(takes && { takes }) }))
  assert.equal(code(), 'DISPLAY_REFUSED /sender/display/phone')
  assert.equal(code({ name: ['masked', 'fixed'] }), 'DISPLAY_REFUSED /sender/display/phone')
  assert.equal(code({ phone: ['masked'] }), undefined)
  assert.equal(code({ phone: ['masked'], name: [] }), 'DISPLAY_REFUSED /sender/display/name')
})

test('an intake that takes digits alone: refused with masks, taken with virtual numbers', () => {
  const takes: Partial<Takes> = { phone: ['virtual-number', 'placeholder'] }
  const [sf] = couriers
  assert.ok(sf)
  const both = (party: Party) => ({ sender: party, receiver: party })
  const settings = { ...plain, takes }
  assert.throws(() => checkTakes(both(sealed), sf, settings), {
    code: 'DISPLAY_REFUSED',
    at: '/sender/display/phone',
    message: 'DISPLAY_REFUSED at /sender/display/phone',
  })
  checkTakes(both({ ...sealed, virtualNumber }), sf, settings)
  checkTakes(both(sealed), sf, { ...settings, phonePlaceholder: '00000000000' })
})

test('every courier says for each field what it takes, every form once', () => {
  for (const { name, takes } of couriers)
    for (const field of fields) {
      assert.ok(takes[field].length > 0, `${name} ${field}`)
      assert.equal(new Set(takes[field]).size, takes[field].length, `${name} ${field}`)
    }
})
