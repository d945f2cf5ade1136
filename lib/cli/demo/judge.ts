import { type PersonalText, reveal } from '../../model/personal-text.ts'
import type { Personal } from '../../model/validate.ts'
import type { Held } from './attempts.ts'
import { type Opened, openAll } from './play.ts'
import type { Screen } from './screen.ts'
import type { Parties } from './sight.ts'
import type { Stage } from './stage.ts'

/** What was posted in clear, by order. */
export type Posted = Map<string, Parties>

/** Fields that a platform's folder may join out of several: a street and a house, remarks of two people. */
const JOINED = new Set(['address', 'company', 'remark'])

/** What may stand between parts that were joined. */
const BETWEEN = /^[\s,;，；、·|/]$/u

/**
 * Each parcel's own hop opens it. What it reads is compared with what the adapter read, and with the
 * texts of the posted documents themselves.
 */
export async function openAndJudge(
  stage: Stage,
  { posted, documents }: { readonly posted: Posted; readonly documents: readonly string[] },
  held: readonly Held[],
  screen: Screen,
): Promise<Opened[]> {
  const opened = await openAll(stage, held)
  screen.step(`Each parcel's own hop opens it: ${opened.length} seals, each with one KMS Decrypt`)
  const same = opened.filter(({ order, group, personal }) => {
    const wanted = posted.get(order)?.[group]
    return wanted !== undefined && isSamePersonal(personal, wanted)
  })
  screen.expect('the hop reads what the adapter read', same.length === opened.length)
  const texts = new Set(documents.flatMap(document => textsOf(JSON.parse(document))))
  const exact = opened.filter(({ personal }) => isPosted(personal, texts))
  screen.expect('the hop reads exactly what was posted', exact.length === opened.length)
  const sealed = [...posted.values()].flatMap(parties => Object.values(parties))
  screen.expect('all that was sealed is opened', sealed.length === opened.length)
  return opened
}

function isSamePersonal(a: Personal, b: Personal): boolean {
  const sorted = (one: Personal) => JSON.stringify(Object.entries(one).sort())
  return sorted(a) === sorted(b)
}

/** Whether every text of a person stands in the posted documents as it is, or is joined out of such. */
export function isPosted(personal: Personal, texts: ReadonlySet<string>): boolean {
  return Object.entries(personal).every(([field, value]: [string, PersonalText]) => {
    const text = reveal(value)
    return texts.has(text) || (JOINED.has(field) && isJoined(text, texts))
  })
}

/** Whether a text is whole posted texts one behind the other, with nothing but separators between them. */
function isJoined(text: string, texts: ReadonlySet<string>): boolean {
  const reached = new Set([0])
  for (let at = 0; at < text.length; at++) {
    if (!reached.has(at)) continue
    if (BETWEEN.test(text.charAt(at))) reached.add(at + 1)
    for (const part of texts) {
      if (part !== '' && text.startsWith(part, at)) reached.add(at + part.length)
    }
  }
  return reached.has(text.length)
}

/** Every text in a document, also in JSON that is a text itself, as some platforms nest it. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...nestedTexts(value)]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}

function nestedTexts(text: string): string[] {
  if (!/^\s*[[{]/.test(text)) return []
  try {
    return textsOf(JSON.parse(text))
  } catch {
    return []
  }
}
