import { baseNameOf, type FilePath } from '../base/file-path.ts';
import { type Answer, type Fix, isRefusal } from '../fixes/fix.ts';
import type { Project } from '../project/project.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { MigrationId } from '../schema/migration-id.ts';

/** A place for which a rule may know a rewrite. Computed on the first call, from the project as it was checked. */
export interface Fixable {
  /** The first is the preferred one. */
  fixes(): readonly Fix[];
  /** Why there is no fix, in sentences; none where there is a fix, or where the rule offers none for anything alike. */
  refusals(): readonly string[];
}

/** What is checked, and the project it belongs to. */
export interface CheckedPlace {
  readonly file: FilePath;
  /** `undefined` for settings. */
  readonly id: MigrationId | undefined;
  readonly project: Project;
}

interface Answered {
  readonly fixes: readonly Fix[];
  readonly refusals: readonly string[];
}

/**
 * @param compute what the rule answers, when somebody asks
 * @param onFailure when the recipe throws; its fixes are lost
 */
export function fixableAt(
  place: CheckedPlace,
  rule: RunnableRule,
  compute: (() => readonly Answer[]) | undefined,
  onFailure: (error: unknown) => void,
): Fixable {
  let known: Answered | undefined;
  const answers = (): Answered => {
    known ??= answersOf(compute, onFailure, place, rule);
    return known;
  };
  return { fixes: () => answers().fixes, refusals: () => answers().refusals };
}

function answersOf(
  compute: (() => readonly Answer[]) | undefined,
  onFailure: (error: unknown) => void,
  place: CheckedPlace,
  rule: RunnableRule,
): Answered {
  const fixes: Fix[] = [];
  const refusals = new Set<string>();
  try {
    for (const answer of compute?.() ?? []) {
      const objection = isRefusal(answer) ? undefined : objectionTo(answer, rule, place);
      if (isRefusal(answer)) refusals.add(answer.refused);
      else if (objection === undefined) fixes.push(answer);
      else refusals.add(objection);
    }
  } catch (error) {
    onFailure(error);
    return { fixes: [], refusals: [] };
  }
  return { fixes, refusals: fixes.length > 0 ? [] : [...refusals] };
}

/** What speaks against a fix whatever its recipe does. */
function objectionTo({ edits }: Fix, { group }: RunnableRule, { id, project }: CheckedPlace): string | undefined {
  const broken = edits.find(({ kind, file }) => kind === 'change' && isBroken(file, project));
  // What stands around a place that cannot be read may not end where it seems to: nothing is moved or wrapped there.
  if (broken !== undefined) return `${baseNameOf(broken.file)} has a syntax error, which has to be mended first.`;
  if (id === undefined || group === 'History' || edits.every(({ kind }) => kind === 'change')) return undefined;
  return squashObjection(id, project);
}

function isBroken(file: FilePath, project: Project): boolean {
  return file.endsWith('.py') && (project.module(file)?.module.broken.length ?? 0) > 0;
}

/**
 * Speaks where work of a squash, or of what a squash stands for, would move to a new migration. Databases that have run
 * the one or the other would run that work twice, and the squash would go on doing what the fix was to undo.
 */
function squashObjection(id: MigrationId, project: Project): string | undefined {
  if (project.graph.squashOf(id) !== undefined) {
    return 'A squashed migration stands for this one: work that moves to a new migration would be done twice.';
  }
  if ((project.source(id)?.replaces.length ?? 0) > 0) {
    return 'This migration replaces others: work that moves to a new migration would be done twice.';
  }
  return undefined;
}
