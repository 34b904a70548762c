import { uniqueConstraintOf } from '../../django/indexes.ts';
import type { AddColumn, AddConstraint, Change, CreateIndex } from '../../schema/change.ts';
import { unknownType } from '../../schema/column.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Index } from '../../schema/schema.ts';
import { isSameTable, type TableName, tableText } from '../../schema/table-name.ts';
import { quoteOf } from '../edits/layout.ts';
import { rewritten } from '../edits/rewritten.ts';
import { type Answer, isRefused, type Refused, refusal } from '../fix.ts';
import type { FollowUp } from '../new-migration.ts';
import { changesOfOperation } from '../operation-site.ts';
import { concurrencyRefusal, doesMore, unknownField } from '../refusals.ts';
import { tableBefore } from '../schema-before.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';
import type { BuiltKey } from './built-keys.ts';
import { type FieldDefinition, fieldOperation, type RecipeContext, readFieldDefinition } from './field-definition.ts';
import { keyInSteps, postponementRefusal } from './key-steps.ts';
import { plainFieldEdits } from './plain-field.ts';

/** Adds a unique column without its constraint, whose index is built while the table is in use. */
export function uniqueColumnInSteps(
  change: AddColumn,
  migration: Migration,
  context: RecipeContext,
): readonly Answer[] {
  const { column, table } = change;
  if (column.primaryKey) return [];
  const of = readFieldDefinition(change, column.name, migration, context, 'top level');
  if (isRefused(of)) return of;
  const before = plainFieldEdits(of.definition);
  if (before === undefined || column.type === unknownType) return unknownField;
  const refused =
    postponementRefusal(change, [column.name], of.site, of.model, [of.field], migration) ??
    concurrencyRefusal(change, migration, context.project);
  if (refused !== undefined) return refused;
  const named = { name: table.name, database: 'postgresql', bornIn: migration.id } as const;
  const like = changesOfOperation(change, migration).flatMap((each) => (isLike(each, column.name) ? [each.index] : []));
  const key = keyOf(table, uniqueConstraintOf([column.name], named), like);
  const edits = keyInSteps(
    { ...stepsOf(of, key), state: fieldOperation('AlterField', of, {}), before },
    context.project,
  );
  return [
    { title: 'Add the column first, build its index concurrently, then make it unique', safety: 'review', edits },
  ];
}

/** Makes an existing column unique, or the primary key, by an index that is built while the table is in use. */
export function keyFieldInSteps(
  change: AddConstraint,
  migration: Migration,
  context: RecipeContext,
): readonly Answer[] {
  const { constraint, table } = change;
  const [column] = constraint.columns;
  if (column === undefined || constraint.columns.length > 1) return [];
  const of = readFieldDefinition(change, column, migration, context, 'top level');
  if (isRefused(of)) return of;
  const work = workOf(change, column, migration, context);
  if (work === undefined) return doesMore;
  const isPrimary = constraint.kind === 'primary-key';
  const refused =
    (isPrimary ? primaryKeyRefusal(change, column, work, migration, context) : undefined) ??
    postponementRefusal(change, [column], of.site, of.model, [of.field], migration) ??
    concurrencyRefusal(change, migration, context.project);
  if (refused !== undefined) return refused;
  const before = work.altersMore ? plainFieldEdits(of.definition) : undefined;
  if (work.altersMore && before === undefined) return unknownField;
  const { source, call } = of.site;
  const edits = keyInSteps(
    {
      ...stepsOf(of, keyOf(table, constraint, work.like)),
      state: rewritten(source.text, call.span, []),
      ...(before === undefined ? {} : { before }),
      later: work.dropped.map((index) => indexDrop(of, table, index)),
    },
    context.project,
  );
  const what = isPrimary ? 'primary key' : 'unique constraint';
  return [{ title: `Build the index concurrently first, then make it the ${what}`, safety: 'review', edits }];
}

function stepsOf({ site, modelName, field, table, column, imports }: FieldDefinition, key: BuiltKey) {
  return {
    site,
    keys: [key],
    slug: `${modelName.toLowerCase()}_${field}`,
    what: `"${column}" of ${tableText({ ...key.table, name: table })}`,
    imports,
  };
}

function keyOf(table: TableName, constraint: AddConstraint['constraint'], beside: readonly Index[]): BuiltKey {
  const kind = constraint.kind === 'primary-key' ? constraint.kind : 'unique';
  const { name, columns } = constraint;
  return { table, constraint: { kind, name, columns }, nulls: '', timing: '', beside };
}

