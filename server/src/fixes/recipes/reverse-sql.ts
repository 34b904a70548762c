import type { Project } from '../../project/project.ts';
import type { Change, RunSql } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { emptySchema } from '../../schema/schema.ts';
import type { Fix } from '../fix.ts';
import { calleeText } from '../operation-site.ts';
import { schemaBefore } from '../schema-before.ts';
import { indexDefinitionBefore, isNamedBefore } from '../sql/earlier-sql.ts';
import { valueInStyleOf } from '../sql/python-sql.ts';
import { createdTable, type Reversal, type ReversalSetting, reverseOfStatement } from '../sql/reverse-statement.ts';
import { findRunSqlSite, placeOf, type RunSqlSite, type SqlStatement, statementsOf } from '../sql/run-sql-site.ts';
import { setReverse } from '../sql/set-reverse.ts';
import { findWrittenCall, type WrittenCall } from '../written-call.ts';

/**
 * The way back of a `RunSQL`: the statements that take its own back, in reverse order, where all of them are known; or
 * none, so that what its SQL did stays.
 */
export function reverseSql(
  change: RunSql,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Fix[] {
  const written = findWrittenCall(change, migration, project);
  if (written === undefined) return [];
  const site = findRunSqlSite(change, migration, project);
  const reversal = site && reversalOf(site, change, migration, project);
  const noop = `${calleeText(written.source, written.call)}.noop`;
  if (site === undefined || reversal === undefined) return [doNothing(written, noop)];
  if (reversal.statements.length === 0) {
    const title = `There is nothing to take back: reverse_sql=${noop}`;
    return [{ title, safety: 'safe', edits: edited(written, noop) }];
  }
  const [only, ...others] = reversal.statements;
  const shown = others.length === 0 ? only : `${reversal.statements.length} statements`;
  return [
    {
      title: `Take the SQL back with reverse_sql: ${shown}`,
      safety: reversal.isExact ? 'safe' : 'review',
      edits: edited(written, valueInStyleOf(site, reversal.statements)),
    },
    doNothing(written, noop),
  ];
}

function doNothing(written: WrittenCall, noop: string): Fix {
  return {
    title: `Allow migrating back without undoing the SQL: reverse_sql=${noop}`,
    safety: 'review',
    edits: edited(written, noop),
  };
}

function edited(written: WrittenCall, value: string): Fix['edits'] {
  return [{ kind: 'change', file: written.source.file, edits: [setReverse(written, value)] }];
}

/** Undefined where one statement has no known opposite, or is not the same each time. */
function reversalOf(site: RunSqlSite, change: RunSql, migration: Migration, project: Project): Reversal | undefined {
  const isPlain = site.forward.every(({ sql, isFormatted }) => sql.holes.length === 0 && !isFormatted);
  if (!isPlain || project.target.database !== 'postgresql') return undefined;
  const changes = migration.forward.filter((each) => each !== change && each.origin.call === change.origin.call);
  if (changes.some(({ kind, certainty }) => kind === 'InvalidSql' || certainty === 'conditional')) return undefined;
  const createdTables = new Set<string>();
  const statements: string[] = [];
  let isExact = true;
  for (const statement of statementsOf(site.forward)) {
    const own = changes.filter((each) => isFrom(each, statement, site));
    const reversal = reverseOfStatement(statement, settingOf(own, createdTables, migration, project));
    if (reversal === undefined) return undefined;
    const created = createdTable(statement);
    if (created !== undefined) createdTables.add(created);
    statements.unshift(...reversal.statements);
    isExact &&= reversal.isExact;
  }
  return { statements, isExact };
}

/** What takes one statement back that makes one change, by its words alone. */
export function reverseOfSql(statement: SqlStatement, change: Change): readonly string[] | undefined {
  return reverseOfStatement(statement, {
    changes: [change],
    createdTables: new Set(),
    before: () => emptySchema,
    indexDefinition: () => undefined,
    isNamedBefore: () => true,
  })?.statements;
}

function isFrom({ origin }: Change, statement: SqlStatement, { source }: RunSqlSite): boolean {
  const place = placeOf(statement, source);
  return place !== undefined && place.start === origin.span.start && place.end === origin.span.end;
}

function settingOf(
  changes: readonly Change[],
  createdTables: ReadonlySet<string>,
  migration: Migration,
  project: Project,
): ReversalSetting {
  return {
    changes,
    createdTables,
    before: (change) => schemaBefore(change, migration, project) ?? emptySchema,
    indexDefinition: (index) => indexDefinitionBefore(index, migration, project),
    isNamedBefore: (name) => isNamedBefore(name, migration, project),
  };
}
