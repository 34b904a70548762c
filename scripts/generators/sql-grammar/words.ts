/** Words of PostgreSQL (with the most common ones of MySQL and SQLite), by how they are shown. */

/** Keywords however they are written. Those that are at least as common as names of columns stand below. */
export const keywords = words(`
  abort add after all alter analyze and any array as asc attach autocommit autoincrement before begin between both by
  call cascade case check checkpoint cluster collate column commit concurrently conflict constraint continue copy create
  cross cube current current_catalog current_role current_schema current_user database deallocate declare default
  deferrable deferred delete desc detach disable distinct do domain drop each else elsif enable end enum escape except
  exclude excluded exclusive execute exists exit explain extension fetch filter following for force foreach foreign from
  full function generated grant group grouping having if ignore ilike immediate immutable in include index inherit
  inherits initially inner insert instead intersect into is isnull join language lateral leading leakproof left like
  limit listen lock loop match materialized modify natural no not nothing notify notnull nowait of offset on only
  operator or order outer over overlaps partition perform policy preceding prepare primary privileges procedure raise
  recursive references refresh reindex release rename replace replica restart restrict return returning returns revoke
  right rollback row rows savepoint schema security select sequence session_user set setof similar skip some stable
  storage strict symmetric table tablespace temp temporary then to trailing transaction trigger truncate unbounded union
  unique unlisten unlock unlogged update using vacuum valid validate values variadic verbose view volatile when where
  while window with without
`);

/** Keywords only in capitals: in small letters they are names of columns more often than not. */
export const capitalKeywords = words(`
  ACTION ALWAYS AUTHORIZATION CHARSET CLASS COMMENT COMMENTS CONCURRENT CONNECTION CYCLE DATA DEFINER ENGINE EXCEPTION
  FIRST FOUND IDENTITY INCREMENT INVOKER ISOLATION KEY LABEL LAST LEVEL LOCAL LOCKED MAXVALUE METHOD MINVALUE MODE NAME
  NEXT NOTICE NULLS OPTIONS OWNED OWNER PARALLEL PREPARED PUBLICATION QUERY RANGE READ ROLE RULE SERIALIZABLE SERVER
  SESSION SHARE START STATEMENT STATISTICS SUBSCRIPTION SYSTEM TYPE USER VALUE VERSION WORK WRITE ZONE
`);

export const constants = words('current_date current_time current_timestamp false localtime localtimestamp null true');

/** Types of one word; `types` in sql.ts adds those of several. */
export const types = words(`
  bigint bigserial bit bool boolean box bytea char character cidr citext date daterange decimal double float float4
  float8 geography geometry hstore inet int int2 int4 int4range int8 int8range integer interval json jsonb jsonpath
  longtext ltree macaddr mediumint mediumtext money numeric numrange oid polygon real record regclass regtype
  serial smallint smallserial text time timestamp timestamptz timetz tinyint tsquery tsrange tstzrange tsvector uuid
  varbinary varbit varchar xml
`);

/** Functions, where an opening parenthesis follows. */
export const functions = words(`
  abs age array_agg array_append array_cat array_length array_position array_remove array_to_json array_to_string avg
  bool_and bool_or cardinality cast ceil char_length chr coalesce concat concat_ws convert_from convert_to count
  current_setting currval date_part date_trunc decode dense_rank digest encode exp extract first_value floor format
  format_type gen_random_bytes gen_random_uuid generate_series greatest hashtext ifnull initcap jsonb_agg
  jsonb_array_elements jsonb_array_elements_text jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
  jsonb_object_agg jsonb_object_keys jsonb_path_query jsonb_set jsonb_strip_nulls jsonb_to_recordset jsonb_typeof
  json_agg json_array_elements json_build_object json_each json_object json_object_agg lag last_value lead least length
  lower lpad ltrim make_interval max md5 min mod nextval now ntile nullif octet_length percent_rank pg_advisory_lock
  pg_advisory_unlock pg_advisory_xact_lock pg_get_constraintdef pg_get_indexdef pg_get_serial_sequence
  pg_get_viewdef pg_notify pg_relation_size pg_sleep pg_table_size pg_total_relation_size position pow power quote_ident
  quote_literal random rank regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table
  repeat reverse round row_number row_to_json rpad rtrim set_config setval setweight sha256 similarity split_part sqrt
  string_agg string_to_array strpos substr substring sum to_char to_date to_json to_jsonb to_number to_regclass
  to_timestamp to_tsquery to_tsvector translate trim trunc unaccent unnest upper uuid_generate_v4 width_bucket
`);

/** What a statement begins with: tells SQL from other text where the call alone does not. */
export const statementStarts = words(`
  alter analyze begin call cluster comment\\s+on commit copy create delete\\s+from do drop explain grant
  insert\\s+into lock\\s+table reindex refresh revoke select set truncate update vacuum with
`);

/** The same in capitals: nobody writes prose so. */
export const capitalStatementStarts = statementStarts.map((start) =>
  start
    .split('\\s+')
    .map((word) => word.toUpperCase())
    .join('\\s+'),
);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
