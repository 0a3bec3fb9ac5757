export { type FileStorage, type FileStorageOptions, fileStorage } from './file-storage.js'
export type { FileSystem, OpenFile } from './file-system.js'
export type { RecoveryReport } from './recovery.js'
