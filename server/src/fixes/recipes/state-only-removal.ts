import type { TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import { changesOf, type DropColumn, type DropTable } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { findColumn } from '../../schema/schema.ts';
import { isSameTable } from '../../schema/table-name.ts';
import { stringOf } from '../argument-values.ts';
import { importLines } from '../edits/imports.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { insertItems, itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { fieldImports, fieldSourceOf, fieldText } from '../field-source.ts';
import { type Answer, isRefused, type Refused, refusal } from '../fix.ts';
import type { OperationSite } from '../operation-site.ts';
import { findOperationSite, migrationsModule, readSite } from '../operation-site.ts';
import { notWrittenOut, unknownDefinition, usesOwnNames } from '../refusals.ts';
import { schemaBefore } from '../schema-before.ts';
import { findFieldBefore } from './field-definition.ts';
import { separated } from './separated.ts';

/**
 * Takes a model out of the state and leaves its table where it is, for a later release to drop. Fields that Django
 * removes on the way, because they point to other models, keep their columns too.
 */
export function stateOnlyRemoval(
  change: DropTable,
  migration: Migration,
  { project }: { project: Project },
): readonly Answer[] {
  if (change.origin.name !== 'DeleteModel') return [];
  const site = readSite(change, migration, project, 'top level');
  if (isRefused(site)) return site;
  const name = stringOf(site.operation.arguments.get('name')) ?? change.table.name;
  const fields = changesOf(migration.forward, 'DropColumn')
    .filter(({ table, applies }) => applies.database && isSameTable(table, change.table))
    .map((each) => findOperationSite(each, migration, project));
  const removals = fields.filter((each) => each?.isTopLevel === true && each.operation.name === 'RemoveField');
  if (removals.length < fields.length)
    return refusal('Fields of the model are removed where they cannot be rewritten.');
  const sites = [...removals, site].filter((each) => each !== undefined);
  const edits = [...migrationsModule(site.source).edits, ...sites.map((each) => wrappedInState(each, []))];
  return [
    {
      title: `Remove "${name}" from the state only; drop its table in a later release`,
      safety: 'review',
      edits: [{ kind: 'change', file: site.source.file, edits }],
    },
  ];
}

/** How a removed field's column is made to accept rows that do not name it, and what that needs. */
interface Relaxation {
  /** Operations to run before the removal, in column 0. */
  readonly operations: readonly string[];
  readonly imports: readonly string[];
}

/**
 * Takes a field out of the state and leaves its column, made nullable first where the new release could otherwise not
 * insert rows.
 */
export function columnLeftBehind(
  change: DropColumn,
  migration: Migration,
  project: Project,
): { readonly site: OperationSite; readonly edits: readonly TextEdit[] } | Refused {
  const site = readSite(change, migration, project, 'top level');
  if (isRefused(site)) return site;
  if (isForeignKey(change, migration, project) && hasWrittenRows(change, migration)) {
    return refusal(
      'Rows that this migration writes wait for the check of the foreign key, which only its removal does.',
    );
  }
  const relaxation = relaxed(change, migration, site, project);
  if (isRefused(relaxation)) return relaxation;
  const imports = importLines(site.source.text, site.source.module, relaxation.imports);
  return { site, edits: [...imports, ...stateOnly(site, relaxation.operations)] };
}

/** Makes the column of a field that leaves the state alone nullable, before it does. */
export function nullableBeforeRemoval(
  change: DropColumn,
  migration: Migration,
  { project }: { project: Project },
): readonly Answer[] {
  const site = findOperationSite(change, migration, project);
  const [outer] = change.origin.within;
  const items = site?.source.operationsList?.items ?? [];
  const index = items.findIndex(({ span }) => span.start === outer?.span.start);
  if (site === undefined || index < 0 || site.operation.name !== 'RemoveField') return [];
  const { source } = site;
  if (isForeignKey(change, migration, project) || source.operationsList === undefined) {
    return refusal('Django drops a foreign key that is altered and adds it again, which reads the whole table.');
  }
  const relaxation = relaxed(change, migration, site, project);
  if (isRefused(relaxation)) return relaxation;
  if (relaxation.operations.length === 0) return [];
  const list = { text: source.text, module: source.module, span: source.operationsList.span, items };
  const depth = itemIndentation(list);
  const inserted = relaxation.operations.map((operation) => indented(operation, depth));
  const imports = importLines(source.text, source.module, relaxation.imports);
  const edits = [...imports, insertItems(list, index, inserted)];
  return [
    {
      title: `Let "${change.column}" be NULL first`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits }],
    },
  ];
}

function isForeignKey(change: DropColumn, migration: Migration, project: Project): boolean {
  const before = schemaBefore(change, migration, project);
  return before !== undefined && findColumn(before, change.table, change.column)?.references?.enforced === true;
}

/** Rows of the table wait for their keys to be checked, which a removal does and one from the state does not. */
function hasWrittenRows(change: DropColumn, { forward }: Migration): boolean {
  const { table, transaction } = change;
  if (transaction === undefined) return false;
  const earlier = changesOf(forward.slice(0, forward.indexOf(change)), 'WriteRows');
  return earlier.some(
    (each) => each.transaction === transaction && (each.table === undefined || isSameTable(each.table, table)),
  );
}

function relaxed(
  change: DropColumn,
  migration: Migration,
  site: OperationSite,
  project: Project,
): Relaxation | Refused {
  const before = schemaBefore(change, migration, project);
  const column = before && findColumn(before, change.table, change.column);
  if (column === undefined) return refusal('Whether the column may be NULL is not known here.');
  if (column.nullable || column.default !== undefined) return { operations: [], imports: [] };
  if (column.primaryKey)
    return refusal('A primary key cannot be NULL, so the new release could not insert rows without it.');
  const { source, operation } = site;
  const model = stringOf(operation.arguments.get('model_name'));
  const name = stringOf(operation.arguments.get('name'));
  const known = model && name ? findFieldBefore(site, migration, model, name, project) : undefined;
  const definition = known && fieldSourceOf(known.field, project);
  if (model === undefined || name === undefined) return notWrittenOut;
  if (definition === undefined) return unknownDefinition;
  const imports = fieldImports(definition);
  if (imports === undefined) return usesOwnNames;
  const quote = quoteOf(source.text);
  // Django drops a foreign key that is altered and adds it again, which reads the whole table: it goes for good.
  const unchecked = column.references?.enforced === true ? { db_constraint: 'False' } : {};
  const alter = [
    `${migrationsModule(source).name}.AlterField(`,
    `    model_name=${quoted(model, quote)},`,
    `    name=${quoted(name, quote)},`,
    `    field=${indented(fieldText(definition, { null: 'True', ...unchecked }), '    ')},`,
    ')',
  ].join('\n');
  return { operations: [alter], imports };
}

function stateOnly(site: OperationSite, before: readonly string[]): readonly TextEdit[] {
  return [...migrationsModule(site.source).edits, wrappedInState(site, before)];
}

/** Wraps the operation into `state_operations`, with other operations before it. */
function wrappedInState({ source, call, list, index }: OperationSite, before: readonly string[]): TextEdit {
  const depth = itemIndentation(list);
  const wrapped = separated({ state: [rewritten(source.text, call.span, [])] }, migrationsModule(source).name);
  const text = [...before, wrapped].map((operation) => indented(operation, depth)).join(`,\n${depth}`);
  return replaceItem(list, index, text);
}
