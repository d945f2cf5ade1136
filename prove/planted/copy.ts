import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One text of a file replaced by another. It must be there. */
export interface Patch {
  readonly file: string
  readonly find: string
  readonly put: string
}

/** What became of a planted bug; nothing in `caughtBy` is a proof that does not see it. */
export interface Planted {
  readonly name: string
  readonly caughtBy: string | undefined
}

/** What a copy holds: folders of the repository, and the one below which patches name their files. */
export interface CopyOf {
  readonly root: string
  /** `['lib/flow', 'functions']` */
  readonly folders: readonly string[]
  /** `'lib'`, or `''` for the repository itself. */
  readonly below: string
}

/**
 * Has something done with a copy of the code with these patches, which is gone afterwards.
 *
 * @throws {Error} for a patch that does not apply: it proves nothing, and the list must follow the code
 */
export async function withCopy<T>(
  { root, folders, below }: CopyOf,
  patches: readonly Patch[],
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'lasthop-planted-'))
  try {
    for (const folder of folders)
      cpSync(join(root, folder), join(copy, folder), { recursive: true })
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}')
    for (const name of ['node_modules', 'schemas']) symlinkSync(join(root, name), join(copy, name))
    for (const patch of patches) apply(join(copy, below), patch)
    return await use(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function apply(folder: string, { file, find, put }: Patch): void {
  const path = join(folder, file)
  const before = readFileSync(path, 'utf8')
  if (!before.includes(find)) throw new Error(`${file} no longer holds: ${find}`)
  writeFileSync(path, before.replaceAll(find, put))
}

/** Plants bug after bug, two at a time, and says of each at once what became of it. */
export async function plantEach<Bug extends { readonly name: string }>(
  bugs: readonly Bug[],
  tryBug: (bug: Bug) => Promise<string | undefined>,
  say: (planted: Planted) => void,
): Promise<Planted[]> {
  const results: Planted[] = []
  const left = [...bugs]
  const runner = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const planted = { name: bug.name, caughtBy: await tryBug(bug) }
      results.push(planted)
      say(planted)
    }
  }
  await Promise.all([runner(), runner()])
  return results
}
