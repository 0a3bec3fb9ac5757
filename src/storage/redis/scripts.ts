import { script } from './client.js'

/**
 * Finds the mark of a store or makes it, and uses every command that a commit will need, so that a missing right shows
 * now and not in the middle of a commit. KEYS: mark, sequence, index, expiries, two probes. ARGV: the mark of a new store, or ''.
 */
export const OPEN = script(`
local mark = redis.call('MGET', KEYS[1], KEYS[2])
if not mark[1] and (mark[2] or redis.call('ZCARD', KEYS[3]) > 0) then return {'wiped'} end
if not mark[1] and ARGV[1] == '' then return {'none'} end
local later = redis.call('TIME')[1] * 1000 + 60000
redis.call('SET', KEYS[5], cmsgpack.pack('1'), 'PXAT', string.format('%.0f', later))
redis.call('ZADD', KEYS[3], '0', '')
redis.call('ZREM', KEYS[3], '')
redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '0', 'LIMIT', 0, 1)
redis.call('ZRANGEBYLEX', KEYS[3], '-', '+', 'LIMIT', 0, 1)
redis.call('ZREVRANGEBYLEX', KEYS[3], '+', '-', 'LIMIT', 0, 1)
redis.call('HSET', KEYS[6], '1', '')
redis.call('HGETALL', KEYS[6])
redis.call('HGET', KEYS[6], '1')
if redis.call('PTTL', KEYS[6]) == -1 then redis.call('PEXPIREAT', KEYS[6], string.format('%.0f', later)) end
redis.call('PERSIST', KEYS[6])
redis.call('HDEL', KEYS[6], '1')
redis.call('DEL', KEYS[5])
if not mark[1] then redis.call('SET', KEYS[1], ARGV[1]) end
return {'ok', mark[1] or ARGV[1]}
`)

/**
 * KEYS: mark, strings, hashes. ARGV: mark, the places to read as JSON (see `places.ts`). Answers the time and what each place
 * holds. GET refuses a key of another type, which MGET passes over.
 */
export const READ = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'wiped'} end
local time = redis.call('TIME')
local found = {'ok', time[1] * 1000 + math.floor(time[2] / 1000)}
local places = cjson.decode(ARGV[2])
local strings = places[1]
local raws = {}
for from = 2, 1 + strings, 1000 do
  local part = redis.call('MGET', unpack(KEYS, from, math.min(from + 999, 1 + strings)))
  for i = 1, #part do raws[from + i - 2] = part[i] or redis.call('GET', KEYS[from + i - 1]) end
end
for i = 2, #places, 2 do
  local number, name = places[i], places[i + 1]
  if name < 0 then
    found[#found + 1] = raws[number]
  else
    found[#found + 1] = redis.call('HGET', KEYS[1 + strings + number], string.format('%.0f', name))
  end
end
return found
`)

/** KEYS: mark, index. ARGV: mark, 1 for backwards, first bound, last bound, how many. Answers keys. */
export const LIST = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'wiped'} end
local command = ARGV[2] == '1' and 'ZREVRANGEBYLEX' or 'ZRANGEBYLEX'
return {'ok', redis.call(command, KEYS[2], ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[5])}
`)
