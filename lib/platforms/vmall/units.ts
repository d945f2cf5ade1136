import { GatewayError } from '../../model/errors.ts'
import type { Codec } from '../../translate/codec.ts'
import {
  centimetresText,
  cubicMetresText,
  kilogramsText,
  shanghaiTime,
  unixMilliseconds,
  unixSeconds,
  whole,
  yuan,
} from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import type { Contract } from './generated/types.ts'

/** A number of theirs in some unit ⇄ whole grams, cm³, mm or fen. */
type Measure = Codec<Numeric, number, unknown, Numeric>

/** A time of theirs ⇄ RFC 3339. */
type Time = Codec<Numeric, string, unknown, Numeric>

/** The codecs that a contract's units ask for. */
export interface Units {
  readonly weight: Measure
  readonly volume: Measure
  readonly length: Measure
  readonly money: Measure
  readonly time: Time
}

/** A codec that takes numbers alone, or text alone: the other one is a wrong type. */
const only = <Ours, W extends Numeric>(
  type: 'number' | 'string',
  codec: Codec<Numeric, Ours, unknown, W>,
): Codec<Numeric, Ours, unknown, Numeric> => ({
  ...codec,
  to: (value, context) => {
    if (typeof value !== type) throw new GatewayError('VALUE_INVALID')
    return codec.to(value, context)
  },
})

const number = only('number', whole)

const weights: Readonly<Record<Contract['units']['weight'], Measure>> = {
  g: number,
  kg: kilogramsText,
}
const volumes: Readonly<Record<Contract['units']['volume'], Measure>> = {
  cm3: number,
  m3: cubicMetresText,
}
const lengths: Readonly<Record<Contract['units']['length'], Measure>> = {
  mm: number,
  cm: only('string', centimetresText),
}
const moneys: Readonly<Record<Contract['units']['money'], Measure>> = {
  fen: number,
  yuan: only('string', yuan),
}
/** Bare text of UTC+8 ⇄ RFC 3339; a number is a wrong type, which the form of the text refuses. */
const bareTime: Time = { ...shanghaiTime, to: text => shanghaiTime.to(String(text), undefined) }

const times: Readonly<Record<Contract['units']['time'], Time>> = {
  'text+08:00': bareTime,
  ms: unixMilliseconds,
  s: unixSeconds,
}

/**
 * Codecs by unit. Whole units (g, cm³, mm, fen) are JSON numbers, decimal ones (kg, m³, cm, yuan) text; kg and
 * m³, and the two numbers of time, are read in either type, since nothing says which.
 */
export function unitsOf(units: Contract['units']): Units {
  return {
    weight: weights[units.weight],
    volume: volumes[units.volume],
    length: lengths[units.length],
    money: moneys[units.money],
    time: times[units.time],
  }
}
