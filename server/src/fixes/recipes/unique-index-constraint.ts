import { createIndex } from '../../database/postgresql/ddl/indexes-sql.ts';
import { findModel } from '../../django/project-state.ts';
import type { Project } from '../../project/project.ts';
import type { CreateIndex } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { tableText } from '../../schema/table-name.ts';
import { stringOf } from '../argument-values.ts';
import { changedSource } from '../changed-source.ts';
import { carriedImports } from '../edits/carried-imports.ts';
import { quoteOf } from '../edits/layout.ts';
import { itemIndentation, removeItem, replaceItem } from '../edits/list-items.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { type Answer, type Fix, isRefused } from '../fix.ts';
import { commentsOf } from '../moved-operations.ts';
import { chainAfter } from '../new-migration.ts';
import { changesOfOperation, type OperationSite, readSite } from '../operation-site.ts';
import { concurrencyRefusal, doesMore, notWrittenOut, usesOwnNames } from '../refusals.ts';
import { writtenName } from '../sql/sql-names.ts';
import { builds } from './built-keys.ts';
import { postponementRefusal } from './key-steps.ts';
import { separated } from './separated.ts';

/**
 * Builds the index of a `UniqueConstraint` concurrently that PostgreSQL knows as an index alone: with a condition, an
 * expression, included columns or operator classes.
 */
export function uniqueIndexConcurrently(
  change: CreateIndex,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  if (change.origin.name !== 'AddConstraint') return [];
  const site = readSite(change, migration, project, 'top level');
  if (isRefused(site)) return site;
  const { source, call, operation } = site;
  const model = stringOf(operation.arguments.get('model_name'));
  const build = buildOf(change);
  const carried = carriedImports(source.text, source.module, [call]);
  if (model === undefined || build === undefined) return notWrittenOut;
  if (carried.missing.length > 0) return usesOwnNames;
  if (changesOfOperation(change, migration).length > 1) return doesMore;
  const refusedConcurrency = concurrencyRefusal(change, migration, project);
  if (refusedConcurrency !== undefined) return refusedConcurrency;
  const schema = change.table.schema === undefined ? '' : `${writtenName(change.table.schema)}.`;
  const drop = `DROP INDEX CONCURRENTLY IF EXISTS ${schema}${writtenName(change.index.name)}`;
  const built = separated(
    { database: [builds([drop, build], quoteOf(source.text))], state: [rewritten(source.text, call.span, [])] },
    'migrations',
  );
  if (source.operations.length === 1) return [inPlace(site, built)];
  const fields = fieldsOf(model, site, migration, project);
  const refused = postponementRefusal(change, [], site, model, fields, migration);
  return refused ?? [inItsOwn(change, site, built, carried.lines, project)];
}

function inPlace({ source, list, index }: OperationSite, built: string): Fix {
  const edits = [
    ...(source.atomic ? [setClassAttribute(source, 'atomic', 'False')] : []),
    replaceItem(list, index, indented(built, itemIndentation(list))),
  ];
  return {
    title: 'Build the index concurrently',
    safety: 'review',
    edits: [{ kind: 'change', file: source.file, edits }],
  };
}

function inItsOwn(
  { index, table }: CreateIndex,
  site: OperationSite,
  built: string,
  imports: readonly string[],
  project: Project,
): Fix {
  const { source } = site;
  const chain = chainAfter(project, source, [
    {
      slug: index.name.toLowerCase().replaceAll(/\W+/g, '_'),
      docstring: [
        `Builds the unique index "${index.name}" of ${tableText(table)} without blocking writes to it.`,
        '',
        `Runs after ${source.name}, in the same deploy. It fails if two rows share a value: mend them and run it again.`,
        '',
      ].join('\n'),
      imports,
      code: '',
      atomic: false,
      operations: [commentsOf(site) + built],
    },
  ]);
  const edits = [removeItem(site.list, site.index)];
  const change = changedSource(source, edits);
  return {
    title: 'Build the index concurrently, in a migration of its own',
    safety: 'review',
    edits: [change, ...chain.repointed, ...chain.created],
  };
}

/** Every field of the model: what a condition or an expression is about cannot be told. */
function fieldsOf(name: string, { source }: OperationSite, { id }: Migration, project: Project): readonly string[] {
  const state = project.migration(id)?.stateAfter;
  const model = state && findModel(state, { app: source.app, name: name.toLowerCase() });
  return [...(model?.fields.keys() ?? [])];
}

/** Undefined where a part of the statement is only known to Django. */
function buildOf(change: CreateIndex): string | undefined {
  if (!change.index.nameIsExact || change.index.nullsDistinct === false) return undefined;
  const { sql, notes } = createIndex({ ...change, concurrently: true });
  if (notes.length > 0) return undefined;
  // Constants are left as they are.
  return sql.replaceAll(/'(?:[^']|'')*'|"([^"]+)"/g, (written, name?: string) =>
    name === undefined ? written : writtenName(name),
  );
}
