import type { Effects } from '../database/effects.ts';
import { effectsOf } from '../database/effects-of.ts';
import type { JudgedMigration, Project } from '../project/project.ts';
import type { RuleContext } from '../rules/rule.ts';
import type { Suppression } from '../rules/suppression.ts';
import type { Change } from '../schema/change.ts';
import type { Schema } from '../schema/schema.ts';

/** What rules may ask about one migration; every answer is computed once. */
export function ruleContextOf(
  project: Project,
  judged: JudgedMigration,
  suppressions: () => readonly Suppression[],
): RuleContext {
  const { target } = project;
  const effects = new Map<Change, Effects>();
  let steps: ReadonlyMap<Change, Schema> | undefined;
  const before = (change: Change): Schema => {
    steps ??= new Map(judged.migration.forward.map((each, index) => [each, judged.steps[index] ?? judged.before]));
    return steps.get(change) ?? judged.before;
  };
  return {
    target,
    project,
    start: judged.before,
    before,
    effects(change) {
      const known =
        effects.get(change) ?? effectsOf(change, { before: before(change), target, migration: judged.migration.id });
      effects.set(change, known);
      return known;
    },
    get suppressions() {
      return suppressions();
    },
  };
}
