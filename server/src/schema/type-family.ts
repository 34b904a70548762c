import type { ColumnType } from './column.ts';

const families: readonly (readonly [string, readonly string[]])[] = [
  ['text', ['varchar', 'char', 'text', 'citext', 'longtext', 'tinytext', 'mediumtext']],
  [
    'number',
    ['smallint', 'integer', 'int', 'bigint', 'numeric', 'decimal', 'real', 'double precision', 'float', 'bool'],
  ],
  ['time', ['date', 'timestamp', 'timestamp with time zone', 'timestamp without time zone', 'datetime', 'time']],
  ['json', ['json', 'jsonb']],
];

const familyByType = new Map(families.flatMap(([family, types]) => types.map((type) => [type, family] as const)));

/** Whether values of one type mean much the same in the other: a change between them is a change of one column. */
export function isSameFamily(one: ColumnType, other: ColumnType): boolean {
  if (one.name === 'unknown' || other.name === 'unknown' || one.isArray !== other.isArray) return false;
  return one.name === other.name || (familyByType.get(one.name) ?? one.name) === familyByType.get(other.name);
}
