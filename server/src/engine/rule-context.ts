import type { JudgedMigration, Project } from '../project/project.ts';
import type { RuleContext } from '../rules/rule.ts';
import type { Suppression } from '../rules/suppression.ts';
import type { EffectsMemory } from './effects-memory.ts';

/** What rules may ask about one migration. */
export function ruleContextOf(
  project: Project,
  judged: JudgedMigration,
  memory: EffectsMemory,
  suppressions: () => readonly Suppression[],
): RuleContext {
  const { target } = project;
  return {
    target,
    project,
    start: judged.before,
    ...memory.effectsIn(judged, target),
    get suppressions() {
      return suppressions();
    },
  };
}
