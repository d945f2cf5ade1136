import { type PersonalText, reveal } from '../../model/personal-text.ts'
import type { Group, Personal } from '../../model/validate.ts'
import { member, textOf } from '../send.ts'

/** Personal data of an order's parties. */
export type Parties = Partial<Record<Group, Personal>>

/** What somebody could see of one person. */
export interface Sight {
  readonly who: string
  readonly name: string
  readonly phone: string
  readonly address: string
}

/** What people may see of a person instead. */
export interface Shown {
  readonly name: string
  readonly phone: string
  readonly address: string
  /** As platforms write it, `18400000000-1234`; `''` where there is none. */
  readonly virtual: string
}

/** What an entry shows of one party. */
export function shownIn(entry: unknown, group: Group): Shown {
  const party = member(entry, 'parties', group)
  const extension = textOf(party, 'virtualNumber', 'extension')
  return {
    name: textOf(party, 'display', 'name'),
    phone: textOf(party, 'display', 'phone'),
    address: textOf(party, 'display', 'address'),
    virtual: textOf(party, 'virtualNumber', 'number') + (extension === '' ? '' : `-${extension}`),
  }
}

/** What is in the texts that somebody had in hands: `in clear`, the masked text, or nothing. */
export function sightOf(
  who: string,
  texts: readonly string[],
  personal: Personal,
  shown: Shown,
): Sight {
  const look = (clear: PersonalText | undefined, masked: string, isName = false): string => {
    const value = clear === undefined ? '' : reveal(clear)
    if (value !== '' && value === shown.virtual && texts.some(text => text.includes(value))) {
      return 'virtual number'
    }
    if (isIn(value, texts, isName)) return 'in clear'
    return masked !== '' && texts.some(text => text.includes(masked)) ? masked : '—'
  }
  return {
    who,
    name: look(personal.name, shown.name, true),
    phone: look(personal.phone ?? personal.telephone, shown.phone),
    address: look(personal.address, shown.address),
  }
}

/** A name is short, and may stand in a longer word by chance: it must be a text of its own, also inside JSON. */
function isIn(value: string, texts: readonly string[], isName: boolean): boolean {
  if (value === '') return false
  const own = (text: string) =>
    text === value || text.includes(`"${value}"`) || text.includes(`"${value}\\"`)
  return texts.some(text => (isName ? own(text) : text.includes(value)))
}

/** Every text in a document but seals, which are random letters and digits. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]) => (name === 'sealed' ? [] : textsIn(child)))
}

/** Whether an entry shows anything of its own parties in clear; a virtual number is no clear data. */
export function leaks(entry: unknown, parties: Parties): boolean {
  const texts = textsIn(entry)
  return (['sender', 'receiver'] as const).some(group => {
    const personal = parties[group]
    if (personal === undefined) return false
    const sight = sightOf('', texts, personal, shownIn(entry, group))
    return [sight.name, sight.phone, sight.address].includes('in clear')
  })
}

/** Phones and addresses of people, which no table may hold anywhere: long enough to be no chance. */
export function longValues(personal: Personal, virtual: string): string[] {
  return [personal.phone, personal.telephone, personal.address]
    .map(text => (text === undefined ? '' : reveal(text)))
    .filter(text => text.length > 6 && text !== virtual)
}
