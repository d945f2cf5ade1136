import { fold } from '../../mask/fold.ts'

/** A text as a reader understands it, and where each of its characters comes from. */
export interface Folded {
  readonly text: string
  /** The place in the original, in UTF-16 units from 0, of a place in `text`. */
  placeOf(at: number): number
}

/** Folds a text character by character, so that what is found in it has a column. */
export function foldWithPlaces(original: string): Folded {
  let text = ''
  const places: number[] = []
  let at = 0
  for (const character of original) {
    const folded = fold(character)
    for (let i = 0; i < folded.length; i++) places.push(at)
    text += folded
    at += character.length
  }
  return { text, placeOf: place => places[place] ?? original.length }
}
