import { columnOfField } from '../../django/columns.ts';
import { generatedName } from '../../django/identifiers.ts';
import { findModel } from '../../django/project-state.ts';
import type { Project } from '../../project/project.ts';
import type { AddColumn, AddConstraint, Change } from '../../schema/change.ts';
import { type Column, isSameType } from '../../schema/column.ts';
import type { Migration } from '../../schema/migration.ts';
import { findColumn, type Index } from '../../schema/schema.ts';
import { tableText } from '../../schema/table-name.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { type Answer, type Fix, isRefused, type Refused, refusal } from '../fix.ts';
import { chainAfter, type FollowUp } from '../new-migration.ts';
import { changesOfOperation } from '../operation-site.ts';
import { doesMore, notValidRefusal } from '../refusals.ts';
import { schemaBefore } from '../schema-before.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';
import { plainIndexMigration } from './built-keys.ts';
import { type FieldDefinition, fieldOperation, type RecipeContext, readFieldDefinition } from './field-definition.ts';
import { postponementRefusal } from './key-steps.ts';
import { notValidSql } from './not-valid-sql.ts';
import { separated } from './separated.ts';
import { validationMigration } from './validation-migration.ts';

/** A foreign key that an operation adds, with all that the operation does besides. */
interface AddedKey {
  readonly change: AddColumn | AddConstraint;
  readonly of: FieldDefinition;
  /** The column as it is afterwards. */
  readonly column: Column;
  readonly others: readonly Change[];
  readonly indexes: readonly Index[];
}

/** Adds a foreign key without reading the rows that are there, and proves it for them while the tables are in use. */
export function foreignKeyInSteps(
  change: AddColumn | AddConstraint,
  migration: Migration,
  context: RecipeContext,
): readonly Answer[] {
  if (change.origin.sql !== undefined) {
    return change.kind === 'AddConstraint' ? notValidSql(change, migration, context) : [];
  }
  const { name } = change.origin;
  if (name !== 'AddField' && name !== 'AlterField') return [];
  const key = readKey(change, migration, context);
  if (isRefused(key)) return key;
  const dropped = key.others.flatMap((each) => (each.kind === 'DropConstraint' ? [each.constraint] : []));
  if (change.kind === 'AddConstraint' && dropped.includes(change.constraint.name))
    return keptKey(key, migration, context);
  const isKnown = key.others.every(({ kind }) => ['CreateIndex', 'AlterColumn', 'RenameColumn'].includes(kind));
  if (!isKnown || dropped.length > 0) return doesMore;
  const { site, model, field } = key.of;
  const refused =
    postponementRefusal(change, [], site, model, [field], migration) ??
    notValidRefusal(change, migration, context.project);
  return refused ?? provenLater(key, context);
}

function readKey(change: AddColumn | AddConstraint, migration: Migration, context: RecipeContext): AddedKey | Refused {
  const columnName = change.kind === 'AddColumn' ? change.column.name : (change.constraint.columns[0] ?? '');
  const of = readFieldDefinition(change, columnName, migration, context, 'top level');
  if (isRefused(of)) return of;
  const state = context.project.migration(migration.id)?.stateAfter;
  const model = state && findModel(state, { app: of.app, name: of.model.toLowerCase() });
  const field = model?.fields.get(of.field);
  const column = state && field && columnOfField(field, state, 'postgresql', undefined);
  if (column?.references?.column === undefined) return refusal('The column that the key refers to is not known here.');
  if (column.unique) return doesMore;
  const others = changesOfOperation(change, migration).filter((each) => each !== change);
  const indexes = others.flatMap((each) => (each.kind === 'CreateIndex' ? [each.index] : []));
  return { change, of, column, others, indexes };
}

