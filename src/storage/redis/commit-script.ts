import { script } from './client.js'

/** How long an expired key stays on the server. Until then it is absent by our own reckoning. */
const SLACK_MS = 300_000
/** How long the server remembers the last answer it gave to one process. */
const ANSWER_KEPT_MS = 86_400_000
/** Index entries of expired keys that one commit clears away. */
const PURGED_PER_CALL = 32
/** Fields of a hash above which a commit clears those that are over away: more than a rolling window ever looks at. */
const CROWDED = 64

/**
 * One commit: every batch of the call is judged in memory, then each key that changed is written once.
 *
 * KEYS: mark, sequence, index, expiries, last answer of this process, then the strings and the hashes the batches name.
 * ARGV: mark, number of this call, latest time at which it may run, the places of all keys in KEYS (see `places.ts`), the
 * rolling windows' lists as runs of fields, the batches (see `wire.ts`).
 * All numbers are text; keys are numbers of places.
 *
 * A key holds `<version> <c|v> <expiresAt|-> <count|JSON>`. Values are never parsed. Versions grow over the whole store and
 * are at least the time in microseconds, so that a server that lost its last writes in a failover hands out none again.
 * The index has every key for ordered scans; the expiries say which entries of the index are over.
 */
export const COMMIT = script(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local head = redis.call('MGET', KEYS[1], KEYS[2], KEYS[5])
if head[1] ~= ARGV[1] then return {'wiped'} end
local call = tonumber(ARGV[2])
if head[3] then
  local space = string.find(head[3], ' ', 1, true)
  local last = tonumber(string.sub(head[3], 1, space - 1))
  if last == call then return cmsgpack.unpack(string.sub(head[3], space + 1)) end
  if last > call then return {'late', now} end
end
if now > tonumber(ARGV[3]) then return {'late', now} end

local strings = tonumber(ARGV[4])
local bags = {}
for from = 6, 5 + strings, 1000 do
  local part = redis.call('MGET', unpack(KEYS, from, math.min(from + 999, 5 + strings)))
  for i = 1, #part do bags[from + i - 1] = { [-1] = part[i] } end
end
local sizes = {}
for k = 6 + strings, #KEYS do
  local found = redis.call('HGETALL', KEYS[k])
  local bag = {}
  for i = 1, #found, 2 do bag[tonumber(found[i])] = found[i + 1] end
  bags[k] = bag
  sizes[k] = #found / 2
end

local bagOf, nameOf = {}, {}
local p = 5
for i = 1, tonumber(ARGV[5]) do
  local number, name = tonumber(ARGV[p + 1]), ARGV[p + 2]
  bagOf[i] = name == '' and 5 + number or 5 + strings + number
  nameOf[i] = name == '' and -1 or tonumber(name)
  p = p + 2
end

local ABSENT = {}
local function parse(raw)
  if not raw then return ABSENT end
  local _, last, version, kind, expires = string.find(raw, '^(%d+) (%a) (%S+) ')
  if not last then error('sendwarden: this key was not written by sendwarden') end
  local slot = { raw = raw, version = version, expires = expires }
  if expires ~= '-' then slot.at = tonumber(expires) end
  if kind == 'c' then slot.count = tonumber(string.sub(raw, last + 1)) end
  return slot
end
local function held(k, name)
  local slot = bags[k][name]
  if type(slot) ~= 'table' then
    slot = parse(slot)
    bags[k][name] = slot
  end
  return slot
end
local function present(slot)
  if slot.raw and (slot.at == nil or slot.at > now) then return slot end
  return nil
end
local function live(i) return present(held(bagOf[i], nameOf[i])) end
local function matches(guard, slot)
  if guard == '*' then return true end
  if slot then return guard == '=' .. slot.version end
  return guard == '-'
end
local function integer(n) return string.format('%.0f', n) end

local lists = {}
p = p + 2
for l = 1, tonumber(ARGV[p - 1]) do
  local runs = {}
  for q = 1, 4 * tonumber(ARGV[p]) do runs[q] = tonumber(ARGV[p + q]) end
  lists[l] = runs
  p = p + 1 + #runs
end

local sequence = tonumber(head[2] or '0')
local touched = {}
local results = {}

local function judge(op, slot, p)
  local code = op.code
  if code == 'c' or code == 'p' or code == 'd' then return matches(ARGV[p + 2], slot) end
  if slot and not slot.count then return false end
  local count = slot and slot.count or 0
  if code == 'a' then
    local sum = math.max(0, count + tonumber(ARGV[p + 2]))
    op.count = sum
    if sum > 9007199254740991 then return false end
    if ARGV[p + 3] == '' then return true end
    local total = sum
    if ARGV[p + 5] ~= '' then
      local runs = lists[tonumber(ARGV[p + 5])]
      for r = 1, #runs, 4 do
        local hash = runs[r] > 0 and 5 + strings + runs[r]
        for q = runs[r + 1], runs[r + 2] do
          local part
          if not hash then
            part = live(q)
          elseif bags[hash][q] then
            part = present(held(hash, q))
          end
          if part and part.count then total = total + part.count * runs[r + 3] end
        end
      end
    end
    return total <= tonumber(ARGV[p + 3])
  end
  local every = tonumber(ARGV[p + 2])
  op.count = math.max(count, now) + every
  return count <= now + (tonumber(ARGV[p + 3]) - 1) * every
end

local SIZE = { c = 3, d = 3, p = 5, a = 6, t = 4 }

local function replace(i, slot)
  local was = held(bagOf[i], nameOf[i])
  slot.old = was.old or was
  bags[bagOf[i]][nameOf[i]] = slot
  touched[i] = true
end

local function write(i, version, kind, expires, text, count)
  local slot = { raw = version .. ' ' .. kind .. ' ' .. expires .. ' ' .. text, version = version, expires = expires, count = count }
  if expires ~= '-' then slot.at = tonumber(expires) end
  replace(i, slot)
end

local function apply(op, version)
  local p, i, code = op.p, op.key, op.code
  if code == 'c' then return false end
  if code == 'd' then
    if not held(bagOf[i], nameOf[i]).raw then return false end
    replace(i, {})
    return true
  end
  if code == 'p' then
    write(i, version, 'v', ARGV[p + 4], ARGV[p + 3])
    return true
  end
  local slot = live(i)
  local expires
  if code == 'a' then
    if not slot and tonumber(ARGV[p + 2]) <= 0 then return false end
    expires = ARGV[p + 4]
    if expires == '' then expires = slot and slot.expires or '-' end
  else
    expires = integer(op.count)
  end
  write(i, version, 'c', expires, integer(op.count), op.count)
  return true
end

local wroteAny = false
p = p + 1
for b = 1, tonumber(ARGV[p - 1]) do
  local n = tonumber(ARGV[p])
  local next = p + 2 + tonumber(ARGV[p + 1])
  p = p + 2
  local ops = {}
  local result
  for o = 1, n do
    local op = { code = ARGV[p], key = tonumber(ARGV[p + 1]), p = p }
    local slot = live(op.key)
    if not judge(op, slot, p) then
      result = { 0, o - 1, slot and slot.raw or '' }
      break
    end
    ops[o] = op
    p = p + SIZE[op.code]
  end
  if not result then
    local number = math.max(sequence + 1, time[1] * 1000000 + time[2])
    local version = integer(number)
    local flags = {}
    local wrote = false
    for o = 1, n do
      local did = apply(ops[o], version)
      wrote = wrote or did
      flags[o] = did and ops[o].code ~= 'd' and '1' or '0'
    end
    if wrote then
      sequence = number
      wroteAny = true
    end
    result = { 1, version, table.concat(flags) }
  end
  results[b] = result
  p = next
end

local reply = { 'ok', now, results }
if not wroteAny then return reply end

local start = #KEYS[1] - 3
local function physical(at) return math.min(math.ceil(math.max(at, now)) + ${SLACK_MS}, 9007199254740991) end
local deleted, indexed, unindexed, timed, untimed = {}, {}, {}, {}, {}
local fields, dropped, ends = {}, {}, {}
redis.call('SET', KEYS[2], integer(sequence))
for i in pairs(touched) do
  local k, name = bagOf[i], nameOf[i]
  local slot = bags[k][name]
  local old = slot.old
  local field = name >= 0 and integer(name)
  local member = string.sub(KEYS[k], start) .. (field or '')
  local was = present(old)
  if field then
    fields[k] = fields[k] or {}
    dropped[k] = dropped[k] or {}
  end
  if slot.raw then
    if field then
      table.insert(fields[k], field)
      table.insert(fields[k], slot.raw)
      ends[k] = math.max(ends[k] or 0, slot.at and physical(slot.at) or math.huge)
    elseif slot.at then
      redis.call('SET', KEYS[k], slot.raw, 'PXAT', integer(physical(slot.at)))
    else
      redis.call('SET', KEYS[k], slot.raw)
    end
    if not was then indexed[#indexed + 1] = member end
    if slot.at and not (was and old.expires == slot.expires) then
      timed[#timed + 1] = slot.expires
      timed[#timed + 1] = member
    elseif not slot.at and (not was or old.at) then
      untimed[#untimed + 1] = member
    end
  elseif old.raw then
    if field then table.insert(dropped[k], field) else deleted[#deleted + 1] = KEYS[k] end
    unindexed[#unindexed + 1] = member
    if old.at then untimed[#untimed + 1] = member end
  end
end
redis.call('SET', KEYS[5], ARGV[2] .. ' ' .. cmsgpack.pack(reply), 'PX', ${ANSWER_KEPT_MS})

local function each(command, key, list)
  for from = 1, #list, 1000 do
    local to = math.min(from + 999, #list)
    if key then redis.call(command, key, unpack(list, from, to)) else redis.call(command, unpack(list, from, to)) end
  end
end
for k, written in pairs(fields) do
  if sizes[k] > ${CROWDED} then
    for name in pairs(bags[k]) do
      local slot = held(k, name)
      if slot.raw and slot.at and slot.at + ${SLACK_MS} < now then table.insert(dropped[k], integer(name)) end
    end
  end
  local left = redis.call('PTTL', KEYS[k])
  each('HSET', KEYS[k], written)
  each('HDEL', KEYS[k], dropped[k])
  if ends[k] == math.huge then
    if left >= 0 then redis.call('PERSIST', KEYS[k]) end
  elseif ends[k] and (left == -2 or (left >= 0 and now + left < ends[k])) then
    redis.call('PEXPIREAT', KEYS[k], integer(ends[k]))
  end
end
local scored = {}
for _, member in ipairs(indexed) do
  scored[#scored + 1] = '0'
  scored[#scored + 1] = member
end
each('ZADD', KEYS[3], scored)
each('ZADD', KEYS[4], timed)
each('ZREM', KEYS[4], untimed)
each('ZREM', KEYS[3], unindexed)
each('DEL', nil, deleted)

local over = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', integer(now - ${SLACK_MS}), 'LIMIT', 0, ${PURGED_PER_CALL})
if #over > 0 then
  redis.call('ZREM', KEYS[3], unpack(over))
  redis.call('ZREM', KEYS[4], unpack(over))
end
return reply
`)
