import type { CallValue, Value } from '../../syntax/value.ts';
import { calleeNameOf, textOf } from '../values.ts';
import { plainLiteral } from './literals.ts';
import { type ExpressionSetting, fieldNamed, quoted, quotedColumn, type SqlExpression } from './reading.ts';

/** Functions that are written as themselves around their arguments, by Django's name for them. */
const functions: Readonly<Record<string, string>> = {
  Abs: 'ABS',
  Ceil: 'CEILING',
  Chr: 'CHR',
  Coalesce: 'COALESCE',
  Floor: 'FLOOR',
  Greatest: 'GREATEST',
  LTrim: 'LTRIM',
  Least: 'LEAST',
  Length: 'LENGTH',
  Lower: 'LOWER',
  MD5: 'MD5',
  NullIf: 'NULLIF',
  RTrim: 'RTRIM',
  Replace: 'REPLACE',
  Reverse: 'REVERSE',
  Sign: 'SIGN',
  Sqrt: 'SQRT',
  Trim: 'TRIM',
  Upper: 'UPPER',
};

const arithmetic: Readonly<Record<string, string>> = { '+': '+', '-': '-', '*': '*', '/': '/' };

/** Types whose arithmetic Django writes as it stands; with dates and intervals it is another matter. */
const plainNumbers = /^(Small|Big|Positive\w*)?(Integer|Auto)Field$|^(Float|Decimal|PositiveSmallInteger)Field$/;

/** An expression of Django's (`F("a") + 1`, `Lower("name")`) as SQL; `undefined` where it cannot be written. */
export function expressionSql(value: Value, setting: ExpressionSetting): SqlExpression | undefined {
  if (value.kind === 'call') return callSql(value, setting);
  return value.kind === 'unknown' ? combinedSql(value, setting) : undefined;
}

/** A text where an expression is expected is the name of a field. */
export function fieldOrExpressionSql(value: Value, setting: ExpressionSetting): SqlExpression | undefined {
  const name = textOf(value);
  return name === undefined ? expressionSql(value, setting) : columnSql(name, setting);
}

function columnSql(name: string, setting: ExpressionSetting): SqlExpression | undefined {
  const field = fieldNamed(name, setting);
  return field && { sql: quotedColumn(field), column: field };
}

function callSql(call: CallValue, setting: ExpressionSetting): SqlExpression | undefined {
  if (call.partial) return undefined;
  const name = calleeNameOf(call);
  const [first] = call.positional;
  const argument = first ?? call.keywords.get('expression') ?? call.keywords.get('value') ?? call.keywords.get('name');
  if (argument === undefined) return undefined;
  if (name === 'F') return columnSql(textOf(argument) ?? '', setting);
  if (name === 'Value') return withSql(plainLiteral(argument));
  if (name === 'Collate') {
    const inner = fieldOrExpressionSql(argument, setting)?.sql;
    const collation = textOf(call.positional[1] ?? call.keywords.get('collation'));
    return inner && collation !== undefined ? { sql: `${inner} COLLATE ${quoted(collation)}` } : undefined;
  }
  const written = functions[name];
  // Arguments with names change what a function writes.
  if (written === undefined || call.keywords.size > 0 || !isDjangos(call)) return undefined;
  const inner = call.positional.map((each) => fieldOrExpressionSql(each, setting)?.sql);
  return inner.includes(undefined) ? undefined : { sql: `${written}(${inner.join(', ')})` };
}

function isDjangos({ callee }: CallValue): boolean {
  return callee?.startsWith('django.') ?? false;
}

function combinedSql(value: Value, setting: ExpressionSetting): SqlExpression | undefined {
  const { at, module } = value;
  const operator = at.kind === 'binary' ? arithmetic[at.operator] : undefined;
  if (at.kind !== 'binary' || operator === undefined) return undefined;
  const left = operandSql(setting.operand(at.left, module), setting);
  const right = operandSql(setting.operand(at.right, module), setting);
  return left && right ? { sql: `(${left} ${operator} ${right})` } : undefined;
}

function operandSql(value: Value, setting: ExpressionSetting): string | undefined {
  if (value.kind === 'number') return String(value.value);
  const operand = expressionSql(value, setting);
  const type = operand?.column?.class.internalType;
  return operand?.column && (type === undefined || !plainNumbers.test(type)) ? undefined : operand?.sql;
}

function withSql(sql: string | undefined): SqlExpression | undefined {
  return sql === undefined ? undefined : { sql };
}
