import { isVersionAtLeast } from '../../base/target.ts';
import type { AlterColumn } from '../../schema/change.ts';
import type { Column, ColumnType } from '../../schema/column.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Index, Table } from '../../schema/schema.ts';
import { findKeyword } from '../edits/arguments.ts';
import { importLines } from '../edits/imports.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { type FieldSource, fieldImports, fieldSourceOf, fieldText } from '../field-source.ts';
import { type Answer, isRefused, type Refused, refusal } from '../fix.ts';
import { chainAfter, type FollowUp } from '../new-migration.ts';
import { changesOfOperation } from '../operation-site.ts';
import { doesMore, neededLater, unknownDefinition, usesOwnNames } from '../refusals.ts';
import { tableBefore } from '../schema-before.ts';
import { runSqlText } from '../sql/python-sql.ts';
import {
  type CarriedIndexes,
  indexesOn,
  indexMigrations,
  intricateIndexes,
  swapIndexNames,
} from './carried-indexes.ts';
import {
  copyMigration,
  isFieldTouchedLater,
  isFree,
  type NamedField,
  removeField,
  renameField,
  replacementRefusal,
  setField,
  takenName,
} from './column-beside.ts';
import { conversionOf, conversionTrigger, swapDocstring, unsureConversion, valuesBack } from './column-conversion.ts';
import { type FieldDefinition, findFieldBefore, type RecipeContext, readFieldDefinition } from './field-definition.ts';
import { fittingCheck } from './fitting-check.ts';
import { createTrigger, dropTrigger, type Trigger } from './in-step.ts';
import { separated } from './separated.ts';
import {
  addCheckOperation,
  type NotNullColumn,
  notNullColumnOf,
  notValidImports,
  proofImports,
  provenNotNull,
} from './validated-not-null.ts';

/** A column that gets another type by way of a second one. */
interface SecondColumn {
  readonly of: FieldDefinition;
  readonly table: Table;
  readonly before: Column;
  /** The field as it was, to be written once more under another name. */
  readonly old: FieldSource;
  readonly trigger: Trigger;
  readonly indexes: readonly Index[];
  readonly newName: string;
  readonly oldName: string;
  readonly to: ColumnType;
  /** Some values of the old type have no place in the new one. */
  readonly mayFail: boolean;
}

/**
 * Changes the type of a column without rewriting its table: a column of the new type beside it, kept in step by a
 * trigger, so that no code has to know; a copy in batches; its indexes; and the two swap their names. The old column
 * stays, and leaves the state, so that its drop is owed as that of any other.
 *
 * Types only between which every session converts in the same way; no column that anything but plain indexes depend on.
 */
export function secondColumn(change: AlterColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  // `AddConstraintNotValid` came with Django 4.0.
  if (context.target.database !== 'postgresql' || !isVersionAtLeast(context.target.django, 4, 0)) return [];
  const plan = planOf(change, migration, context);
  if (isRefused(plan)) return plan;
  const { of, before, newName } = plan;
  const { source, list, index } = of.site;
  const check = plan.mayFail
    ? fittingCheck({ table: plan.table.name, column: before, to: plan.to }, of.quote)
    : undefined;
  const begin = [
    ...(check === undefined ? [] : [check.add]),
    setField('AddField', fieldNamed(of, newName), fieldText(of.definition, { ...unindexed, null: 'True' })),
    createTrigger(plan.trigger, of.quote),
    ...(before.nullable ? [] : [addCheckOperation(newColumnOf(plan), context.target)]),
  ];
  const copy = copyMigration(
    { ...of, table: of.table, from: of.field, to: newName, after: source.name },
    check === undefined ? [] : [check.validate],
  );
  const carried = carriedOf(plan);
  const indexes = indexMigrations(carried, copy.slug);
  const swap = swapMigration(plan, carried, indexes.at(-1)?.slug ?? copy.slug);
  const chain = chainAfter(context.project, source, [copy, ...indexes, swap]);
  const depth = itemIndentation(list);
  const text = begin.map((operation) => indented(operation, depth)).join(`,\n${depth}`);
  const imports = before.nullable ? [] : importLines(source.text, source.module, notValidImports);
  return [
    {
      title: `Fill a second column in batches and swap the two; drop the old one in a later release`,
      safety: 'review',
      edits: [
        { kind: 'change', file: source.file, edits: [...imports, replaceItem(list, index, text)] },
        ...chain.repointed,
        ...chain.created,
      ],
    },
  ];
}

/** What a definition says besides type and NULL, and the second column must not have yet. */
const unindexed = { db_index: undefined, default: undefined } as const;

