export type { RedisClient } from './client.js'
export { type RedisStorageOptions, redisStorage } from './redis-storage.js'
