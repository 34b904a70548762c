import { lineIndexOf } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import type { Problem, RunnableRule } from '../rules/rule.ts';
import type { SuppressedRule, Suppression } from '../rules/suppression.ts';
import type { Migration } from '../schema/migration.ts';
import { squawkCommentsOf } from './squawk-comments.ts';
import { readSuppressionComments, type SuppressionComment } from './suppression-comment.ts';
import { scopeOf, unitsOf } from './suppression-scope.ts';

/** The suppressions of one file. Each remembers which of its rules have silenced something. */
export interface Suppressions {
  /** Whether a comment or a marker accepts the problem; remembers that it does. */
  silences(rule: RunnableRule, problem: Problem): boolean;
  /**
   * What every comment came to so far.
   *
   * @param wasJudged whether a rule ran to its end on this file: of another, nothing can be said.
   */
  outcome(wasJudged: (ruleName: string) => boolean): readonly Suppression[];
}

interface PlacedComment extends SuppressionComment {
  /** `undefined` for the whole file. */
  readonly scope: Span | undefined;
}

export function suppressionsOf(
  migration: Migration,
  source: DjangoMigration | undefined,
  ruleNames: readonly string[],
): Suppressions {
  const comments = placeComments(migration, source, ruleNames);
  const used = new Set<SuppressionComment['rules'][number]>();
  const isAccepted = acceptsEverything(source);
  const isAcceptedInSql = squawkCommentsOf(migration);
  return {
    silences(rule, problem) {
      const covering = comments
        .filter(({ scope }) => scope === undefined || covers(scope, problem))
        .flatMap(({ rules }) => rules.filter(({ name }) => name === rule.name));
      for (const name of covering) used.add(name);
      return covering.length > 0 || isAccepted || isAcceptedInSql(rule, problem);
    },
    outcome(wasJudged) {
      const stateOf = (rule: SuppressionComment['rules'][number]): SuppressedRule['state'] => {
        if (!ruleNames.includes(rule.name)) return 'unknown';
        if (used.has(rule)) return 'used';
        return wasJudged(rule.name) ? 'unused' : 'undecided';
      };
      return comments.map(({ kind, at, reason, rules }) => ({
        kind,
        at,
        reason,
        rules: rules.map((rule) => ({ ...rule, state: stateOf(rule) })),
      }));
    },
  };
}

function placeComments(
  migration: Migration,
  source: DjangoMigration | undefined,
  ruleNames: readonly string[],
): readonly PlacedComment[] {
  const comments = readSuppressionComments(migration.module.comments, ruleNames);
  if (comments.length === 0) return [];
  const lines = lineIndexOf(migration.text);
  const units = unitsOf(migration, source);
  return comments.map((comment) => {
    const isPlace = comment.kind === 'place';
    return { ...comment, scope: isPlace ? scopeOf(comment.comment, migration.text, lines, units) : undefined };
  });
}

/** A hazard inside a data function is also accepted on the operation that runs the function. */
function covers(scope: Span, { at, cause }: Problem): boolean {
  const starts = cause === undefined ? [at.start] : [at.start, cause.origin.span.start];
  return starts.some((start) => scope.start <= start && start < scope.end);
}

/** The marker of django-migration-linter: an `IgnoreMigration()` among the operations accepts the whole file. */
function acceptsEverything(source: DjangoMigration | undefined): boolean {
  return source?.operations.some(({ name }) => name === 'IgnoreMigration') ?? false;
}
