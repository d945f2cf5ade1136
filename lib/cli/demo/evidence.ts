import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../partners.ts'
import type { Attempt } from './attempts.ts'
import type { Opened } from './play.ts'
import type { Screen } from './screen.ts'

/** What the six files hold. */
export interface Evidence {
  readonly request: string
  readonly waybill: unknown
  readonly answer: unknown
  readonly platformEvents: unknown
  readonly refused: readonly Attempt[]
  readonly opened: readonly Opened[]
}

/** Before anything is played: a folder that cannot be written is said at once. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch {
    throw new UsageError(`cannot write into ${folder}`)
  }
}

/** Writes the six documents. */
export function writeEvidence(folder: string, evidence: Evidence, screen: Screen): void {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  const files = {
    '1-request.json': evidence.request,
    '2-waybill.json': json(evidence.waybill),
    '3-answer.json': json(evidence.answer),
    '4-platform-event.json': json(evidence.platformEvents),
    '5-refused.json': json(evidence.refused),
    '6-opened.json': json(evidence.opened),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  screen.say(`${Object.keys(files).join(' ')} are in ${folder}`)
}
