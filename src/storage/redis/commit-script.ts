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
 * KEYS: mark, sequence, index, expiries, last answer to this caller, then the strings and the hashes the batches name.
 * ARGV: mark, number of this call, latest time at which it may run, the batches as JSON, their values (see `wire.ts`).
 *
 * MGET passes over what is no string: GET and the other reads before the first write refuse a key of another type (WRONGTYPE).
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

local input = cjson.decode(ARGV[4])
local places, lists, batches = input[1], input[2], input[3]
local VALUES = 4
local strings = places[1]
local sub, find, format, max = string.sub, string.find, string.format, math.max
local function integer(n) return format('%.0f', n) end

local bags, sizes = {}, {}
for from = 6, 5 + strings, 1000 do
  local part = redis.call('MGET', unpack(KEYS, from, math.min(from + 999, 5 + strings)))
  for i = 1, #part do bags[from + i - 1] = { [-1] = part[i] or redis.call('GET', KEYS[from + i - 1]) } end
end
redis.call('ZCARD', KEYS[3])
redis.call('ZCARD', KEYS[4])
for k = 6 + strings, #KEYS do
  local found = redis.call('HGETALL', KEYS[k])
  local bag = {}
  for i = 1, #found, 2 do bag[tonumber(found[i])] = found[i + 1] end
  bags[k] = bag
  sizes[k] = #found / 2
end

-- A slot is what a key holds: 'stored' as it was found, 'here' as it is now.
local function parse(raw)
  if not raw then return { here = false } end
  local _, last, version, kind, expires = find(raw, '^(%d+) (%a) (%S+) ')
  if not last then error('sendwarden: this key was not written by sendwarden') end
  local slot = { here = true, stored = true, raw = raw, version = version, expires = expires }
  if expires ~= '-' then slot.at = tonumber(expires) end
  if kind == 'c' then slot.count = tonumber(sub(raw, last + 1)) end
  return slot
end
local function held(k, name)
  local bag = bags[k]
  local slot = bag[name]
  if type(slot) ~= 'table' then
    if slot == nil then sizes[k] = sizes[k] + 1 end
    slot = parse(slot)
    bag[name] = slot
  end
  return slot
end
local function present(slot)
  if slot.here and (slot.at == nil or slot.at > now) then return slot end
  return nil
end
local function rawOf(slot)
  slot.raw = slot.raw or slot.version .. (slot.count and ' c ' or ' v ') .. slot.expires .. ' ' .. (slot.count and integer(slot.count) or slot.text)
  return slot.raw
end

local slots = {}
local function at(i)
  local slot = slots[i]
  if not slot then
    local number, name = places[2 * i], places[2 * i + 1]
    slot = held(name < 0 and 5 + number or 5 + strings + number, name)
    slots[i] = slot
  end
  return slot
end

-- What the parts of a window hold together. Reckoned once for all batches of the call, until one of them counts in a part.
local totals = {}
local function partsOf(l)
  if totals[l] then return totals[l] end
  local total = 0
  local runs = lists[l]
  for r = 1, #runs, 4 do
    local first, last, weight = runs[r + 1], runs[r + 2], tonumber(runs[r + 3])
    local k = 5 + strings + runs[r]
    local function add(slot)
      slot.part = true
      local part = present(slot)
      if part and part.count then total = total + part.count * weight end
    end
    if runs[r] == 0 then
      for i = first, last do add(at(i)) end
    elseif sizes[k] > last - first then
      for name = first, last do if bags[k][name] then add(held(k, name)) end end
    else
      for name in pairs(bags[k]) do if name >= first and name <= last then add(held(k, name)) end end
    end
  end
  totals[l] = total
  return total
end

local counts = {}
local function judge(op, o, slot)
  local code = op[1]
  if code == 'c' or code == 'p' or code == 'd' then
    local guard = op[3]
    if guard == '*' then return true end
    if slot then return guard == slot.version end
    return guard == '-'
  end
  if slot and not slot.count then return false end
  local count = slot and slot.count or 0
  if code == 'a' then
    local sum = max(0, count + op[3])
    counts[o] = sum
    if sum > 9007199254740991 then return false end
    if op[4] == '' then return true end
    return (op[6] == 0 and sum or sum + partsOf(op[6])) <= tonumber(op[4])
  end
  counts[o] = max(count, now) + op[3]
  return count <= now + (op[4] - 1) * op[3]
