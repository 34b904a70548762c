/** Words that PostgreSQL reads as something else where a name stands without quotes (PostgreSQL 18, appendix C). */
const reserved: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between binary both case cast check collate column
  concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
  full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural new not notnull null off offset old on only or order outer over overlaps placing
  primary references returning right select session_user similar some symmetric table tablesample then to trailing true
  union unique user using variadic verbose when where window with`.split(/\s+/),
);

/** Takes the quotes off the names that need none. */
export function withPlainNames(sql: string): string {
  return sql.replaceAll(/'(?:[^']|'')*'|"([a-z_][a-z0-9_$]*)"/g, (quoted, name: string | undefined) =>
    name === undefined || reserved.has(name) ? quoted : name,
  );
}
