import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { AddColumn } from '../../schema/change.ts';
import { changesOf } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { findColumn } from '../../schema/schema.ts';
import { isSameTable } from '../../schema/table-name.ts';
import { importLines } from '../edits/imports.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { finalSchema } from '../final-schema.ts';
import { type Answer, type Fix, isRefused } from '../fix.ts';
import type { FollowUp } from '../new-migration.ts';
import { chainAfter } from '../new-migration.ts';
import { migrationsModule } from '../operation-site.ts';
import { backfillMigration, backfillOf } from './backfill.ts';
import type { FieldDefinition, RecipeContext } from './field-definition.ts';
import { fieldOperation, readFieldDefinition } from './field-definition.ts';
import { readLeaf } from './leaf.ts';
import { separated } from './separated.ts';
import {
  addCheckOperation,
  notNullColumnOf,
  notValidImports,
  proveAndSetNotNull,
  setNotNullOperation,
} from './validated-not-null.ts';

/**
 * Adds a NOT NULL column to a table with rows: nullable in the database first, filled in batches, NOT NULL at the end.
 *
 * While an old release still writes rows without the column it must stay nullable, so in rolling deploys NOT NULL is
 * left for a later release (see {@link owedNotNull}); the state has it from the start and agrees with the model.
 */
export function nullableFirst(change: AddColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const of = readFieldDefinition(change, change.column.name, migration, context, 'top level');
  if (isRefused(of)) return of;
  const isKey = change.column.references?.enforced === true;
  return [context.target.deploys === 'rolling' ? forRolling(of, context) : forStopped(of, isKey, context)];
}

function forRolling(of: FieldDefinition, { project }: RecipeContext): Fix {
  const { source, call, list, index } = of.site;
  const migrations = migrationsModule(source);
  const operation = separated(
    {
      database: [fieldOperation('AddField', of, { null: 'True' })],
      state: [rewritten(source.text, call.span, [])],
    },
    migrations.name,
  );
  const chain = chainAfter(project, source, [backfillMigration(backfillOf(of), undefined)]);
  return {
    title: `Add "${of.column}" nullable and fill it in batches; set NOT NULL in a later release`,
    safety: 'review',
    edits: [
      {
        kind: 'change',
        file: source.file,
        edits: [...migrations.edits, replaceItem(list, index, indented(operation, itemIndentation(list)))],
      },
      ...chain.repointed,
      ...chain.created,
    ],
  };
}

function forStopped(of: FieldDefinition, isForeignKey: boolean, { project, target }: RecipeContext): Fix {
  const { source, list, index } = of.site;
  const usesCheck = target.database === 'postgresql';
  const nullable = fieldOperation('AddField', of, { null: 'True' });
  const operations = usesCheck ? [nullable, addCheckOperation(notNullColumnOf(of), target)] : [nullable];
  const depth = itemIndentation(list);
  const chain = chainAfter(project, source, [
    backfillMigration(backfillOf(of), undefined),
    usesCheck
      ? proveAndSetNotNull(notNullColumnOf(of), setNotNullOperation(of, isForeignKey), source.name, of.imports)
      : plainNotNull(of, fieldOperation('AlterField', of, {})),
  ]);
  return {
    title: `Add "${of.column}" nullable, fill it in batches, then set NOT NULL`,
    safety: 'review',
    edits: [
      {
        kind: 'change',
        file: source.file,
        edits: [
          ...(usesCheck ? importLines(source.text, source.module, notValidImports) : []),
          replaceItem(list, index, operations.map((operation) => indented(operation, depth)).join(`,\n${depth}`)),
        ],
      },
      ...chain.repointed,
      ...chain.created,
    ],
  };
}

function plainNotNull(of: FieldDefinition, operation: string): FollowUp {
  const { column, table } = of;
  return {
    slug: `${of.modelName}_${of.field}_not_null`,
    docstring: `Sets "${column}" of "${table}" NOT NULL, when no row holds NULL any more.`,
    imports: of.imports,
    code: '',
    atomic: true,
    operations: [operation],
  };
}

