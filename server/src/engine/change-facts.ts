import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import { describeEffects } from '../database/describe.ts';
import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import { ruleContextOf } from './rule-context.ts';

/** What the changes at one place of a migration do to the database. */
export interface ChangeFacts {
  /** `AddField`: the operation or statement that is written there. */
  readonly name: string;
  /** Sentences about locks, scans and losses; those that several changes share stand once. */
  readonly facts: readonly string[];
}

/** The innermost operation at an offset, with what it does; `undefined` where nothing changes the database. */
export function changeFactsAt(project: Project, file: FilePath, offset: number): ChangeFacts | undefined {
  const judged = project.migrationAt(file);
  if (judged === undefined) return undefined;
  const changes = innermostAt(judged.migration.forward, offset);
  const [first] = changes;
  if (first === undefined) return undefined;
  const context = ruleContextOf(project, judged, () => []);
  const facts = changes.flatMap((change) => describeEffects(context.effects(change)));
  return { name: first.origin.name, facts: [...new Set(facts)] };
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
