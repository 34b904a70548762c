import type { AddColumn, Change } from '../schema/change.ts';
import type { Column } from '../schema/column.ts';
import type { Constraint } from '../schema/schema.ts';
import { columnOfField } from './columns.ts';
import { foreignKeyOf } from './foreign-keys.ts';
import { plainIndex } from './indexes.ts';
import { addField, alterField, factsFor, modelAfter, modelBefore, type Step, siteOf } from './lower-fields.ts';
import { argumentSpan } from './operation-scope.ts';
import { tableOfModel } from './tables.ts';
import { textOf } from './values.ts';

/**
 * `SaferAddFieldForeignKey` and `SaferAddFieldOneToOne`: the column first, then its index concurrently, then the
 * constraints without a scan under a lock.
 */
export function addKeyInSteps(step: Step): readonly Change[] {
  const changes = addField(step);
  const added = changes.find((change): change is AddColumn => change.kind === 'AddColumn');
  if (!added?.column.references) return changes;
  const { column, table } = added;
  const bare: Column = {
    ...column,
    unique: false,
    references: { table: added.column.references.table, column: added.column.references.column, enforced: false },
  };
  const facts = factsFor(step, modelAfter(step), step.operation.at);
  const key = { ...foreignKeyOf(column, table, siteOf(step, modelAfter(step))), validated: false };
  return [
    { ...added, column: bare },
    ...changes.flatMap(indexOfKey),
    ...(column.unique ? uniqueInSteps(step, added) : []),
    { ...facts, kind: 'AddConstraint', table, constraint: key, usingIndex: undefined },
    { ...facts, kind: 'ValidateConstraint', table, constraint: key.name },
  ];
}

/** The index of the key under a name of the package's own; one for patterns, which Django adds to text, it does not build. */
function indexOfKey(change: Change): readonly Change[] {
  if (change.kind !== 'CreateIndex' || change.index.operatorClass !== undefined) return [];
  const { sentLast: _, ...built } = change;
  return [{ ...built, index: { ...change.index, nameIsExact: false }, concurrently: true }];
}

function uniqueInSteps(step: Step, { table, column }: AddColumn): readonly Change[] {
  const facts = factsFor(step, modelAfter(step), step.operation.at);
  const name = `${table.name}_${column.name}_uniq`;
  const columns = [column.name];
  const index = { ...plainIndex(name, columns, { bornIn: step.scope.id }), nameIsExact: false, unique: true };
  return [
    { ...facts, kind: 'CreateIndex', table, index, concurrently: true, ifNotExists: false },
    { ...facts, kind: 'AddConstraint', table, constraint: madeUp('unique', name, step, columns), usingIndex: name },
  ];
}

/**
 * `SaferAlterFieldSetNotNull`: a check that is validated without blocking proves what SET NOT NULL would scan for. Whatever
 * else differs in the field, and rows that hold NULL, the operation leaves as they are.
 */
export function setNotNullInSteps(step: Step): readonly Change[] {
  return alterField(step).flatMap((change): readonly Change[] => {
    if (change.kind !== 'AlterColumn' || change.to.nullable) return [];
    const { table, column, facets } = change;
    const facts = factsFor(step, modelAfter(step), step.operation.at);
    const name = `${table.name}_${column}_is_not_null`;
    const check: Constraint = {
      ...madeUp('check', name, step, [column]),
      condition: `"${column}" IS NOT NULL`,
      provesNotNull: column,
      validated: false,
    };
    const before = columnBefore(step);
    const to: Column = before === undefined ? change.to : { ...before, nullable: false };
    const altered: Change = {
      ...change,
      to,
      facets: { type: undefined, nullable: facets.nullable },
      fillsNulls: undefined,
    };
    return [
      { ...facts, kind: 'AddConstraint', table, constraint: check, usingIndex: undefined },
      { ...facts, kind: 'ValidateConstraint', table, constraint: name },
      altered,
      { ...facts, kind: 'DropConstraint', table, constraint: name, constraintKind: 'check' },
    ];
  });
}

function columnBefore(step: Step): Column | undefined {
  const field = modelBefore(step).fields.get(textOf(step.operation.arguments.get('name')) ?? '');
  return field && columnOfField(field, step.from, step.scope.context.target.database, field.bornIn);
}

/** `AddDefaultValue` of django-add-default-value: a default that stays in the database. */
export function addDefaultValue(step: Step): readonly Change[] {
  const { operation, to, scope } = step;
  const { database } = scope.context.target;
  const model = modelAfter(step);
  const field = model.fields.get(textOf(operation.arguments.get('name')) ?? '');
  const column = field && columnOfField(field, to, database, field.bornIn);
  if (!column) return [];
  return [
    {
      ...factsFor(step, model, argumentSpan(operation, scope, 'value')),
      kind: 'AlterColumn',
      table: tableOfModel(to, model, database),
      column: column.name,
      to: { ...column, default: { kind: 'constant', sql: undefined } },
      facets: { type: undefined, nullable: undefined },
      fillsNulls: undefined,
    },
  ];
}

/** A constraint whose name the package makes up. */
function madeUp(kind: Constraint['kind'], name: string, step: Step, columns: readonly string[]): Constraint {
  return {
    kind,
    name,
    nameIsExact: false,
    columns,
    condition: undefined,
    provesNotNull: undefined,
    references: undefined,
    validated: true,
    bornIn: step.scope.id,
  };
}
