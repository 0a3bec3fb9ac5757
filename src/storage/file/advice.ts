import { errorCode } from './file-system.js'

const NOT_A_FOLDER = 'A file stands where a folder is needed. Name another folder, or move that file away.'
const NO_RIGHTS = 'The user of this process needs the right to read and write there. Give it the folder (chown) or name another.'

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: NO_RIGHTS,
  EPERM: NO_RIGHTS,
  ENOTDIR: NOT_A_FOLDER,
  EEXIST: NOT_A_FOLDER,
  ENOENT: 'No folder can be made there. Name another, on a local disk.',
  EROFS: 'The file system is mounted read-only. Name a folder on one that can be written, or mount it so.',
  ENOSPC: 'The disk is full. Make room, then open again; nothing was lost.',
  EDQUOT: 'The quota is used up. Make room, then open again; nothing was lost.',
  EMFILE: 'This process has too many files open. Close some or raise its limit (ulimit -n), then open again.',
  EIO: 'The disk does not answer as it should. Look at the system log, mend or replace the disk, then open again.',
}

/** What an operator does next about a system error. */
export function adviceOn(error: unknown): string {
  return ADVICE[errorCode(error) ?? ''] ?? 'Mend that, then open again.'
}
