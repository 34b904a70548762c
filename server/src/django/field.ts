import type { MigrationId } from '../schema/migration-id.ts';
import { truthOf } from '../syntax/truth.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { type FieldClass, fieldClassOf } from './field-classes.ts';
import { type ModelRef, type ModelScope, readModelRef } from './model-ref.ts';
import { calleeNameOf, given, isNone, textOf } from './values.ts';

/** A field of a historical model: what its call says, with Django's own defaults for what it leaves out. */
export interface Field {
  readonly name: string;
  readonly class: FieldClass;
  /** Fully qualified, where the imports tell. */
  readonly classPath: string | undefined;
  /** The call, to look at or to edit; `undefined` for a field that Django adds by itself. */
  readonly value: Value | undefined;
  /** By parameter name, positional arguments included. */
  readonly arguments: ReadonlyMap<string, Value>;
  /** Positional arguments beyond the named ones: the fields of a composite primary key. */
  readonly rest: readonly Value[];
  /** False where arguments may be there that are not in `arguments`. */
  readonly complete: boolean;
  readonly null: boolean;
  readonly blank: boolean;
  readonly primaryKey: boolean;
  /** `unique=True`; a primary key is unique too: see {@link isUnique}. */
  readonly unique: boolean;
  readonly dbIndex: boolean;
  readonly dbColumn: string | undefined;
  readonly relation: Relation | undefined;
  /** The migration that added it. */
  readonly bornIn: MigrationId | undefined;
}

export interface Relation {
  readonly form: 'foreign-key' | 'one-to-one' | 'many-to-many';
  /** `undefined` where the model cannot be told. */
  readonly to: ModelRef | undefined;
  readonly toField: string | undefined;
  readonly dbConstraint: boolean;
  /** The model of a many-to-many relation's rows, where it is written; Django makes one up otherwise. */
  readonly through: ModelRef | 'unknown' | undefined;
  readonly dbTable: string | undefined;
}

/** Reads what stands where a field should: a call of a field class, mostly. */
export function readField(name: string, value: Value, scope: ModelScope, bornIn: MigrationId | undefined): Field {
  const call = value.kind === 'call' ? value : undefined;
  const className = call ? calleeNameOf(call) : '';
  const { byName, rest, fieldClass } = argumentsOf(call, className);
  const flag = (parameter: string, otherwise: boolean): boolean => {
    const argument = byName.get(parameter);
    return argument === undefined ? otherwise : (truthOf(argument) ?? otherwise);
  };
  return {
    name,
    class: fieldClass,
    classPath: call?.callee,
    value,
    arguments: byName,
    rest,
    complete: call !== undefined && !call.partial,
    null: flag('null', fieldClass.name === 'NullBooleanField'),
    blank: flag('blank', false),
    primaryKey: flag('primary_key', fieldClass.name === 'CompositePrimaryKey'),
    unique: flag('unique', fieldClass.form === 'one-to-one'),
    dbIndex: flag('db_index', fieldClass.isIndexed),
    dbColumn: textOf(byName.get('db_column')),
    relation: relationOf(fieldClass, byName, scope, flag('db_constraint', true)),
    bornIn,
  };
}

/** A field that Django adds by itself: the `id` of a model without a primary key, the columns of a join table. */
export function implicitField(
  name: string,
  fieldClass: FieldClass,
  facts: Partial<Pick<Field, 'primaryKey' | 'relation' | 'arguments' | 'bornIn'>>,
): Field {
  return {
    name,
    class: fieldClass,
    classPath: `django.db.models.${fieldClass.name}`,
    value: undefined,
    arguments: facts.arguments ?? new Map(),
    rest: [],
    complete: true,
    null: false,
    blank: false,
    primaryKey: facts.primaryKey ?? false,
    unique: false,
    dbIndex: fieldClass.isIndexed,
    dbColumn: undefined,
    relation: facts.relation,
    bornIn: facts.bornIn,
  };
}

export function isUnique(field: Field): boolean {
  return field.unique || field.primaryKey;
}

/** Whether the database has a column for it. */
export function hasColumn(field: Field): boolean {
  return field.class.form !== 'none' && field.class.form !== 'many-to-many';
}

export function columnNameOf(field: Field): string {
  if (field.dbColumn !== undefined) return field.dbColumn;
  return field.relation ? `${field.name}_id` : field.name;
}

/** The column of a field given by name; the name itself where the field is not known. */
export function columnNameIn(fields: ReadonlyMap<string, Field>, name: string): string {
  const field = fields.get(name);
  return field ? columnNameOf(field) : name;
}

/** Whether the field counts as having a Python-side default: `default=None` is none that a row could be filled with. */
export function defaultOf(field: Field): Value | undefined {
  return providedArgument(field, 'default');
}

export function databaseDefaultOf(field: Field): Value | undefined {
  const value = field.arguments.get('db_default');
  return value?.kind === 'reference' && value.name.endsWith('NOT_PROVIDED') ? undefined : value;
}

/** The field without its `default`, as `preserve_default=False` leaves it in the state. */
export function withoutDefault(field: Field): Field {
  if (!field.arguments.has('default')) return field;
  const kept = new Map(field.arguments);
  kept.delete('default');
  return { ...field, arguments: kept };
}

function providedArgument(field: Field, name: string): Value | undefined {
  const value = given(field.arguments.get(name));
  return value?.kind === 'reference' && value.name.endsWith('NOT_PROVIDED') ? undefined : value;
}

function argumentsOf(
  call: CallValue | undefined,
  className: string,
): {
  readonly byName: ReadonlyMap<string, Value>;
  readonly rest: readonly Value[];
  readonly fieldClass: FieldClass;
} {
  if (!call) return { byName: new Map(), rest: [], fieldClass: fieldClassOf(undefined, className, new Set()) };
  const fieldClass = fieldClassOf(call.callee, className, new Set(call.keywords.keys()));
  if (call.positional.length === 0) return { byName: call.keywords, rest: [], fieldClass };
  const byName = new Map(call.keywords);
  const rest: Value[] = [];
  for (const [index, value] of call.positional.entries()) {
    const parameter = fieldClass.parameters[index];
    if (parameter === undefined) rest.push(value);
    else byName.set(parameter, value);
  }
  return { byName, rest, fieldClass };
}

function relationOf(
  fieldClass: FieldClass,
  byName: ReadonlyMap<string, Value>,
  scope: ModelScope,
  dbConstraint: boolean,
): Relation | undefined {
  if (fieldClass.form === 'column' || fieldClass.form === 'none') return undefined;
  const through = byName.get('through');
  return {
    form: fieldClass.form,
    to: readModelRef(byName.get('to'), scope),
    toField: textOf(byName.get('to_field')),
    dbConstraint,
    through: through === undefined || isNone(through) ? undefined : (readModelRef(through, scope) ?? 'unknown'),
    dbTable: textOf(byName.get('db_table')),
  };
}
