import type { Project } from '../../project/project.ts';
import type { RenameColumn, RenameTable } from '../../schema/change.ts';
import { changesOf } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { CreateView } from '../../schema/sql-change.ts';
import { isSameTable, type TableName, tableText } from '../../schema/table-name.ts';
import { quoteOf } from '../edits/layout.ts';
import { insertItems, itemIndentation } from '../edits/list-items.ts';
import { indented } from '../edits/rewritten.ts';
import { type Answer, isRefused, type Refused, refusal } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import { migrationsModule, readSite } from '../operation-site.ts';
import { notWrittenOut } from '../refusals.ts';
import { tableBefore } from '../schema-before.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';
import type { RecipeContext } from './field-definition.ts';
import { readLeaf } from './leaf.ts';

/**
 * Leaves a view under the old name of each table that an operation renames, for the release that is running: one that
 * selects all columns of one table is read and written like the table, with its defaults and identities. It goes in a
 * later release (see {@link owedViewDrop}).
 *
 * @param renames what one operation renames
 */
export function viewUnderOldName(
  renames: readonly RenameTable[],
  migration: Migration,
  { project, target }: RecipeContext,
): readonly Answer[] {
  const [first] = renames;
  if (first === undefined || target.database !== 'postgresql') return [];
  const site = readSite(first, migration, project, 'top level');
  if (isRefused(site)) return site;
  const isOwn = (rename: RenameTable, { origin, table }: RenameColumn): boolean =>
    origin.call === rename.origin.call && (isSameTable(table, rename.to) || isSameTable(table, rename.table));
  const renamed = changesOf(migration.forward, 'RenameColumn');
  const found = readSelects(
    renames.map((rename) => ({ rename, columns: renamed.filter((column) => isOwn(rename, column)) })),
    migration,
    project,
  );
  if (isRefused(found)) return found;
  const { source, list, index } = site;
  const migrations = migrationsModule(source);
  const views = renames.map(({ table }) => writtenTable(table));
  const operation = runSqlText(
    migrations.name,
    views.map((view, position) => `CREATE VIEW ${view} AS ${found.selects[position]}`),
    views.map((view) => `DROP VIEW ${view}`).toReversed(),
    quoteOf(source.text),
  );
  const depth = itemIndentation(list);
  return [
    {
      title:
        views.length === 1
          ? `Leave a view under the old name ${tableText(first.table)}; drop it in a later release`
          : 'Leave views under the old names; drop them in a later release',
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [
            ...migrations.edits,
            insertItems(list, index + 1, [indented(`${forOldRelease}\n${operation}`, depth)]),
          ],
        },
      ],
    },
  ];
}

/** The comment above the statement that creates the view. */
export const forOldRelease = '# For the release that still uses the old name.';

/** A table that is renamed, and the columns that are by then, too. */
interface Renaming {
  readonly rename: RenameTable;
  readonly columns: readonly RenameColumn[];
}

/** What the views select that stand for renamed tables. */
export function readSelects(
  renamings: readonly Renaming[],
  migration: Migration,
  project: Project,
): { readonly selects: readonly string[] } | Refused {
  if (renamings.some(({ rename }) => rename.transaction === undefined)) {
    return refusal('The migration runs outside a transaction: for a moment there would be neither table nor view.');
  }
  if (renamings.some(({ rename: { to, table } }) => to.unknown ?? table.unknown)) return notWrittenOut;
  if (renamings.some(({ rename }) => isReshapedLater(rename, migration, project))) {
    return refusal(
      'The table gets another shape or name again, which PostgreSQL refuses while a view shows its columns.',
    );
  }
  const selects = renamings.flatMap((renaming) => selectOf(renaming, migration, project) ?? []);
  return selects.length < renamings.length ? refusal('Not all columns of the table are in sight.') : { selects };
}

/** `SELECT *`, or every column by name where some are renamed along with the table. */
function selectOf({ rename, columns }: Renaming, migration: Migration, project: Project): string | undefined {
  if (columns.length === 0) return `SELECT * FROM ${writtenTable(rename.to)}`;
  const first = migration.forward.find((each) => each === rename || columns.some((column) => column === each));
  const table = tableBefore(rename.table, first ?? rename, migration, project);
  if (table?.complete !== true) return undefined;
  const listed = [...table.columns.keys()].map((old) => {
    const now = columns.find(({ column }) => column === old)?.to;
    return now === undefined ? writtenName(old) : `${writtenName(now)} AS ${writtenName(old)}`;
  });
  return `SELECT ${listed.join(', ')} FROM ${writtenTable(rename.to)}`;
}

/** Whether the table gets another shape or name again: PostgreSQL lets no column go that a view shows, nor change its type. */
function isReshapedLater(rename: RenameTable, migration: Migration, project: Project): boolean {
  const own = migration.forward.slice(migration.forward.indexOf(rename) + 1);
  const isReshaped = (forward: Migration['forward']): boolean =>
    changesOf(forward, 'AlterColumn', 'DropColumn', 'DropTable', 'RenameTable').some(
      (each) => each.applies.database && each.origin.call !== rename.origin.call && isSameTable(each.table, rename.to),
    );
  return isReshaped(own) || laterThan(migration, project).some(({ forward }) => isReshaped(forward));
}

function laterThan({ id }: Migration, project: Project): readonly Migration[] {
  const later = project.order.slice(project.order.indexOf(id) + 1);
  return later.flatMap((each) => project.migration(each)?.migration ?? []);
}

/** Whether a view that took the name of a renamed table is still there after all migrations. */
export function isViewDropOwed(view: CreateView, migration: Migration, project: Project): boolean {
  const earlier = migration.forward.slice(0, migration.forward.indexOf(view));
  const isStandIn = changesOf(earlier, 'RenameTable').some(({ table }) => isSameTable(table, view.view));
  if (!isStandIn || view.materialized) return false;
  return !laterThan(migration, project).some(({ forward }) =>
    changesOf(forward, 'DropView').some((each) => isSameTable(each.view, view.view)),
  );
}

/** The drop of the view, offered on the migration that created it as long as it is owed. */
export function owedViewDrop(view: CreateView, migration: Migration, { project }: RecipeContext): readonly Answer[] {
  if (migration.framework !== 'django') return [];
  const leaf = readLeaf(project, migration);
  const sql = view.origin.sql?.text;
  if (isRefused(leaf)) return leaf;
  if (sql === undefined) return [];
  const [, name = migration.id] = migration.id.split('.', 2);
  const { title, slug, docstring } = viewDropWords(view.view, name, 'migration');
  const operation = runSqlText('migrations', [`DROP VIEW ${writtenTable(view.view)}`], [sql], quoteOf(leaf.text));
  const chain = chainAfter(project, leaf, [
    { slug, docstring, imports: [], code: '', atomic: true, operations: [operation] },
  ]);
  return [{ title, safety: 'review', edits: [...chain.repointed, ...chain.created] }];
}

/** What such a step is called and says of itself. */
export function viewDropWords(view: TableName, after: string, what: 'migration' | 'revision') {
  return {
    title: `Write the ${what} that drops the view ${tableText(view)} (in a later release)`,
    slug: `drop_view_${view.name.toLowerCase().replaceAll(/\W+/g, '_')}`,
    docstring: [
      `Drops the view ${tableText(view)}, which nothing uses any more.`,
      '',
      `Deploy it in a later release than ${after}: what ran before that one still used the old name.`,
      '',
    ].join('\n'),
  };
}
