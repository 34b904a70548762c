import type { TypeName } from 'libpg-query';
import { overlaps } from '../../base/span.ts';
import { type ColumnType, unknownType } from '../../schema/column.ts';
import { isStandIn } from '../stand-in.ts';
import { closingBracket, indexAt, symbolAt } from '../words.ts';
import { allOf, asKind, namesIn } from './node.ts';
import type { Step } from './step.ts';

/** A column's type as it is written: a serial type is an integer that counts. */
export interface WrittenType {
  readonly type: ColumnType;
  readonly isSerial: boolean;
}

/** The names of the catalog in the words of the standard. */
const standardNames: ReadonlyMap<string, string> = new Map([
  ['bool', 'boolean'],
  ['bpchar', 'char'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['int2', 'smallint'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['timestamptz', 'timestamp with time zone'],
  ['timetz', 'time with time zone'],
]);

const serialTypes: ReadonlyMap<string, string> = new Map([
  ['bigserial', 'bigint'],
  ['serial', 'integer'],
  ['serial2', 'smallint'],
  ['serial4', 'integer'],
  ['serial8', 'bigint'],
  ['smallserial', 'smallint'],
]);

export function writtenTypeOf(typeName: TypeName | undefined, step: Step): WrittenType {
  const names = namesIn(typeName?.names);
  const name = names.at(-1);
  const isKnown = name !== undefined && !names.some(isStandIn) && typeName?.pct_type !== true;
  if (typeName === undefined || !isKnown || isGuessed(typeName, step)) return { type: unknownType, isSerial: false };
  const schema = names.length > 1 ? names.at(-2) : undefined;
  const serial = serialTypes.get(name);
  if (serial !== undefined && schema === undefined) {
    return { type: { name: serial, arguments: [], isArray: false }, isSerial: true };
  }
  const isOwn = schema === undefined || schema === 'pg_catalog' || schema === 'public';
  const plain = isOwn ? (standardNames.get(name) ?? name) : `${schema}.${name}`;
  const type = {
    name: plain,
    arguments: argumentsOf(typeName, name),
    isArray: (typeName.arrayBounds ?? []).length > 0,
  };
  return { type, isSerial: false };
}

/** `varchar({length})` */
function isGuessed({ location }: TypeName, step: Step): boolean {
  if (step.guesses.length === 0) return false;
  const start = step.offsetOf(location);
  const open = indexAt(step, start) + 1;
  if (symbolAt(step, open) !== '(') return false;
  const end = step.tokens[closingBracket(step, open)]?.end ?? start;
  return step.guesses.some((guess) => overlaps(guess, { start, end }));
}

/** The digits of a second that an interval keeps when only its fields are named. */
const fullPrecision = 0xffff;

function argumentsOf({ typmods }: TypeName, name: string): readonly number[] {
  const numbers = allOf(typmods, 'A_Const').flatMap(({ ival }) => (ival === undefined ? [] : [ival.ival ?? 0]));
  // The grammar gives `char` its length of 1, and intervals the fields that they have before their precision.
  if (name === 'interval') return numbers.slice(1).filter((precision) => precision !== fullPrecision);
  if (name === 'bpchar' && numbers.length === 1 && numbers[0] === 1) return [];
  return typmods?.some((node) => asKind(node, 'A_Const') === undefined) === true ? [] : numbers;
}
