import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import { describeChanges } from '../database/describe.ts';
import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import { effectsMemory } from './effects-memory.ts';
import { sqlInShort } from './migration-sql.ts';
import { shortened } from './outline.ts';

/** What the changes at one place of a migration do to the database. */
export interface ChangeFacts {
  /** The operation or statement that is written there: `AddField`, `ALTER TABLE`. */
  readonly name: string;
  /** Sentences about locks, scans and losses, in Markdown; those that several changes share stand once. */
  readonly facts: readonly string[];
  /** What an operation becomes. */
  readonly sql: string | undefined;
}

/** The innermost operation or statement at an offset, with what it does; an operation that sends SQL by statements. */
export function changeFactsAt(project: Project, file: FilePath, offset: number): readonly ChangeFacts[] {
  const judged = project.migrationAt(file);
  if (judged === undefined) return [];
  const { forward } = judged.migration;
  const changes = innermostAt(forward, offset);
  const [first] = changes;
  if (first === undefined) return [];
  const known = effectsMemory().effectsIn(judged, project.target);
  const { effects } = known;
  const toFacts = (name: string, told: readonly Change[]): ChangeFacts => ({
    name,
    facts: describeChanges(told.map((change) => ({ change, effects: effects(change) }))),
    sql: sqlInShort(told, known, project.target),
  });
  const own = toFacts(first.origin.name, changes);
  const sent = first.origin.sql === undefined ? statementsOf(first, forward) : [];
  const facts = [own, ...sent.map(({ name, changes: made }) => toFacts(`\`${name}\``, made))];
  return facts.filter((each) => each.facts.length > 0 || each.sql !== undefined);
}

/** The statements that the operation of a change sends. */
function statementsOf(
  { origin }: Change,
  forward: readonly Change[],
): readonly { readonly name: string; readonly changes: readonly Change[] }[] {
  const statements = new Map<string, { readonly name: string; readonly changes: Change[] }>();
  for (const change of forward) {
    const { call, span, sql } = change.origin;
    if (sql === undefined || call === undefined || call !== origin.call) continue;
    const key = `${span.start} ${sql.position}`;
    const known = statements.get(key) ?? { name: shortened(sql), changes: [] };
    known.changes.push(change);
    statements.set(key, known);
  }
  return [...statements.values()];
}

/** The changes of one operation, or those of one call inside a data function. */
function innermostAt(changes: readonly Change[], offset: number): readonly Change[] {
  const inOperations = narrowest(
    changes.map(({ origin }) => origin.span),
    offset,
  );
  if (inOperations !== undefined) return changes.filter(({ origin }) => isSameSpan(origin.span, inOperations));
  const inCode = narrowest(
    changes.map(({ at }) => at),
    offset,
  );
  return inCode === undefined ? [] : changes.filter(({ at }) => isSameSpan(at, inCode));
}

function narrowest(spans: readonly Span[], offset: number): Span | undefined {
  const holding = spans.filter(({ start, end }) => start <= offset && offset <= end);
  return holding.sort((one, other) => one.end - one.start - (other.end - other.start))[0];
}

function isSameSpan(one: Span, other: Span): boolean {
  return one.start === other.start && one.end === other.end;
}
