import { quotedText } from '../../database/quoted-names.ts';
import { truthOf } from '../../syntax/truth.ts';
import type { Value } from '../../syntax/value.ts';
import { isSequence } from '../../syntax/values.ts';
import type { Field } from '../field.ts';
import { isNone, textOf } from '../values.ts';
import { comparedLiteral } from './literals.ts';
import { type ExpressionSetting, fieldNamed, quotedColumn, type SqlExpression } from './reading.ts';

/** One comparison of a field. */
interface LookupSql {
  readonly sql: string;
  readonly column: string;
  /** It is neither true nor false where the column is NULL. */
  readonly mayBeNull: boolean;
}

const operators: Readonly<Record<string, string>> = { exact: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** What stands around the text of a pattern. */
const patterns: Readonly<Record<string, readonly [before: string, after: string]>> = {
  contains: ['%', '%'],
  startswith: ['', '%'],
  endswith: ['%', ''],
};

/** @param write an expression on the right side, as SQL */
export function lookupSql(
  name: string,
  value: Value,
  setting: ExpressionSetting,
  write: (expression: Value) => SqlExpression | undefined,
): LookupSql | undefined {
  const { field, lookup } = splitName(name, setting);
  if (!field || lookup === undefined) return undefined;
  const column = quotedColumn(field);
  if (lookup === 'isnull' || (lookup === 'exact' && isNone(value))) {
    const isNull = lookup === 'exact' || truthOf(value);
    return isNull === undefined
      ? undefined
      : { sql: `${column} IS ${isNull ? '' : 'NOT '}NULL`, column, mayBeNull: false };
  }
  const sql = comparisonSql(lookup, value, field, write);
  return sql === undefined ? undefined : { sql, column, mayBeNull: field.null };
}

/** `total__gte` is the field `total` and the lookup `gte`; of lookups through relations nothing is known here. */
function splitName(
  name: string,
  setting: ExpressionSetting,
): { readonly field: Field | undefined; readonly lookup: string | undefined } {
  const whole = fieldNamed(name, setting);
  if (whole) return { field: whole, lookup: 'exact' };
  const [, prefix = '', lookup] = /^(.+)__([a-z]+)$/.exec(name) ?? [];
  return { field: fieldNamed(prefix, setting), lookup };
}

function comparisonSql(
  lookup: string,
  value: Value,
  field: Field,
  write: (expression: Value) => SqlExpression | undefined,
): string | undefined {
  const column = quotedColumn(field);
  if (lookup === 'in' || lookup === 'range') return amongSql(lookup, value, field);
  const pattern = patternSql(lookup, value, field);
  if (pattern !== undefined) return pattern;
  const operator = operators[lookup];
  if (operator === undefined) return undefined;
  if (field.class.internalType === 'BooleanField' && lookup === 'exact') {
    const isTrue = truthOf(value);
    if (value.kind === 'constant' && isTrue !== undefined) return isTrue ? column : `NOT ${column}`;
  }
  const literal = comparedLiteral(value, field);
  if (literal !== undefined) return `${column} ${operator} ${literal}`;
  const right = write(value)?.sql;
  return right && `${column} ${operator} ${right.startsWith('(') ? right : `(${right})`}`;
}

function amongSql(lookup: string, value: Value, field: Field): string | undefined {
  if (!isSequence(value) || value.partial) return undefined;
  const literals = value.items.map((item) => comparedLiteral(item, field));
  // A set has no order that could be known.
  if (literals.length === 0 || literals.includes(undefined) || value.kind === 'set') return undefined;
  const column = quotedColumn(field);
  if (lookup === 'in') return `${column} IN (${[...new Set(literals)].join(', ')})`;
  return literals.length === 2 ? `${column} BETWEEN ${literals.join(' AND ')}` : undefined;
}

function patternSql(lookup: string, value: Value, field: Field): string | undefined {
  const text = textOf(value);
  const ignoresCase = lookup.startsWith('i') && lookup !== 'in';
  const kind = ignoresCase ? lookup.slice(1) : lookup;
  if (text === undefined || field.class.internalType === 'GenericIPAddressField') return undefined;
  const column = `${quotedColumn(field)}::text`;
  if (kind === 'regex') return `${column} ${ignoresCase ? '~*' : '~'} ${quotedText(text)}`;
  if (lookup === 'iexact') return `UPPER(${column}) = UPPER(${quotedText(text)})`;
  const around = patterns[kind];
  if (!around) return undefined;
  const [before, after] = around;
  const literal = quotedText(before + text.replaceAll(/[\\%_]/g, '\\$&') + after);
  return ignoresCase ? `UPPER(${column}) LIKE UPPER(${literal})` : `${column} LIKE ${literal}`;
}
