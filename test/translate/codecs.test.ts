import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { GatewayError, type GatewayErrorCode } from '../../lib/model/errors.ts'
import { personalText } from '../../lib/model/personal-text.ts'
import * as codecs from '../../lib/translate/codecs.ts'
import type { Codec } from '../../lib/translate/table.ts'

const units = fc.maxSafeNat()
const fewUnits = fc.nat({ max: 99_999_999 })
const code = (code: GatewayErrorCode) => ({ name: 'GatewayError', code, at: '' })

/** Any moment from 1970 to 9999, as milliseconds. */
const moment = fc.integer({ min: 0, max: Date.UTC(9999, 11, 30) })
const seconds = moment.map(milliseconds => Math.floor(milliseconds / 1000))

/** The law: what was read and written again is what it was, and so the other way. */
function keeps<T, O, W extends T>(
  { to, from }: Pick<Codec<T, O, unknown, W>, 'to' | 'from'>,
  theirs: fc.Arbitrary<W>,
): void {
  fc.assert(
    fc.property(theirs, value => {
      const ours = to(value, undefined)
      assert.notEqual(ours, undefined)
      if (ours === undefined) return
      const written = from(ours, undefined)
      assert.deepEqual(written, value)
      if (written !== undefined) assert.deepEqual(to(written, undefined), ours)
    }),
  )
}

/** Ours, written and read again. */
function brings<T, O, W extends T>(
  { to, from }: Pick<Codec<T, O, unknown, W>, 'to' | 'from'>,
  ours: fc.Arbitrary<O>,
): void {
  fc.assert(
    fc.property(ours, value => {
      const written = from(value, undefined)
      assert.notEqual(written, undefined)
      if (written !== undefined) assert.deepEqual(to(written, undefined), value)
    }),
  )
}

const refuses = (convert: (value: never) => unknown, values: readonly unknown[]) => {
  for (const value of values)
    assert.throws(() => convert(value as never), code('VALUE_INVALID'), String(value))
}

