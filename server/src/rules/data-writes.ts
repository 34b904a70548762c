import type { Span } from '../base/span.ts';
import type { Change, CodeSite, WriteRows } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable } from '../schema/table-name.ts';
import type { RelatedPlace, RuleContext } from './rule.ts';
import { isGuarded, isInUse } from './tables-in-use.ts';

/**
 * The writes of a migration that can lose something: to tables with rows, not behind a guard, not to a table that the
 * same migration drops afterwards, which is told there.
 */
export function* riskyWrites(
  migration: Migration,
  context: RuleContext,
  operation: WriteRows['operation'],
): Generator<WriteRows> {
  for (const change of changesOf(migration.forward, 'WriteRows')) {
    if (change.operation !== operation || !change.applies.database) continue;
    if (change.guarded || isGuarded(change, migration)) continue;
    if (change.table !== undefined && !isInUse(change.table, change, migration, context)) continue;
    if (isDroppedLater(change, migration)) continue;
    yield change;
  }
}

function isDroppedLater(change: WriteRows, { forward }: Migration): boolean {
  const later = changesOf(forward.slice(forward.indexOf(change) + 1), 'DropTable');
  return [...later].some(({ table }) => change.table !== undefined && isSameTable(table, change.table));
}

/** `"shop_order"`, or the name that the code uses where the table cannot be told. */
export function tableText({ table, label }: WriteRows): string {
  return `"${table?.name ?? label}"`;
}

/** The operation that runs a piece of a data function; the piece itself where it stands in another file. */
export function relatedPlaces(change: Change, migration: Migration): readonly RelatedPlace[] {
  const code = change.kind === 'WriteRows' ? change.code : undefined;
  if (code !== undefined && code.file !== migration.file) {
    return [{ file: code.file, span: code.call.span, message: 'It is written here.' }];
  }
  const { call, span } = change.origin;
  return [{ file: migration.file, span: call?.callee.span ?? span, message: 'It is run here.' }];
}

/** Where to underline the rows that a loop goes through; the write itself for one without a loop or elsewhere. */
export function loopSpan(change: WriteRows, migration: Migration): Span {
  const { code, method } = change;
  const isHere = code !== undefined && code.file === migration.file;
  return isHere && method !== 'set' && code.source !== undefined ? code.source.span : change.at;
}

export function sourceText(code: CodeSite, migration: Migration): string | undefined {
  if (code.file !== migration.file || code.source === undefined) return undefined;
  return migration.text.slice(code.source.span.start, code.source.span.end);
}

/** Whether a statement before the change matches: a copy that was made of what the change is going to destroy. */
export function hasEarlierSql(change: Change, migration: Migration, pattern: RegExp): boolean {
  const earlier = migration.forward.slice(0, migration.forward.indexOf(change));
  return [...changesOf(earlier, 'RunSql')].some(({ statements }) =>
    statements.some((statement) => statement !== undefined && pattern.test(statement)),
  );
}

/** A table or column name in SQL, with or without quotes and schema. */
export function namePattern(name: string): string {
  return `["\`]?${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}["\`]?`;
}
