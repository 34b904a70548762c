import { containsSpan } from '../base/span.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable } from '../schema/table-name.ts';
import { findStatementSite } from './sql/run-sql-site.ts';

/** Two changes that must not stand in one migration. */
export interface Apart {
  readonly earlier: Change;
  readonly later: Change;
}

/** What a migration can be cut between: an operation, or a statement of a `RunSQL` that sends several. */
export interface Step {
  /** Of the operation, in `operations`. */
  readonly operation: number;
  /** Of the statement, in its operation; 0 for the first, and for operations that are not cut. */
  readonly statement: number;
  readonly changes: readonly Change[];
}

/** What holds until the transaction ends: `SET LOCAL …`. */
export function isTransactionSetting(change: Change): boolean {
  if (change.kind === 'SetTimeout') return change.scope === 'transaction';
  return change.kind === 'OtherStatement' && /^SET\s+LOCAL\b/i.test(change.origin.sql?.text ?? '');
}

/** The steps of a migration in order; undefined where it is not known which operation makes a change. */
export function stepsOf(migration: Migration, source: DjangoMigration, project: Project): readonly Step[] | undefined {
  const steps: Step[] = [];
  const items = source.operationsList?.items ?? [];
  const placed = migration.forward.map((change) => ({ change, operation: operationOf(change, source) }));
  if (placed.some(({ operation }) => operation === undefined)) return undefined;
  for (const operation of items.keys()) {
    const own = placed.filter((each) => each.operation === operation).map(({ change }) => change);
    steps.push(...stepsOfOperation(operation, own, migration, project));
  }
  return steps;
}

function operationOf(change: Change, { operationsList }: DjangoMigration): number | undefined {
  const { call, within } = change.origin;
  const calls = call === undefined ? within : [...within, call];
  const index = operationsList?.items.findIndex(({ span }) => calls.some((each) => containsSpan(span, each.span)));
  return index === undefined || index < 0 ? undefined : index;
}

function stepsOfOperation(
  operation: number,
  own: readonly Change[],
  migration: Migration,
  project: Project,
): readonly Step[] {
  const statements = new Map<number, Change[]>();
  const others: Change[] = [];
  for (const change of own) {
    const site = findStatementSite(change, migration, project);
    const start = site === undefined ? undefined : change.origin.span.start;
    if (start === undefined) others.push(change);
    else statements.set(start, [...(statements.get(start) ?? []), change]);
  }
  const isCuttable = statements.size > 1 && others.every(({ kind }) => kind === 'RunSql');
  if (!isCuttable) return [{ operation, statement: 0, changes: own }];
  return [...statements.values()].map((changes, statement) => ({ operation, statement, changes }));
}

/**
 * The fewest steps before which a migration has to be cut so that each pair is apart. Rows are written alone where there is a
 * choice. What the migration makes itself stays in one migration with what is done to it.
 *
 * @returns undefined where no such cuts exist
 */
export function cutsBetween(steps: readonly Step[], aparts: readonly Apart[]): readonly number[] | undefined {
  const windows = aparts.map(({ earlier, later }) => {
    const first = steps.findIndex(({ changes }) => changes.includes(earlier));
    return { from: first + 1, to: steps.findIndex(({ changes }) => changes.includes(later)), isRows: isRows(earlier) };
  });
  if (windows.some(({ from, to }) => from === 0 || from > to)) return undefined;
  const cuts: number[] = [];
  let open = windows.toSorted((one, other) => one.to - other.to);
  for (let [next] = open; next !== undefined; [next] = open) {
    const { to } = next;
    const met = open.filter(({ from }) => from <= to);
    const from = Math.max(...met.map((window) => window.from));
    const choices = Array.from({ length: to - from + 1 }, (_, offset) => to - offset);
    const isEarly = met.some((window) => window.isRows && window.from === from);
    const cut = (isEarly ? choices.toReversed() : choices).find((each) => !tearsApart(steps, each));
    if (cut === undefined) return undefined;
    cuts.push(cut);
    open = open.filter((window) => !met.includes(window));
  }
  return cuts.toSorted((one, other) => one - other);
}

function isRows({ kind }: Change): boolean {
  return kind === 'WriteRows' || kind === 'RunCode';
}

/** Whether something is done behind the cut to a table that is created before it: that would be one in use by then. */
function tearsApart(steps: readonly Step[], cut: number): boolean {
  const [before, behind] = [steps.slice(0, cut), steps.slice(cut)].map((part) =>
    part.flatMap(({ changes }) => changes),
  );
  const created = (before ?? []).filter((change) => change.kind === 'CreateTable' && change.applies.database);
  return (behind ?? []).some((change) => {
    if (!('table' in change) || change.table === undefined || !change.applies.database) return false;
    if (change.kind === 'WriteRows' && change.operation === 'insert') return false;
    const { table } = change;
    return created.some((each) => each.kind === 'CreateTable' && isSameTable(each.table, table));
  });
}
