import type { MigrationId } from '../schema/migration-id.ts';
import { truthOf } from '../syntax/truth.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { calleeNameOf, given, itemsOf, textOf, textsOf } from './values.ts';

/** An index of a historical model. */
export interface IndexState {
  /** `''` where it is not written or cannot be told. */
  readonly name: string;
  /** Access method: `btree`, `gin`, … */
  readonly method: string;
  /** Field names, without the `-` of a descending order; none where there are expressions that are more than fields. */
  readonly fields: readonly string[];
  /** Written as expressions, be they no more than fields. */
  readonly expressions: boolean;
  readonly conditional: boolean;
  readonly operatorClasses: readonly string[];
  readonly value: Value | undefined;
  readonly bornIn: MigrationId | undefined;
}

const methods: Readonly<Record<string, string>> = {
  BloomIndex: 'bloom',
  BrinIndex: 'brin',
  BTreeIndex: 'btree',
  GinIndex: 'gin',
  GistIndex: 'gist',
  HashIndex: 'hash',
  Index: 'btree',
  SpGistIndex: 'spgist',
};

/** Reads `models.Index(fields=[…], name='…')`; `undefined` for what is no call. */
export function readIndex(value: Value | undefined, bornIn: MigrationId | undefined): IndexState | undefined {
  if (value?.kind !== 'call') return undefined;
  const keyword = (name: string): Value | undefined => given(value.keywords.get(name));
  const condition = keyword('condition');
  return {
    name: textOf(keyword('name')) ?? '',
    method: methods[calleeNameOf(value)] ?? 'unknown',
    fields: indexedFieldsOf(value),
    expressions: value.positional.length > 0,
    conditional: condition !== undefined,
    operatorClasses: [...textsOf(keyword('opclasses')), ...value.positional.flatMap(operatorClassOf)],
    value,
    bornIn,
  };
}

/** The fields of `fields=[…]`, or of expressions as simple as `F('name').desc()`. */
export function indexedFieldsOf(call: CallValue): readonly string[] {
  const named = textsOf(call.keywords.get('fields')).map((field) => field.replace(/^-/, ''));
  const plain = call.positional.map(plainFieldOf);
  return plain.some((field) => field === undefined) ? named : [...named, ...plain.flatMap((field) => field ?? [])];
}

function plainFieldOf(expression: Value): string | undefined {
  if (expression.kind === 'string') return expression.value;
  if (expression.kind !== 'call') return undefined;
  const name = calleeNameOf(expression);
  if (name === 'F') return textOf(expression.positional[0]);
  return (name === 'desc' || name === 'asc') && expression.receiver ? plainFieldOf(expression.receiver) : undefined;
}

/** Reads the list of `Meta.indexes`. */
export function readIndexes(value: Value | undefined, bornIn: MigrationId | undefined): readonly IndexState[] {
  return itemsOf(value).flatMap((item) => readIndex(item, bornIn) ?? []);
}

/** The class in `OpClass(Upper('name'), name='varchar_pattern_ops')`. */
export function operatorClassOf(expression: Value): readonly string[] {
  if (expression.kind !== 'call' || calleeNameOf(expression) !== 'OpClass') return [];
  const name = textOf(expression.keywords.get('name') ?? expression.positional[1]);
  return name === undefined ? [] : [name];
}

/** Whether `include=` and the like hold something. */
export function isGiven(value: Value | undefined): boolean {
  const present = given(value);
  return present !== undefined && truthOf(present) !== false;
}
