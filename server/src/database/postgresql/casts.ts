import type { ColumnType } from '../../schema/column.ts';

/** Where a type can be cast to besides the character types, to which everything can. */
interface Casts {
  /** Every value has its place there. */
  readonly safe: readonly string[];
  /** Values may be out of range, fail to parse or lose digits. */
  readonly risky: readonly string[];
  /** The longest text that a value can have; undefined where there is no limit. */
  readonly textLength: number | undefined;
}

/** The built-in casts (`pg_cast` of PostgreSQL 18; those of `bytea` are new in it), by canonical name. */
const casts: Readonly<Record<string, Casts>> = {
  smallint: castsOf(['integer', 'bigint', 'numeric', 'real', 'double precision'], ['oid', 'bytea'], 6),
  integer: castsOf(
    ['bigint', 'numeric', 'double precision', 'boolean'],
    ['smallint', 'real', 'money', 'oid', 'bit', 'bytea'],
    11,
  ),
  bigint: castsOf(['numeric'], ['smallint', 'integer', 'real', 'double precision', 'money', 'oid', 'bit', 'bytea'], 20),
  real: castsOf(['double precision'], ['smallint', 'integer', 'bigint', 'numeric'], undefined),
  'double precision': castsOf([], ['smallint', 'integer', 'bigint', 'numeric', 'real'], undefined),
  numeric: castsOf([], ['smallint', 'integer', 'bigint', 'real', 'double precision', 'money'], undefined),
  money: castsOf(['numeric'], [], undefined),
  oid: castsOf(['bigint'], ['integer'], 10),
  boolean: castsOf(['integer'], [], 5),
  date: castsOf(['timestamp', 'timestamp with time zone'], [], 13),
  time: castsOf(['interval', 'time with time zone'], [], 15),
  'time with time zone': castsOf([], ['time'], 24),
  timestamp: castsOf(['timestamp with time zone'], ['date', 'time'], 29),
  'timestamp with time zone': castsOf(['timestamp'], ['date', 'time', 'time with time zone'], 38),
  interval: castsOf([], ['time'], undefined),
  uuid: castsOf([], [], 36),
  json: castsOf([], ['jsonb'], undefined),
  jsonb: castsOf(
    ['json'],
    ['smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'boolean'],
    undefined,
  ),
  bytea: castsOf([], ['smallint', 'integer', 'bigint'], undefined),
  inet: castsOf([], ['cidr'], 43),
  cidr: castsOf(['inet'], [], 43),
  macaddr: castsOf([], [], 17),
  bit: castsOf([], ['integer', 'bigint', 'varbit'], undefined),
  varbit: castsOf([], ['bit'], undefined),
  xml: castsOf([], [], undefined),
  int4range: castsOf([], [], undefined),
  int8range: castsOf([], [], undefined),
  numrange: castsOf([], [], undefined),
  tsrange: castsOf([], [], undefined),
  tstzrange: castsOf([], [], undefined),
  daterange: castsOf([], [], undefined),
  tsvector: castsOf([], [], undefined),
};

/** The decimal digits that an integer type needs before the point of a `numeric(p, s)`. */
const digits: Readonly<Record<string, number>> = { smallint: 5, integer: 10, bigint: 19 };

const characterTypes: ReadonlySet<string> = new Set(['varchar', 'text', 'citext', 'char']);

/** Whether every value of a type survives the cast to another. Types by their canonical names, different ones. */
export function isSafeCast(from: ColumnType, to: ColumnType): boolean {
  const known = casts[from.name];
  if (characterTypes.has(to.name))
    return hasRoomFor(to, characterTypes.has(from.name) ? from.arguments[0] : known?.textLength);
  if (known?.safe.includes(to.name) !== true) return false;
  const [precision, scale = 0] = to.arguments;
  if (precision === undefined) return true;
  return to.name === 'numeric' && precision - scale >= (digits[from.name] ?? Number.POSITIVE_INFINITY);
}

/** Whether there is a cast at all, explicit ones included; undefined for types that are not in the table. */
export function isPossibleCast(from: ColumnType, to: ColumnType): boolean | undefined {
  if (characterTypes.has(to.name) || characterTypes.has(from.name)) return true;
  const known = casts[from.name];
  if (known === undefined || casts[to.name] === undefined) return undefined;
  return known.safe.includes(to.name) || known.risky.includes(to.name);
}

/** The casts that PostgreSQL makes only where they are written (`castcontext` is `e` in `pg_cast`). */
const explicitCasts: Readonly<Record<string, readonly string[]>> = {
  smallint: ['bytea'],
  integer: ['boolean', 'bit', 'bytea'],
  bigint: ['bit', 'bytea'],
  boolean: ['integer'],
  bit: ['integer', 'bigint'],
  bytea: ['smallint', 'integer', 'bigint'],
  jsonb: ['smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'boolean'],
};

/** Whether the cast is one of those between integers and `bytea`, which PostgreSQL has since 18. Types by their canonical names. */
export function isCastOf18(from: string, to: string): boolean {
  return (from === 'bytea' && digits[to] !== undefined) || (to === 'bytea' && digits[from] !== undefined);
}

/** Whether a cast between types that are no character types has to be asked for. Types by their canonical names. */
export function isExplicitCast(from: string, to: string): boolean {
  return explicitCasts[from]?.includes(to) === true;
}

/** Whether a text of at most `length` characters fits; undefined is a text without a limit. */
function hasRoomFor(to: ColumnType, length: number | undefined): boolean {
  const [limit] = to.arguments;
  return limit === undefined || (length !== undefined && length <= limit);
}

function castsOf(safe: readonly string[], risky: readonly string[], textLength: number | undefined): Casts {
  return { safe, risky, textLength };
}
