import type { FilePath } from '../base/file-path.ts';
import { type Level, levels } from '../base/level.ts';
import type { Span } from '../base/span.ts';
import type { RelatedPlace, RunnableRule } from '../rules/rule.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Fixable } from './fixable.ts';

/** A problem with its rule and file, after configuration, precedence and suppressions. */
export interface Finding extends Fixable {
  readonly rule: RunnableRule;
  readonly level: Level;
  readonly message: string;
  readonly file: FilePath;
  readonly span: Span;
  /** `undefined` for a finding about the project as a whole, in its settings. */
  readonly migration: MigrationId | undefined;
  readonly related: readonly RelatedPlace[];
}

/** By place; at one place the worst first. */
export function compareFindings(one: Finding, other: Finding): number {
  return (
    one.span.start - other.span.start ||
    levels.indexOf(one.level) - levels.indexOf(other.level) ||
    (one.rule.name < other.rule.name ? -1 : Number(one.rule.name > other.rule.name))
  );
}

/** How many findings there are of each level. */
export function countLevels(findings: Iterable<Finding>): Record<Level, number> {
  const counts: Record<Level, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { level } of findings) counts[level]++;
  return counts;
}
