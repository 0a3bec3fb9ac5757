/**
 * Serialises the writers of one store, from judging until the commit is durable. A guard may rest on a key that is absent
 * (a stop that was not given, the empty parts of a rolling window), and what is absent has no row to lock: one lock covers
 * both. It writes nothing itself, so a call whose batches are all refused costs no flush.
 */
export const LOCK_CLASS = 1_397_572_943

/** One plan for ever: a table that was empty when a connection first planned must not be walked whole later on. */
const PLAN =
  'set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off'

/**
 * The functions that are the engine. They run with the rights of the caller. `schema` is quoted.
 * Entries travel as JSON arrays [key, value, count, version, expires_at]; values stay the text they came as.
 */
export function functionsSql(schema: string): string {
  const settings = `set search_path = ${schema}, pg_temp ${PLAN}`
  return `
create or replace function ${schema}.sendwarden_now() returns double precision
language sql volatile as $fn$
  select floor(extract(epoch from clock_timestamp()) * 1000)::double precision
$fn$;

create or replace function ${schema}.sendwarden_read(keys jsonb) returns text
language plpgsql volatile ${settings} as $fn$
declare
  now_ms double precision := sendwarden_now();
begin
  return (
    select json_agg(
      case when e.key is not null then json_build_array(e.key, e.value, e.count, e.version, e.expires_at) end
      order by wanted.position)
    from jsonb_array_elements_text(keys) with ordinality as wanted (key, position)
    left join sendwarden_entries e
      on e.key = wanted.key collate "C" and (e.expires_at is null or e.expires_at > now_ms)
  );
end $fn$;

create or replace function ${schema}.sendwarden_scan(first text, beyond text, after text, most integer, reverse boolean)
returns text language plpgsql volatile ${settings} as $fn$
declare
  now_ms double precision := sendwarden_now();
  found json;
begin
  if reverse then
    select json_agg(json_build_array(e.key, e.value, e.count, e.version, e.expires_at) order by e.key desc) into found
    from (
      select * from sendwarden_entries
      where key >= first and key < beyond and key > '' and (after is null or key < after)
        and (expires_at is null or expires_at > now_ms)
      order by key desc limit most
    ) e;
  else
    select json_agg(json_build_array(e.key, e.value, e.count, e.version, e.expires_at) order by e.key) into found
    from (
      select * from sendwarden_entries
      where key >= first and key < beyond and key > coalesce(after, '')
        and (expires_at is null or expires_at > now_ms)
      order by key limit most
    ) e;
  end if;
  return json_build_array((select value from sendwarden_entries where key = ''), coalesce(found, '[]'));
end $fn$;

-- keys: each once, the store's mark first. list_*: the lists of rolling windows, where each starts and ends in list_key, which
-- holds numbers of keys; list_weight is null where every weight is 1. ops: each batch closed by 'end'. latest: when its caller
-- gives up, by this server's clock. Answers this server's time, then per batch either [version, [operations that had nothing to
-- write]] or [failed operation, its key's entry].
create or replace function ${schema}.sendwarden_commit(
  incarnation text, keys text[], list_start integer[], list_end integer[], list_key integer[], list_weight double precision[],
  ops jsonb, latest double precision
) returns text
language plpgsql volatile ${settings} as $fn$
declare
  now_ms double precision;
  salt text := to_hex((random() * 2147483647)::bigint);
  list_sum double precision[];
  -- What the keys hold, as the batches before have left it; a version of null = absent.
  held_value text[]; held_count bigint[]; held_version text[]; held_expiry double precision[];
  -- What the batch at hand would write.
  staged integer := 0; to_key integer[]; to_value text[]; to_count bigint[]; to_expiry double precision[];
  touched integer[] := '{}'; is_touched boolean[]; deletes boolean := false; sweep boolean := false;
  o record; at integer := 0; failed integer; failed_key integer; skipped integer[] := '{}';
  ticket bigint; version text; k integer; present boolean; next_count bigint; total double precision;
  results text[] := '{}';
begin
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception 'sendwarden_commit needs the isolation level read committed' using errcode = 'SW002';
  end if;
  perform pg_advisory_xact_lock(${LOCK_CLASS}, hashtext('${schema.replaceAll("'", "''")}'));
  now_ms := sendwarden_now();
  -- Whoever has been told that the outcome is unknown must not find it changed later on.
  if now_ms > latest then
    raise exception 'the call came too late' using errcode = 'SW003';
  end if;
  select array_agg(e.value), array_agg(e.count), array_agg(e.version), array_agg(e.expires_at)
  into held_value, held_count, held_version, held_expiry
  from (
    select e.value, e.count, e.version, e.expires_at
    from unnest(keys) with ordinality as wanted (key, position)
    left join sendwarden_entries e
      on e.key = wanted.key collate "C" and (e.expires_at is null or e.expires_at > now_ms)
    order by wanted.position
  ) e;
  if held_value[1] is distinct from incarnation then
    raise exception 'the store was emptied or replaced' using errcode = 'SW001';
  end if;

  for o in
    select * from jsonb_to_recordset(ops) as x (
      op text, k integer, v text, guard text, t double precision, amount bigint, most double precision,
      list integer, changed boolean, burst bigint)
  loop
    if o.op = 'end' then
      if failed is not null then
        results := results || case when held_version[failed_key] is null then json_build_array(failed, null)::text
          else json_build_array(failed, json_build_array(keys[failed_key], held_value[failed_key], held_count[failed_key],
            held_version[failed_key], held_expiry[failed_key]))::text end;
      else
        version := '';
        if staged > 0 then
          ticket := nextval('sendwarden_version');
          -- After a failover that lost commits the sequence may go back: the salt keeps versions from coming back with it.
          version := ticket || '.' || salt;
          sweep := sweep or ticket % 32 = 0;
          for n in 1 .. staged loop
            k := to_key[n];
            -- Deleted, or written with an expiry that has passed: absent for the batches after this one.
            if (to_value[n] is null and to_count[n] is null) or to_expiry[n] <= now_ms then
              held_value[k] := null; held_count[k] := null; held_expiry[k] := null; held_version[k] := null;
              deletes := true;
            else
              held_value[k] := to_value[n]; held_count[k] := to_count[n]; held_expiry[k] := to_expiry[n];
              held_version[k] := version;
            end if;
            if is_touched[k] is null then
              is_touched[k] := true;
              touched := touched || k;
            end if;
          end loop;
        end if;
        results := results || json_build_array(version, to_json(skipped))::text;
      end if;
      at := 0; staged := 0; failed := null; skipped := '{}';
      continue;
    end if;
    at := at + 1;
    continue when failed is not null;
    k := o.k;
    present := held_version[k] is not null;

    if o.guard is not null and o.guard <> coalesce(held_version[k], '') then
      failed := at; failed_key := k;
      continue;
    end if;
    case o.op
      when 'check' then null;
      when 'put' then
        staged := staged + 1;
        to_key[staged] := k; to_value[staged] := o.v; to_count[staged] := null; to_expiry[staged] := o.t;
      when 'del' then
        if present then
          staged := staged + 1;
          to_key[staged] := k; to_value[staged] := null; to_count[staged] := null; to_expiry[staged] := null;
        end if;
      when 'add' then
        next_count := greatest(0, coalesce(held_count[k], 0) + o.amount);
        if held_value[k] is not null or next_count > 9007199254740991 then
          failed := at; failed_key := k;
          continue;
        end if;
        if o.most is not null then
          total := next_count;
          if o.list is not null then
            if o.changed or list_sum[o.list] is null then
              total := 0;
              for n in list_start[o.list] .. list_end[o.list] loop
                if held_count[list_key[n]] is not null then
                  total := total + held_count[list_key[n]] * coalesce(list_weight[n], 1);
                end if;
              end loop;
              list_sum[o.list] := total;
            end if;
            total := next_count + list_sum[o.list];
          end if;
          if not coalesce(total <= o.most, false) then
            failed := at; failed_key := k;
            continue;
          end if;
        end if;
        if not present and o.amount <= 0 then
          skipped := skipped || at;
        else
          staged := staged + 1;
          to_key[staged] := k; to_value[staged] := null; to_count[staged] := next_count;
          to_expiry[staged] := coalesce(o.t, held_expiry[k]);
        end if;
      when 'pace' then
        next_count := coalesce(held_count[k], 0);
        if held_value[k] is not null or next_count > now_ms + (o.burst - 1)::double precision * o.amount then
          failed := at; failed_key := k;
          continue;
        end if;
        next_count := greatest(next_count, now_ms::bigint) + o.amount;
        staged := staged + 1;
        to_key[staged] := k; to_value[staged] := null; to_count[staged] := next_count; to_expiry[staged] := next_count;
    end case;
  end loop;

  if cardinality(touched) > 0 then
    insert into sendwarden_entries as e (key, value, count, version, expires_at)
      select keys[n], held_value[n], held_count[n], held_version[n], held_expiry[n]
      from unnest(touched) as n where held_version[n] is not null
    on conflict (key) do update
      set value = excluded.value, count = excluded.count, version = excluded.version, expires_at = excluded.expires_at;
    if deletes then
      delete from sendwarden_entries
      where key = any (array(select keys[n] from unnest(touched) as n where held_version[n] is null));
    end if;
    -- Expired keys are absent already; their rows go a few at a time, so that no call pays for all.
    if sweep then
      delete from sendwarden_entries where key = any (array(
        select old.key from sendwarden_entries old where old.expires_at <= now_ms order by old.expires_at limit 256));
    end if;
  end if;
  return '[' || array_to_string(now_ms::bigint::text || results, ',') || ']';
end $fn$;
`
}
