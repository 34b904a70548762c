import { type ColumnType, unknownType } from '../../schema/column.ts';

/** MySQL's other spellings of its types, in lower case. */
const canonicalNames: ReadonlyMap<string, string> = new Map([
  ['bool', 'tinyint'],
  ['boolean', 'tinyint'],
  ['character', 'char'],
  ['character varying', 'varchar'],
  ['dec', 'numeric'],
  ['decimal', 'numeric'],
  ['fixed', 'numeric'],
  ['double precision', 'double'],
  ['int', 'integer'],
  ['int1', 'tinyint'],
  ['int2', 'smallint'],
  ['int3', 'mediumint'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['middleint', 'mediumint'],
  ['real', 'double'],
]);

const integers: ReadonlySet<string> = new Set(['bigint', 'integer', 'mediumint', 'smallint', 'tinyint']);

/** Their values are part of the type, and not known here. */
const listed: ReadonlySet<string> = new Set(['enum', 'set']);

/** The type in one spelling: `int(11) unsigned` is `integer unsigned`, `bool` is `tinyint`. */
export function canonicalType(type: ColumnType): ColumnType {
  const lower = type.name.toLowerCase();
  const isUnsigned = lower.endsWith(' unsigned');
  const written = isUnsigned ? lower.slice(0, -' unsigned'.length) : lower;
  const name = canonicalNames.get(written) ?? written;
  if (listed.has(name)) return unknownType;
  return { name: isUnsigned ? `${name} unsigned` : name, arguments: argumentsOf(name, type.arguments), isArray: false };
}

function argumentsOf(name: string, args: readonly number[]): readonly number[] {
  // How wide an integer is shown does not change how it is stored.
  if (integers.has(name)) return [];
  if (name === 'numeric') return [args[0] ?? 10, args[1] ?? 0];
  return (name === 'char' || name === 'bit') && args.length === 0 ? [1] : args;
}
