import type { Span } from '../base/span.ts';
import type { Change, WriteRows } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import { placeOf } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, tableText, unnamedTable } from '../schema/table-name.ts';
import type { Problem, RelatedPlace, RuleContext } from './rule.ts';
import { listOfTableTexts } from './table-list.ts';
import { hasHistory, isGuarded } from './tables-in-use.ts';

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
    if (isGuarded(change, migration)) continue;
    if (change.table !== undefined && !hasHistory(change.table, change, migration, context)) continue;
    if (isDroppedLater(change, migration) || isMoved(change, migration)) continue;
    yield change;
  }
}

/** `WITH gone AS (DELETE … RETURNING *) INSERT INTO archive SELECT * FROM gone`: one statement does both. */
function isMoved({ operation, origin: { sql } }: WriteRows, { forward }: Migration): boolean {
  if (operation !== 'delete' || sql === undefined || !/\bRETURNING\b/i.test(sql.text)) return false;
  return changesOf(forward, 'WriteRows').some((each) => each.operation === 'insert' && each.origin.sql === sql);
}

function isDroppedLater(change: WriteRows, { forward }: Migration): boolean {
  const { table } = change;
  if (table === undefined) return false;
  const place = placeOf(change, forward);
  return changesOf(forward, 'DropTable').some(
    (drop) => isSameTable(drop.table, table) && placeOf(drop, forward) > place,
  );
}

/** The same piece of code writing several tables, one after the other: one thing to tell. */
export type WritesOfOnePlace = readonly [WriteRows, ...WriteRows[]];

export function byPlace(changes: Iterable<WriteRows>): Iterable<WritesOfOnePlace> {
  const places = new Map<string, [WriteRows, ...WriteRows[]]>();
  for (const change of changes) {
    const key = `${change.code?.file} ${change.code?.call.span.start ?? change.at.start} ${change.at.start}`;
    const known = places.get(key);
    if (known === undefined) places.set(key, [change]);
    else known.push(change);
  }
  return places.values();
}

/** The table of a write; the code's own name for one that cannot be told. */
export function writtenText({ table, label }: WriteRows): string {
  if (table !== undefined) return tableText(table);
  return label === unnamedTable ? label : `"${label}"`;
}

/** The tables of writes, in a message. */
export function tablesText(changes: WritesOfOnePlace): string {
  return listOfTableTexts(changes.map(writtenText));
}

/** The parts of a problem that the writes of one place have in common. */
export function blame(changes: WritesOfOnePlace, migration: Migration): Pick<Problem, 'cause' | 'covers' | 'related'> {
  const [cause, ...covers] = changes;
  return { cause, covers, related: relatedPlaces(cause, migration) };
}

/** The operation that runs a piece of a data function; the piece itself where it stands in another file. */
function relatedPlaces(change: Change, migration: Migration): readonly RelatedPlace[] {
  const code = change.kind === 'WriteRows' ? change.code : undefined;
  // A statement of a RunSQL is underlined inside the operation that runs it.
  if (change.origin.sql !== undefined && change.origin.code === undefined) return [];
  if (code !== undefined && code.file !== migration.file) {
    return [{ file: code.file, span: code.call.span, message: 'It is written here.' }];
  }
  const { call, span, within } = change.origin;
  const operation = change.origin.code === undefined ? call : within.at(-1);
  return [{ file: migration.file, span: operation?.callee.span ?? span, message: 'It is run here.' }];
}

/** Where to underline the rows that a loop goes through; the write itself for one without a loop or elsewhere. */
export function loopSpan(change: WriteRows, migration: Migration): Span {
  const { code, method } = change;
  const isHere = code !== undefined && code.file === migration.file;
  return isHere && method !== 'set' && code.source !== undefined ? code.source.span : change.at;
}

/** Whether an SQL statement before the change matches: a copy that was made of what the change is going to destroy. */
export function hasEarlierSql(change: Change, migration: Migration, pattern: RegExp): boolean {
  const earlier = migration.forward.slice(0, migration.forward.indexOf(change));
  return earlier.some(({ origin }) => origin.sql !== undefined && pattern.test(origin.sql.text));
}

/** A table or column name in SQL, with or without quotes and schema. */
export function namePattern(name: string): string {
  return `["\`]?${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}["\`]?`;
}

/** Whether a change may bring values from one place to another. */
export function mayCarryValues({ kind }: Change): boolean {
  return kind === 'RunCode' || kind === 'RunSql' || kind === 'WriteRows' || kind === 'Opaque';
}