function primaryKeyRefusal(
  change: AddConstraint,
  column: string,
  work: Work,
  migration: Migration,
  { project }: RecipeContext,
): Refused | undefined {
  if (work.altersMore || work.dropped.length > 0) return doesMore;
  const table = tableBefore(change.table, change, migration, project);
  if (table?.columns.get(column)?.nullable !== false) {
    return refusal(`"${column}" is not known to be NOT NULL, which would have to be proven first.`);
  }
  const earlier = migration.forward.slice(0, migration.forward.indexOf(change));
  const losesOld = earlier.some(
    (each) =>
      (each.kind === 'DropColumn' || each.kind === 'DropConstraint') &&
      each.applies.database &&
      isSameTable(each.table, change.table),
  );
  if (!losesOld) return undefined;
  return refusal('The table loses its primary key in this migration, and would have none until the index is built.');
}

/** What an `AlterField` does besides adding the constraint. */
interface Work {
  /** The index for LIKE that is to be built. */
  readonly like: readonly Index[];
  /** Indexes that the unique one makes superfluous. */
  readonly dropped: readonly Index[];
  /** It alters the column, too. */
  readonly altersMore: boolean;
}

/** `undefined` where the operation does something that this cannot be parted from. */
function workOf(
  change: AddConstraint,
  column: string,
  migration: Migration,
  { project }: RecipeContext,
): Work | undefined {
  const all = changesOfOperation(change, migration);
  const table = tableBefore(change.table, all[0] ?? change, migration, project);
  const like = all.filter((each) => isLike(each, column)).map(({ index }) => index);
  const gone: Index[] = [];
  let altersMore = false;
  let isEasy = true;
  for (const each of all) {
    if (each === change || isLike(each, column)) continue;
    if (each.kind === 'AlterColumn') {
      altersMore = true;
      continue;
    }
    isEasy = false;
    const index = each.kind === 'DropIndex' ? table?.indexes.get(each.index) : undefined;
    if (index !== undefined) gone.push(index);
    else if (!isKeptKey(each, all)) return undefined;
  }
  if (altersMore && !isEasy) return undefined;
  const isIn = (indexes: readonly Index[], { name }: Index): boolean => indexes.some((each) => each.name === name);
  return {
    like: like.filter((index) => !isIn(gone, index)),
    dropped: gone.filter((index) => !isIn(like, index)),
    altersMore,
  };
}

export function isLike(change: Change, column: string): change is CreateIndex {
  if (change.kind !== 'CreateIndex' || change.index.operatorClass === undefined) return false;
  return change.index.columns.length === 1 && change.index.columns[0] === column;
}

/** Whether it is one half of dropping a foreign key and adding the same again, which Django does for nothing. */
function isKeptKey(change: Change, all: readonly Change[]): boolean {
  const added = all.flatMap((each) =>
    each.kind === 'AddConstraint' && each.constraint.kind === 'foreign-key' ? [each.constraint.name] : [],
  );
  const dropped = all.flatMap((each) => (each.kind === 'DropConstraint' ? [each.constraint] : []));
  const name = change.kind === 'AddConstraint' ? change.constraint.name : undefined;
  const gone = change.kind === 'DropConstraint' ? change.constraint : name;
  return gone !== undefined && added.includes(gone) && dropped.includes(gone);
}

/** The index that the unique one takes the place of goes last, when queries have that one. */
function indexDrop({ modelName, field, column, site }: FieldDefinition, table: TableName, { name }: Index): FollowUp {
  const schema = table.schema === undefined ? '' : `${writtenName(table.schema)}.`;
  const create = `CREATE INDEX CONCURRENTLY ${writtenName(name)} ON ${writtenTable(table)} (${writtenName(column)})`;
  return {
    slug: `drop_${modelName.toLowerCase()}_${field}_index`,
    docstring: [
      `Drops the index on "${column}" of ${tableText(table)}, now that the unique one does its work.`,
      '',
      'Runs after the migration that made it unique, in the same deploy.',
      '',
    ].join('\n'),
    imports: [],
    code: '',
    atomic: false,
    operations: [
      runSqlText(
        'migrations',
        [`DROP INDEX CONCURRENTLY IF EXISTS ${schema}${writtenName(name)}`],
        [create],
        quoteOf(site.source.text),
      ),
    ],
  };
}
