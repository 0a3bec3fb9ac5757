import { StorageError } from '../core/errors.js'

/** What is there and cannot be read may forbid what is wanted: it never counts as nothing. */
export function unreadable(what: string, key: string): StorageError {
  return new StorageError(
    'corrupt',
    `The stored ${what} cannot be read, so nothing is sent (key ${key}). Restore the storage from a backup, or upgrade sendwarden in this process if a newer version wrote it.`,
  )
}