/** The key is `NOT VALID` at first; its index is built in a migration of its own. */
function provenLater(key: AddedKey, { project }: RecipeContext): readonly Fix[] {
  const { change, of, column, indexes } = key;
  const { table } = change;
  const { source, call, list, index } = of.site;
  const name = nameOf(key);
  const alter = `ALTER TABLE ${writtenTable(table)}`;
  const add = `${alter} ADD CONSTRAINT ${writtenName(name)} ${definitionOf(column)} NOT VALID`;
  const begin = beginningOf(key);
  const constraint = runSqlText('migrations', [add], [`${alter} DROP CONSTRAINT ${writtenName(name)}`], of.quote);
  const written = rewritten(source.text, call.span, []);
  const operation = separated({ database: [...begin, constraint], state: [written] }, 'migrations');
  const statement = `${alter} VALIDATE CONSTRAINT ${writtenName(name)}`;
  const chain = chainAfter(project, source, [
    ...indexMigrations(key),
    validationMigration({ table, name, statement, ...told(of) }, source.name, of.quote),
  ]);
  const what =
    indexes.length > 0
      ? ', build its index concurrently, and validate it after that'
      : ', and validate it in the next migration';
  return [
    {
      title: `Add the foreign key NOT VALID${what}`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [replaceItem(list, index, indented(operation, itemIndentation(list)))],
        },
        ...chain.repointed,
        ...chain.created,
      ],
    },
  ];
}

/** What is left for Django to do before the key: the column, its type, its name. */
function beginningOf({ change, of, others, indexes }: AddedKey): readonly string[] {
  if (change.kind === 'AddConstraint' && others.every(({ kind }) => kind === 'CreateIndex')) return [];
  const isIndexed = indexes.length > 0;
  const changes = { db_constraint: 'False', ...(isIndexed ? { db_index: 'False' } : {}) };
  return [fieldOperation(change.kind === 'AddColumn' ? 'AddField' : 'AlterField', of, changes)];
}

/** Without the name of the constraint, which Django makes up. */
function told({ modelName, field, column }: FieldDefinition) {
  return { slug: `${modelName.toLowerCase()}_${field}`, what: `the foreign key of "${column}"` };
}

function indexMigrations({ change, of, indexes }: AddedKey): readonly FollowUp[] {
  if (indexes.length === 0) return [];
  const what = `"${of.column}" of ${tableText(change.table)}`;
  return [plainIndexMigration(change.table, indexes, { ...told(of), what }, of.site.source.name, of.quote)];
}

/** As Django calls it. */
function nameOf({ change, column }: AddedKey): string {
  if (change.kind === 'AddConstraint') return change.constraint.name;
  const suffix = `_fk_${column.references?.table.name}_${column.references?.column}`;
  return generatedName(change.table.name, [column.name], suffix, 'postgresql');
}

function definitionOf({ name, references }: Column): string {
  const target =
    references === undefined ? '' : `${writtenTable(references.table)} (${writtenName(references.column ?? '')})`;
  return `FOREIGN KEY (${writtenName(name)}) REFERENCES ${target} DEFERRABLE INITIALLY DEFERRED`;
}

/**
 * Of a foreign key that may be NULL from now on, only that is changed: Django would drop the key and add it again, which
 * reads every row.
 */
function keptKey(key: AddedKey, migration: Migration, { project }: RecipeContext): readonly Answer[] {
  if (!isOnlyRelaxed(key, migration, project)) return doesMore;
  const { change, of, column } = key;
  const { source, call, list, index } = of.site;
  const alter = `ALTER TABLE ${writtenTable(change.table)} ALTER COLUMN ${writtenName(column.name)}`;
  const relax = runSqlText('migrations', [`${alter} DROP NOT NULL`], [`${alter} SET NOT NULL`], of.quote);
  const operation = separated({ database: [relax], state: [rewritten(source.text, call.span, [])] }, 'migrations');
  const edit = replaceItem(list, index, indented(operation, itemIndentation(list)));
  return [
    {
      title: `Let "${column.name}" be NULL, and leave its foreign key as it is`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [edit] }],
    },
  ];
}

function isOnlyRelaxed({ change, column, others }: AddedKey, migration: Migration, project: Project): boolean {
  const [altered, ...more] = others.filter(({ kind }) => kind !== 'DropConstraint');
  if (altered?.kind !== 'AlterColumn' || more.length > 0) return false;
  const before = schemaBefore(altered, migration, project);
  const old = before && findColumn(before, change.table, column.name);
  if (old === undefined || old.nullable || !altered.to.nullable) return false;
  return (
    isSameType(old.type, altered.to.type) &&
    old.collation === altered.to.collation &&
    old.default === undefined &&
    altered.to.default === undefined
  );
}