end

local touched = {}
local function touch(i, slot)
  if slot.part or not slot.stored then totals = {} end
  slot.raw = nil
  if slot.was then return end
  slot.was = { stored = slot.stored, present = present(slot) ~= nil, at = slot.at, expires = slot.expires }
  touched[#touched + 1] = i
end

-- Says whether it wrote.
local function apply(op, o, version)
  local code, i = op[1], op[2]
  if code == 'c' then return false end
  local slot = at(i)
  local alive = present(slot)
  if code == 'd' and not slot.here then return false end
  if code == 'a' and not alive and op[3] <= 0 then return false end
  local expires
  if code == 'p' then expires = op[5]
  elseif code == 't' then expires = integer(counts[o])
  elseif code == 'a' then
    expires = op[5]
    if expires == '-' and alive then expires = slot.expires end
  end
  touch(i, slot)
  slot.here = code ~= 'd'
  slot.version, slot.expires, slot.at = version, expires, expires ~= '-' and tonumber(expires) or nil
  slot.count = code ~= 'p' and code ~= 'd' and counts[o] or nil
  slot.text = code == 'p' and ARGV[VALUES + op[4]] or nil
  return true
end

local sequence = tonumber(head[2] or '0')
local results = {}
local wroteAny = false
for b = 1, #batches do
  local ops = batches[b]
  local refused
  for o = 1, #ops do
    local slot = present(at(ops[o][2]))
    if not judge(ops[o], o, slot) then
      refused = '-' .. (o - 1) .. ' ' .. (slot and rawOf(slot) or '')
      break
    end
  end
  if refused then
    results[b] = refused
  else
    local number = max(sequence + 1, time[1] * 1000000 + time[2])
    local version = integer(number)
    local flags = {}
    local wrote = false
    for o = 1, #ops do
      local did = apply(ops[o], o, version)
      wrote = wrote or did
      flags[o] = did and ops[o][1] ~= 'd' and '1' or '0'
    end
    if wrote then
      sequence = number
      wroteAny = true
    end
    results[b] = '+' .. version .. ' ' .. table.concat(flags)
  end
end

local reply = { 'ok', now, results }
if not wroteAny then return reply end

local start = #KEYS[1] - 3
local function physical(ends) return math.min(math.ceil(max(ends, now)) + ${SLACK_MS}, 9007199254740991) end
local deleted, indexed, unindexed, timed, untimed = {}, {}, {}, {}, {}
local fields, dropped, ends = {}, {}, {}
redis.call('SET', KEYS[2], integer(sequence))
for _, i in ipairs(touched) do
  local slot = slots[i]
  local was = slot.was
  local number, name = places[2 * i], places[2 * i + 1]
  local field = name >= 0 and integer(name)
  local k = field and 5 + strings + number or 5 + number
  local same = was.present and was.expires == slot.expires
  if field then
    fields[k] = fields[k] or {}
    dropped[k] = dropped[k] or {}
  end
  if slot.here then
    if field then
      table.insert(fields[k], field)
      table.insert(fields[k], rawOf(slot))
      if not same then ends[k] = max(ends[k] or 0, slot.at and physical(slot.at) or math.huge) end
    elseif slot.at then
      redis.call('SET', KEYS[k], rawOf(slot), 'PXAT', integer(physical(slot.at)))
    else
      redis.call('SET', KEYS[k], rawOf(slot))
    end
    if not same then
      local member = sub(KEYS[k], start) .. (field or '')
      if not was.present then indexed[#indexed + 1] = member end
      if slot.at then
        timed[#timed + 1] = slot.expires
        timed[#timed + 1] = member
      elseif not was.present or was.at then
        untimed[#untimed + 1] = member
      end
    end
  elseif was.stored then
    local member = sub(KEYS[k], start) .. (field or '')
    if field then table.insert(dropped[k], field) else deleted[#deleted + 1] = KEYS[k] end
    unindexed[#unindexed + 1] = member
    if was.at then untimed[#untimed + 1] = member end
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
      if slot.here and slot.at and slot.at + ${SLACK_MS} < now then table.insert(dropped[k], integer(name)) end
    end
  end
  local left = ends[k] and redis.call('PTTL', KEYS[k])
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