describe('decimals', () => {
  const written = [
    [codecs.whole, 1250, 1250],
    [codecs.wholeText, '1250', 1250],
    [codecs.yuan, '22', 2200],
    [codecs.yuan, '22.50', 2250],
    [codecs.yuan, '0.05', 5],
    [codecs.yuan, '1000', 100_000],
    [codecs.yuan, '10.10', 1010],
    [codecs.yuanNumber, 22.5, 2250],
    [codecs.kilograms, 1.25, 1250],
    [codecs.kilograms, 13.2, 13_200],
    [codecs.kilogramsText, '1.25', 1250],
    [codecs.kilogramsText, '10', 10_000],
    [codecs.centimetres, 25.5, 255],
    [codecs.centimetresText, '25.5', 255],
    [codecs.centimetresText, '40', 400],
    [codecs.cubicMetresText, '0.006000', 6000],
    [codecs.cubicMetresText, '1.000000', 1_000_000],
  ] as const

  test('have one written form each', () => {
    for (const [codec, theirs, ours] of written) {
      assert.equal(codec.to(theirs, undefined), ours)
      assert.equal(codec.from(ours, undefined), theirs)
    }
  })

  test('come back, to the last unit', () => {
    for (const codec of [codecs.wholeText, codecs.yuan, codecs.kilogramsText]) brings(codec, units)
    for (const codec of [codecs.centimetresText, codecs.cubicMetresText]) brings(codec, units)
    for (const codec of [codecs.kilograms, codecs.yuanNumber, codecs.centimetres])
      brings(codec, fewUnits)
    brings(codecs.whole, units)
    keeps(codecs.wholeUp, units)
  })

  test('agree with arithmetic that has no floats', () => {
    fc.assert(
      fc.property(fewUnits, fen => {
        assert.equal(
          codecs.yuan.to(
            `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`,
            undefined,
          ),
          fen,
        )
      }),
    )
    assert.equal(codecs.yuanNumber.to(1.1, undefined), 110)
    assert.equal(codecs.yuan.to('4.35', undefined), 435)
    assert.equal(codecs.kilograms.to('9007199254740.991', undefined), Number.MAX_SAFE_INTEGER)
  })

  test('are read as number and as text alike', () => {
    assert.equal(codecs.yuan.to(22.5, undefined), 2250)
    assert.equal(codecs.kilograms.to('1.250', undefined), 1250)
    assert.equal(codecs.whole.to('007', undefined), 7)
  })

  test('refuse what is no plain decimal, negative, or too large', () => {
    const wrong = ['', ' 1', '1 ', '+1', '-1', '1.', '.5', '1e3', '0x10', '1,5', '１', 'NaN', '{}']
    const numbers = [-1, Number.NaN, Infinity, 1e21, 2 ** 53, '9007199254740992', '9'.repeat(99)]
    for (const codec of [
      codecs.whole,
      codecs.wholeText,
      codecs.yuan,
      codecs.kilograms,
      codecs.wholeUp,
    ])
      refuses(value => codec.to(value, undefined), [...wrong, ...numbers])
  })

  test('refuse what is finer than their unit', () => {
    refuses(value => codecs.yuan.to(value, undefined), ['22.505', '22.500', 0.001])
    refuses(value => codecs.kilograms.to(value, undefined), [0.0001, '1.2505', 1e-7])
    refuses(value => codecs.centimetresText.to(value, undefined), ['25.55'])
    refuses(value => codecs.whole.to(value, undefined), [1.5, '1.0'])
  })

  test('refuse to write what ours never holds, or a double cannot', () => {
    for (const codec of [codecs.whole, codecs.yuan, codecs.kilograms, codecs.cubicMetresText])
      refuses(value => codec.from(value, undefined), [-1, 1.5, Number.NaN, 2 ** 53])
  })

  test('that no double stands for are not written', () => {
    const large = fc.integer({ min: 2 ** 53 - 400_000, max: 2 ** 53 - 1 })
    let refused = 0
    fc.assert(
      fc.property(large, fen => {
        try {
          assert.equal(
            codecs.yuanNumber.to(codecs.yuanNumber.from(fen, undefined) ?? '', undefined),
            fen,
          )
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error
          refused += 1
        }
      }),
    )
    assert.notEqual(refused, 0)
  })

  test('that round, round up, and say so', () => {
    const cases = [
      [1250, 1250],
      [1250.2, 1251],
      ['0.0001', 1],
      [1e-7, 1],
      [0, 0],
      ['3.000', 3],
    ] as const
    for (const [theirs, ours] of cases) assert.equal(codecs.wholeUp.to(theirs, undefined), ours)
    assert.equal(codecs.centimetresUp.to(25.51, undefined), 256)
    assert.equal(codecs.centimetresUp.to('25.5', undefined), 255)
    assert.match(codecs.wholeUp.lossy?.theirs ?? '', /rounded up/)
    const written = fc.integer({ min: 0, max: 1e9 })
    fc.assert(
      fc.property(written, fc.integer({ min: 1, max: 999 }), (n, rest) => {
        assert.equal(codecs.wholeUp.to(`${n}.${String(rest).padStart(3, '0')}`, undefined), n + 1)
      }),
    )
  })

  test('that are positive or unknown', () => {
    const weight = codecs.positive(codecs.wholeText)
    for (const unknown of ['', '0', 0, '00']) assert.equal(weight.to(unknown, undefined), undefined)
    assert.equal(codecs.positive(codecs.kilograms).to(0.0, undefined), undefined)
    assert.equal(weight.from(0, undefined), undefined)
    brings(weight, fc.integer({ min: 1 }))
    assert.throws(() => weight.to('x', undefined), code('VALUE_INVALID'))
  })
})

