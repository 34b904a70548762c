import type { ColumnType } from '../../schema/column.ts';

/** PostgreSQL's other spellings of its types, in lower case, and the serial types that are integers with a sequence. */
const canonicalNames: ReadonlyMap<string, string> = new Map([
  ['int2', 'smallint'],
  ['smallserial', 'smallint'],
  ['serial2', 'smallint'],
  ['int', 'integer'],
  ['int4', 'integer'],
  ['serial', 'integer'],
  ['serial4', 'integer'],
  ['int8', 'bigint'],
  ['bigserial', 'bigint'],
  ['serial8', 'bigint'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['float', 'double precision'],
  ['decimal', 'numeric'],
  ['bool', 'boolean'],
  ['character varying', 'varchar'],
  ['character', 'char'],
  ['bit varying', 'varbit'],
  ['timestamptz', 'timestamp with time zone'],
  ['timestamp without time zone', 'timestamp'],
  ['timetz', 'time with time zone'],
  ['time without time zone', 'time'],
]);

const withPrecision = new Set(['time', 'time with time zone', 'timestamp', 'timestamp with time zone', 'interval']);

/** The digits of a second that time types keep when nothing is said. */
const defaultPrecision = 6;

/**
 * The type in one spelling: `int8` and `bigserial` are `bigint`, `varchar(10)` keeps its length, arguments that repeat
 * the default (`timestamp(6)`, a scale of 0, the 1 of `char(1)`) are made the same as leaving them out.
 */
export function canonicalType(type: ColumnType): ColumnType {
  const lower = type.name.toLowerCase();
  const name = canonicalNames.get(lower) ?? lower;
  return { name, arguments: canonicalArguments(name, type.arguments), isArray: type.isArray };
}

function canonicalArguments(name: string, args: readonly number[]): readonly number[] {
  if (withPrecision.has(name)) return args[0] === defaultPrecision ? [] : args;
  if (name === 'numeric' && args.length === 1) return [...args, 0];
  if ((name === 'char' || name === 'bit') && args.length === 0) return [1];
  return args;
}

/** The precision of a time type, 6 where it is not written. */
export function precisionOf(type: ColumnType): number {
  return type.arguments[0] ?? defaultPrecision;
}
