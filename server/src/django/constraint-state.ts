import type { MigrationId } from '../schema/migration-id.ts';
import { truthOf } from '../syntax/truth.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { indexedFieldsOf, isGiven, operatorClassOf } from './index-state.ts';
import { notNullFieldsIn } from './not-null-conditions.ts';
import { calleeNameOf, given, itemsOf, numberOf, textOf, textsOf } from './values.ts';

/** A constraint of a historical model. */
export interface ConstraintState {
  readonly kind: 'check' | 'unique' | 'exclusion' | 'unknown';
  /** `''` where it cannot be told. */
  readonly name: string;
  readonly fields: readonly string[];
  readonly expressions: boolean;
  readonly conditional: boolean;
  readonly include: boolean;
  readonly operatorClasses: readonly string[];
  readonly deferrable: boolean;
  /** `nulls_distinct=` is written. */
  readonly nullsDistinct: boolean;
  readonly check: CheckCondition | undefined;
  /** Of a check: the fields that it keeps from NULL, whatever else it asks for. */
  readonly notNullFields: readonly string[];
  readonly value: Value | undefined;
  readonly bornIn: MigrationId | undefined;
}

/** A condition on one field that can be written as SQL. */
export interface CheckCondition {
  readonly field: string;
  /** What follows the column: `IS NOT NULL`, `>= 0`. */
  readonly test: string;
}

const kinds: Readonly<Record<string, ConstraintState['kind']>> = {
  CheckConstraint: 'check',
  ExclusionConstraint: 'exclusion',
  UniqueConstraint: 'unique',
};

/** Reads `models.UniqueConstraint(fields=[…], name='…')` and its kin; `undefined` for what is no call. */
export function readConstraint(value: Value | undefined, bornIn: MigrationId | undefined): ConstraintState | undefined {
  if (value?.kind !== 'call') return undefined;
  const kind = kinds[calleeNameOf(value)] ?? 'unknown';
  const keyword = (name: string): Value | undefined => value.keywords.get(name);
  const condition = kind === 'check' ? (keyword('condition') ?? keyword('check')) : undefined;
  return {
    kind,
    name: textOf(keyword('name')) ?? '',
    fields: indexedFieldsOf(value),
    expressions: value.positional.length > 0,
    conditional: kind !== 'check' && isGiven(keyword('condition')),
    include: isGiven(keyword('include')),
    operatorClasses: [...textsOf(keyword('opclasses')), ...value.positional.flatMap(operatorClassOf)],
    deferrable: isGiven(keyword('deferrable')),
    nullsDistinct: given(keyword('nulls_distinct')) !== undefined,
    check: condition && readCondition(condition),
    notNullFields: condition === undefined ? [] : notNullFieldsIn(condition.at),
    value,
    bornIn,
  };
}

/** Reads the list of `Meta.constraints`. */
export function readConstraints(value: Value | undefined, bornIn: MigrationId | undefined): readonly ConstraintState[] {
  return itemsOf(value).flatMap((item) => readConstraint(item, bornIn) ?? []);
}

/** Whether Django builds it as a unique index, because a constraint cannot hold what it says. */
export function isBuiltAsIndex(constraint: ConstraintState): boolean {
  const { kind, conditional, include, expressions, operatorClasses } = constraint;
  return kind === 'unique' && (conditional || include || expressions || operatorClasses.length > 0);
}

/** Reads `Q(total__isnull=False)`, `~Q(total__isnull=True)`, `Q(total__gte=0)`. */
function readCondition(value: Value | undefined): CheckCondition | undefined {
  if (value?.kind === 'call') return readQ(value);
  if (value?.kind !== 'unknown' || value.at.kind !== 'unary' || value.at.operator !== '~') return undefined;
  const { operand } = value.at;
  const argument = operand.kind === 'call' && operand.arguments.length === 1 ? operand.arguments[0] : undefined;
  if (argument?.name?.endsWith('__isnull') !== true || argument.value.kind !== 'constant') return undefined;
  return nullTest(argument.name.slice(0, -'__isnull'.length), argument.value.value !== true);
}

const comparisons: Readonly<Record<string, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=', exact: '=' };

function readQ(call: CallValue): CheckCondition | undefined {
  if (calleeNameOf(call) !== 'Q' || call.keywords.size + call.positional.length !== 1 || call.partial) return undefined;
  const only = [...call.keywords][0];
  if (!only) {
    const inner = call.positional[0];
    return inner?.kind === 'tuple' ? lookupOf(textOf(inner.items[0]) ?? '', inner.items[1]) : readCondition(inner);
  }
  return lookupOf(only[0], only[1]);
}

function lookupOf(name: string, value: Value | undefined): CheckCondition | undefined {
  const [, field, lookup] = /^(.+)__([a-z]+)$/.exec(name) ?? [undefined, name, 'exact'];
  if (field === undefined || lookup === undefined || field === '' || field.includes('__')) return undefined;
  if (lookup === 'isnull') return value && nullTest(field, truthOf(value) !== false);
  const operator = comparisons[lookup];
  const number = numberOf(value);
  return operator !== undefined && number !== undefined ? { field, test: `${operator} ${number}` } : undefined;
}

function nullTest(field: string, isNull: boolean): CheckCondition {
  return { field, test: isNull ? 'IS NULL' : 'IS NOT NULL' };
}