describe('texts', () => {
  test('an identifier is text, whatever it came as', () => {
    assert.equal(codecs.identifier.to(42, undefined), '42')
    assert.equal(codecs.identifier.to('6900000000000000001', undefined), '6900000000000000001')
    keeps(codecs.identifier, fc.string({ unit: 'binary' }))
    refuses(value => codecs.identifier.to(value, undefined), [1.5, 2 ** 53, Number.NaN])
  })

  test('digits are a number with them and text with us', () => {
    keeps(codecs.digits(), fc.nat({ max: 1e14 }))
    assert.equal(codecs.digits().to('276', undefined), '276')
    const wrong = ['', '01', 'A', '1.5', '-1', '9999999999999999', ' 1']
    const product = codecs.digits('PRODUCT_UNMAPPED')
    for (const text of wrong)
      assert.throws(() => product.from(text, undefined), code('PRODUCT_UNMAPPED'))
    refuses(value => codecs.digits().to(value, undefined), [1.5, -1, 1e21])
  })

  test('empty text is absent', () => {
    assert.equal(codecs.textOrAbsent.to('', undefined), undefined)
    assert.equal(codecs.textOrAbsent.from('', undefined), undefined)
    assert.equal(codecs.joined(',').to('', undefined), undefined)
    const phone = personalText('13800000000')
    assert.equal(codecs.personalOrAbsent.to(personalText(''), undefined), undefined)
    assert.equal(codecs.personalOrAbsent.from(personalText(''), undefined), undefined)
    assert.equal(codecs.personalOrAbsent.to(phone, undefined), phone)
    keeps(codecs.textOrAbsent, fc.string({ minLength: 1 }))
  })

  test('text is never cut', () => {
    const ten = codecs.text(10)
    keeps(ten, fc.string({ maxLength: 10 }))
    assert.equal(ten.to('more than ten', undefined), 'more than ten')
    assert.equal(ten.from('😀😀😀😀😀', undefined), '😀😀😀😀😀')
    assert.throws(() => ten.from('😀😀😀😀😀a', undefined), code('VALUE_TOO_LONG'))
  })

  test('a list in one text comes back', () => {
    const member = fc.string({ minLength: 1 }).filter(text => !text.includes('、'))
    brings(codecs.joined('、'), fc.array(member, { minLength: 1 }))
    assert.equal(codecs.joined(',').from([], undefined), undefined)
    refuses(value => codecs.joined(',').from(value, undefined), [['a,b'], ['a', '']])
    refuses(value => codecs.joined(',').to(value, undefined), ['a,,b', ',a', ','])
  })

  test('with a limit, whole members are written, at least the first', () => {
    const seven = codecs.joined(',', 7)
    assert.equal(seven.from(['abc', 'def', 'g'], undefined), 'abc,def')
    assert.equal(seven.from(['abc', 'defg', 'h'], undefined), 'abc')
    assert.equal(seven.from(['abcdefg', 'h'], undefined), 'abcdefg')
    assert.throws(() => seven.from(['abcdefgh'], undefined), code('VALUE_TOO_LONG'))
    assert.match(seven.lossy?.ours ?? '', /whole members/)
  })
})

describe('codes', () => {
  const words = codecs.codeList({ SF: 'sf', 10: 'ten' }, 'COURIER_UNMAPPED')
  const numbers = codecs.numberCodeList({ 1: 'sender', 2: 'receiver' })

  test('translate both ways, every pair of them', () => {
    for (const [theirs, ours] of words.codes)
      assert.equal(words.from(words.to(theirs)), theirs, ours)
    for (const [theirs, ours] of numbers.codes) {
      assert.equal(numbers.to(theirs), ours)
      assert.equal(numbers.from(ours), theirs)
    }
    assert.equal(numbers.to('2'), 'receiver')
    assert.equal(words.to(10), 'ten')
  })

  test('that are unknown are errors, whatever their name', () => {
    for (const hostile of ['', 'x', '__proto__', 'constructor', 'toString', 'sf', '1.0', ' 1']) {
      assert.throws(() => words.to(hostile), code('COURIER_UNMAPPED'))
      assert.throws(() => numbers.to(hostile), code('CODE_UNKNOWN'))
      if (hostile !== 'sf') assert.throws(() => words.from(hostile), code('COURIER_UNMAPPED'))
    }
  })

  test('that ours names twice are a mistake in the list', () => {
    assert.throws(() => codecs.codeList({ a: 'x', b: 'x' }), TypeError)
  })

  test('a flag stands for a value that is there or not', () => {
    const signBack = codecs.flag('sign-back')
    assert.equal(signBack.to(1), 'sign-back')
    assert.equal(signBack.to('0'), undefined)
    assert.equal(signBack.from('sign-back'), 1)
    assert.equal(codecs.flag(true).from(false), 0)
    for (const wrong of [2, '', 'true', -1])
      assert.throws(() => signBack.to(wrong), code('CODE_UNKNOWN'))
    const written = codecs.writtenFlag(true)
    assert.equal(written.from(undefined), 0)
    assert.equal(written.from(true), 1)
    assert.equal(written.to(undefined), undefined)
  })

  test('absence may stand for a value', () => {
    const pieces = codecs.orElse(codecs.whole, 1)
    assert.equal(pieces.to(undefined, undefined), 1)
    assert.equal(pieces.to(3, undefined), 3)
    assert.equal(pieces.from(1, undefined), 1)
    assert.equal(pieces.from(undefined, undefined), undefined)
    assert.equal(codecs.orElse(codecs.positive(codecs.whole), 1).to(0, undefined), 1)
  })
})

