import type { FilePath } from '../base/file-path.ts';
import type { Target } from '../base/target.ts';
import { isMysqlOrMariadb } from '../base/target.ts';
import type { Effects } from '../database/effects.ts';
import { effectsOf } from '../database/effects-of.ts';
import type { JudgedMigration } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import { placeOf } from '../schema/change-order.ts';
import type { Schema } from '../schema/schema.ts';

/** What the changes of a migration do; every answer is computed once. */
export interface KnownEffects {
  before(change: Change): Schema;
  effects(change: Change): Effects;
}

/** Remembers what was told of the file that was asked about last: an edit leaves most of its changes as they were. */
export interface EffectsMemory {
  effectsIn(judged: JudgedMigration, target: Target): KnownEffects;
}

interface Answer {
  readonly before: Schema;
  readonly foreignKeysUnchecked: boolean;
  readonly effects: Effects;
}

/** By the identity of the change. */
type Answers = Map<object, Answer>;

export function effectsMemory(): EffectsMemory {
  let last: { readonly file: FilePath; readonly target: Target | undefined; readonly answers: Answers } = {
    file: '',
    target: undefined,
    answers: new Map(),
  };
  return {
    effectsIn(judged, target) {
      const { file } = judged.migration;
      const earlier = last.file === file && last.target === target ? last.answers : undefined;
      last = { file, target, answers: new Map() };
      return knownEffects(judged, target, last.answers, earlier);
    },
  };
}

function knownEffects(
  judged: JudgedMigration,
  target: Target,
  answers: Answers,
  earlier: Answers | undefined,
): KnownEffects {
  const { migration, identities, steps } = judged;
  const isMysql = isMysqlOrMariadb(target.database);
  const { forward } = migration;
  return {
    before: (change) => steps[placeOf(change, forward)] ?? judged.before,
    effects(change) {
      const place = placeOf(change, forward);
      const identity = identities[place] ?? change;
      const answer = answers.get(identity);
      if (answer !== undefined) return answer.effects;
      const before = steps[place] ?? judged.before;
      const known = earlier?.get(identity);
      const foreignKeysUnchecked = isMysql && isUnchecked(forward.slice(0, place));
      const isKnown = known?.before === before && known.foreignKeysUnchecked === foreignKeysUnchecked;
      const effects = isKnown
        ? known.effects
        : effectsOf(change, { before, target, migration: migration.id, foreignKeysUnchecked });
      answers.set(identity, { before, foreignKeysUnchecked, effects });
      return effects;
    },
  };
}

/** Whether the changes leave foreign keys unchecked for the rest of the session. */
function isUnchecked(earlier: readonly Change[]): boolean {
  const switched = earlier.findLast((change) => change.kind === 'SwitchTriggers' && change.table === undefined);
  return switched?.kind === 'SwitchTriggers' && !switched.enabled;
}
