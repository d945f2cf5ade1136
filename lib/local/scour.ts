import { existsSync } from 'node:fs'
import { join } from 'node:path'

const PATIENCE_MS = 5_000

/**
 * Rewrites the file of the embedded database without what was deleted, and empties its log. SQLite,
 * which dynoxide keeps its items in, only marks deleted pages as free: the wrapped key of a shredded
 * order would lie in the file until something else needs the room. Takes milliseconds for a small
 * file, while the database runs; what the disk itself keeps of old blocks is beyond it.
 *
 * @param folder the database's data folder
 * @returns false where there is no such file: another database, or one in memory
 * @see https://www.sqlite.org/lang_vacuum.html
 */
export async function scourFile(folder: string): Promise<boolean> {
  const file = join(folder, 'dynoxide.db')
  if (!existsSync(file)) return false
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(file, { timeout: PATIENCE_MS })
  try {
    database.exec('VACUUM')
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
  return true
}
