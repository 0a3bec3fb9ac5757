import { functionsSql, LOCK_CLASS } from './functions.js'

/** The data format this version writes. A store with a higher one was written by a newer version and is refused. */
export const FORMAT = 2

/**
 * The SQL that makes or upgrades a store: one statement, one transaction, safe to run again and from many processes at once.
 * For a database whose application role may not create anything: have its owner run this, then grant the role what
 * `docs/storage.md` lists. Needs PostgreSQL 13. Throws `TypeError` for a schema name that is not plain.
 */
export function postgresMigration(schema = 'sendwarden'): string {
  const name = quoteSchema(schema)
  return `do $migrate$
declare have integer;
begin
  perform pg_advisory_xact_lock(${LOCK_CLASS}, hashtext('${name}'));
  if to_regnamespace('${name}') is null then
    create schema ${name};
  end if;
  if to_regclass('${name}.sendwarden_meta') is null then
    create table ${name}.sendwarden_meta (
      one boolean primary key default true check (one),
      format integer not null,
      incarnation text not null
    );
    insert into ${name}.sendwarden_meta (format, incarnation) values (0, gen_random_uuid());
  end if;
  select format into have from ${name}.sendwarden_meta;
  if have is null then
    raise exception 'the store was emptied' using errcode = 'SW001';
  end if;

  if have < 1 then
    -- A value is the JSON text it came as; a counter has a count instead. The key '' is the store's own mark.
    -- Counters are rewritten all day: room on the page keeps those updates out of the indexes.
    create table ${name}.sendwarden_entries (
      key text collate "C" primary key,
      value text,
      count bigint,
      version text not null,
      expires_at double precision,
      check ((value is null) <> (count is null))
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
    create index sendwarden_entries_expiry on ${name}.sendwarden_entries (expires_at) where expires_at is not null;
    create sequence ${name}.sendwarden_version;
    insert into ${name}.sendwarden_entries (key, value, version) select '', incarnation, 'mark' from ${name}.sendwarden_meta;
  end if;

  -- Processes of format 1 may go on meanwhile: their function stays beside the one that takes a latest time.
  if have < 2 then
    ${functionsSql(name)}
    update ${name}.sendwarden_meta set format = 2;
  end if;
end $migrate$`
}

/** Throws `TypeError`: a name that needs thought when it is quoted is not worth having. */
export function quoteSchema(schema: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(schema))
    throw new TypeError(
      `A schema name has 1 to 63 letters, digits and underscores and begins with no digit, got ${JSON.stringify(schema)}.`,
    )
  return `"${schema}"`
}