/** The NOT NULL that {@link nullableFirst} left for a later release, offered on its migration as long as it is owed. */
export function owedNotNull(change: AddColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { project, target } = context;
  const leaf = readLeaf(project, migration);
  const stated = statedNotNull(change, migration);
  const of = stated && readFieldDefinition(stated, stated.column.name, migration, context, 'anywhere');
  if (isRefused(leaf)) return leaf;
  if (of === undefined) return [];
  if (isRefused(of)) return of;
  const isForeignKey = change.column.references?.enforced === true;
  const nullable = separated({ state: [fieldOperation('AlterField', of, { null: 'True' })] }, 'migrations');
  const begin: FollowUp = {
    slug: `${of.modelName}_${of.field}_check`,
    docstring: [
      `Lets no new row of "${of.table}" leave "${of.column}" NULL.`,
      '',
      `Deploy it in a later release than ${migration.id.split('.')[1]}: what ran before that one writes rows without the column.`,
      '',
    ].join('\n'),
    imports: [...notValidImports, ...of.imports],
    code: '',
    atomic: true,
    // The state said NOT NULL from the start; for the last step to set it, the state must say what the database has.
    operations: [nullable, addCheckOperation(notNullColumnOf(of), target)],
  };
  const fill =
    repeatedBackfill(change, project) ?? backfillMigration({ ...backfillOf(of), after: begin.slug }, undefined);
  const prove = proveAndSetNotNull(notNullColumnOf(of), setNotNullOperation(of, isForeignKey), fill.slug, of.imports);
  const chain = chainAfter(project, leaf, [begin, fill, prove]);
  return [
    {
      title: `Write the migrations that set "${of.column}" of "${of.table}" NOT NULL (in a later release)`,
      safety: 'review',
      edits: [...chain.repointed, ...chain.created],
    },
  ];
}

/** Whether the column is nullable in the database only, and still is after all migrations. */
export function isNotNullOwed(change: AddColumn, migration: Migration, { project, target }: RecipeContext): boolean {
  if (target.database !== 'postgresql' || change.applies.state || !change.column.nullable) return false;
  if (statedNotNull(change, migration) === undefined) return false;
  const final = finalSchema(project);
  return final !== undefined && findColumn(final, change.table, change.column.name)?.nullable === true;
}

function statedNotNull(change: AddColumn, migration: Migration): AddColumn | undefined {
  for (const other of changesOf(migration.forward, 'AddColumn')) {
    if (other.applies.database || other.column.nullable || other.column.name !== change.column.name) continue;
    if (isSameTable(other.table, change.table)) return other;
  }
  return undefined;
}

/** The backfill that an earlier migration wrote for this column, to run once more for the rows written since. */
function repeatedBackfill(change: AddColumn, project: Project): FollowUp | undefined {
  for (const id of project.order) {
    const migration = project.migration(id)?.migration;
    const source = project.source(id);
    const write = migration?.forward.find(
      (each) =>
        each.kind === 'WriteRows' &&
        each.table !== undefined &&
        isSameTable(each.table, change.table) &&
        each.assignments.some(({ column }) => column === change.column.name),
    );
    if (source !== undefined && write?.origin.call !== undefined) return copiedBackfill(source, write.origin.call.span);
  }
  return undefined;
}

function copiedBackfill(
  source: DjangoMigration,
  operation: { readonly start: number; readonly end: number },
): FollowUp {
  const imports = source.module.body.filter(({ kind }) => kind === 'import' || kind === 'import-from');
  const start = imports.at(-1)?.span.end ?? source.module.docstringEnd;
  return {
    slug: source.name.replace(/^\d+_/, '').replace(/(_again)?$/, '_again'),
    docstring: `Fills once more what ${source.name} filled, for the rows written since.`,
    imports: imports.map(({ span }) => source.text.slice(span.start, span.end)),
    code: source.text.slice(start, source.class.span.start).replaceAll('\r\n', '\n').trim(),
    atomic: false,
    operations: [rewritten(source.text, operation, [])],
  };
}