describe('times', () => {
  const stamp = '2026-01-01T08:00:00+08:00'

  test('are the moments they were', () => {
    assert.equal(codecs.shanghaiTime.to('2026-01-01 08:00:00', undefined), stamp)
    assert.equal(codecs.shanghaiTime.from(stamp, undefined), '2026-01-01 08:00:00')
    assert.equal(codecs.shanghaiMinutes.to('2026-01-01 08:00', undefined), stamp)
    assert.equal(codecs.unixSeconds.to(1_767_225_600, undefined), stamp)
    assert.equal(codecs.unixSeconds.from(stamp, undefined), 1_767_225_600)
    assert.equal(
      codecs.unixMilliseconds.to(1_767_225_600_123, undefined),
      '2026-01-01T08:00:00.123+08:00',
    )
  })

  test('come back', () => {
    const bare = (milliseconds: number) => new Date(milliseconds).toISOString().replace('T', ' ')
    keeps(
      codecs.shanghaiTime,
      moment.map(bare).map(text => text.slice(0, 19)),
    )
    keeps(
      codecs.shanghaiMinutes,
      moment.map(bare).map(text => text.slice(0, 16)),
    )
    keeps(codecs.unixSeconds, seconds)
    keeps(codecs.unixMilliseconds, moment)
  })

  test('agree with the clock of the engine', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: -1439, max: 1439 }), (milliseconds, minutes) => {
        const there = new Date(milliseconds + 86_400_000 + minutes * 60_000)
          .toISOString()
          .slice(0, -1)
        const clock = (n: number) => String(n).padStart(2, '0')
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
        const offset = `${minutes < 0 ? '-' : '+'}${clock(hours)}:${clock(rest)}`
        fc.pre(there.length === 23)
        assert.equal(
          codecs.unixMilliseconds.from(there + offset, undefined),
          Date.parse(there + offset),
        )
        assert.equal(
          codecs.shanghaiTime.from(there + offset, undefined),
          codecs.shanghaiTime.from(
            codecs.unixMilliseconds.to(Date.parse(there + offset), undefined) ?? '',
            undefined,
          ),
        )
      }),
    )
  })

  test('of another offset, or finer, are written as the same moment', () => {
    assert.equal(codecs.shanghaiTime.from('2026-01-01T00:00:00Z', undefined), '2026-01-01 08:00:00')
    assert.equal(
      codecs.shanghaiTime.from('2025-12-31t19:00:00.999-05:00', undefined),
      '2026-01-01 08:00:00',
    )
    assert.equal(
      codecs.shanghaiMinutes.from('2026-01-01T08:00:59+08:00', undefined),
      '2026-01-01 08:00',
    )
    assert.equal(codecs.unixSeconds.from('2026-01-01T08:00:00.5+08:00', undefined), 1_767_225_600)
    assert.match(codecs.shanghaiMinutes.lossy?.ours ?? '', /seconds/)
  })

  test('that the calendar or the clock does not have are refused', () => {
    const days = [
      '2026-02-29',
      '1900-02-29',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '0026-01-01',
    ]
    refuses(
      value => codecs.shanghaiTime.to(value, undefined),
      days.map(day => `${day} 08:00:00`),
    )
    refuses(
      value => codecs.shanghaiTime.from(value, undefined),
      days.map(day => `${day}T08:00:00+08:00`),
    )
    refuses(
      value => codecs.unixSeconds.from(value, undefined),
      days.map(day => `${day}T08:00:00Z`),
    )
    const clocks = ['24:00:00', '23:60:00', '23:59:60']
    refuses(
      value => codecs.shanghaiTime.to(value, undefined),
      clocks.map(clock => `2026-01-01 ${clock}`),
    )
    for (const day of ['2024-02-29', '2000-02-29', '2026-12-31'])
      assert.equal(codecs.shanghaiTime.to(`${day} 23:59:59`, undefined), `${day}T23:59:59+08:00`)
  })

  test('of another form are refused', () => {
    const bare = [
      '',
      '2026-1-1 08:00:00',
      '2026-01-01T08:00:00',
      '2026-01-01 08:00',
      '2026-01-01 08:00:00 ',
      '2026-01-01 08:00:00\n',
    ]
    refuses(value => codecs.shanghaiTime.to(value, undefined), bare)
    refuses(
      value => codecs.shanghaiMinutes.to(value, undefined),
      ['2026-01-01 08:00:00', '26-01-01 08:00:00'],
    )
    const stamps = [
      '2026-01-01',
      '2026-01-01 08:00:00+08:00',
      '2026-01-01T08:00:00',
      '2026-01-01T08:00:00+0800',
      '2026-01-01T08:00:00+24:00',
      '2026-01-01T08:00:00+08:60',
    ]
    refuses(value => codecs.shanghaiTime.from(value, undefined), stamps)
    refuses(value => codecs.unixSeconds.to(value, undefined), [-1, 1.5, 'x', 1e12, 2 ** 53])
    refuses(value => codecs.unixSeconds.from(value, undefined), ['1969-12-31T00:00:00Z'])
  })
})
