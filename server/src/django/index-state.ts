import type { MigrationId } from '../schema/migration-id.ts';
import { truthOf } from '../syntax/truth.ts';
import type { Value } from '../syntax/value.ts';
import { calleeNameOf, given, itemsOf, textOf, textsOf } from './values.ts';

/** An index of a historical model. */
export interface IndexState {
  /** `''` where it is not written or cannot be told. */
  readonly name: string;
  /** Access method: `btree`, `gin`, … */
  readonly method: string;
  /** Field names, without the `-` of a descending order. */
  readonly fields: readonly string[];
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
    fields: textsOf(keyword('fields')).map((field) => field.replace(/^-/, '')),
    expressions: value.positional.length > 0,
    conditional: condition !== undefined,
    operatorClasses: [...textsOf(keyword('opclasses')), ...value.positional.flatMap(operatorClassOf)],
    value,
    bornIn,
  };
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