function planOf(change: AlterColumn, migration: Migration, context: RecipeContext): SecondColumn | Refused {
  const { project } = context;
  const of = readFieldDefinition(change, change.column, migration, context, 'top level');
  const table = tableBefore(change.table, change, migration, project);
  const before = table?.columns.get(change.column);
  if (isRefused(of)) return of;
  if (table === undefined || before === undefined) return unknownDefinition;
  const refused = replacementRefusal(before, table, context) ?? typeAloneRefusal(of, change, before, migration);
  if (refused !== undefined) return refused;
  const conversion = conversionOf(before, change.to.type, table.name);
  if (conversion === undefined) return unsureConversion;
  const known = findFieldBefore(of.site, migration, of.model, of.field, project);
  const old = known && fieldSourceOf(known.field, project);
  if (known === undefined || old === undefined) return unknownDefinition;
  if (fieldImports(old) === undefined) return usesOwnNames;
  const indexes = indexesOn(change.column, table, known.model);
  if (indexes === undefined || known.model.options.indexTogether.length > 0) return intricateIndexes;
  const [newName, oldName] = [`${of.field}_new`, `${of.field}_old`];
  const field = { app: of.app, model: of.model, table };
  const [now, end] = [project.migration(migration.id), project.migration(project.order.at(-1) ?? migration.id)];
  for (const name of [newName, oldName]) {
    const isNowFree = isFree(name, field, now?.stateBefore, now?.before);
    if (!isNowFree || !isFree(name, field, end?.stateAfter, end?.after)) return takenName(name);
  }
  const trigger = conversionTrigger(table.name, before, change.to.type, newName);
  return { of, table, before, old, trigger, indexes, newName, oldName, to: change.to.type, ...conversion };
}

/** Refuses where the operation says more that is new than the type, or something behind it deals with the model. */
function typeAloneRefusal(
  of: FieldDefinition,
  change: AlterColumn,
  before: Column,
  migration: Migration,
): Refused | undefined {
  const { to } = change;
  if (isFieldTouchedLater(of.site, of.modelName, of.field)) return neededLater;
  if (change.column !== of.field || findKeyword(of.definition.call, 'db_column') !== undefined) {
    return refusal('The column has a name of its own, which would not follow the field.');
  }
  const isAlone =
    changesOfOperation(change, migration).length === 1 &&
    to.nullable === before.nullable &&
    to.default === undefined &&
    to.unique === before.unique &&
    to.check === undefined &&
    to.references === undefined &&
    to.generated === undefined &&
    to.collation === before.collation;
  return isAlone ? undefined : doesMore;
}

function fieldNamed({ modelName, quote }: FieldDefinition, name: string): NamedField {
  return { model: modelName, name, quote };
}

function newColumnOf({ of, newName }: SecondColumn): NotNullColumn {
  return { ...notNullColumnOf(of), field: newName, column: newName };
}

function swapMigration(plan: SecondColumn, carried: CarriedIndexes, after: string): FollowUp {
  const { of, table, before, old, trigger, newName, oldName } = plan;
  const { quote, field } = of;
  const [now, later, left] = [fieldNamed(of, field), fieldNamed(of, newName), fieldNamed(of, oldName)];
  const notNull = setField('AlterField', later, fieldText(of.definition, unindexed));
  const goBack = valuesBack(table.name, { name: oldName, type: before.type }, { name: before.name, type: plan.to });
  const author = rewritten(of.site.source.text, of.site.call.span, []);
  return {
    slug: `swap_${of.model.toLowerCase()}_${field}`,
    docstring: swapDocstring(before.name, of.table, oldName, after),
    imports: [...(before.nullable ? [] : [...proofImports, ...(fieldImports(old) ?? [])]), ...of.imports],
    code: '',
    atomic: true,
    operations: [
      ...(before.nullable ? [] : provenNotNull(newColumnOf(plan), notNull)),
      dropTrigger(trigger, quote),
      renameField(now, oldName),
      renameField(later, field),
      ...swapIndexNames(carried),
      ...(before.nullable ? [] : [setField('AlterField', left, fieldText(old, { default: undefined, null: 'True' }))]),
      runSqlText('migrations', 'noop', [goBack], quote),
      separated({ state: [removeField(left), author] }, 'migrations'),
    ],
  };
}

function carriedOf({ of, table, before, newName, indexes }: SecondColumn): CarriedIndexes {
  return {
    model: of.model,
    table: table.name,
    column: before.name,
    to: newName,
    indexes,
    known: table.indexes,
    quote: of.quote,
  };
}
