import { noEffects } from '../database/effects.ts';
import { effectsOf } from '../database/effects-of.ts';
import { misnamedIn, misnamedText } from '../database/misnamed.ts';
import type { EffectsSetting } from '../database/setting.ts';
import type { Change } from '../schema/change.ts';
import type { Migration, WayBack } from '../schema/migration.ts';
import { emptySchema } from '../schema/schema.ts';
import { tableText } from '../schema/table-name.ts';
import { isDecisive, isKnownSince } from './known-since.ts';
import type { Problem, RuleContext } from './rule.ts';
import { isUnclear } from './way-back-gaps.ts';

/** What keeps a way back from being gone to its end; behind the first step that fails whatever rows there are, nothing more. */
export function* failuresOf(back: WayBack, migration: Migration, context: RuleContext): Iterable<Problem> {
  const isClear = !isUnclear(back);
  for (const [index, change] of back.changes.entries()) {
    if (!isDecisive(change, migration)) continue;
    const before = back.steps[index] ?? emptySchema;
    const setting = { before, target: context.target, migration: migration.id };
    const rows = emptyColumn(change, setting);
    if (rows !== undefined) yield { at: change.at, message: rows };
    const reason = isClear ? reasonOf(change, setting, migration, context) : undefined;
    if (reason === undefined) continue;
    yield { at: change.at, message: `Rolling back fails: ${reason}` };
    return;
  }
}

/** A column of a table with rows, of which none has a value for it; a table that the way back makes anew has none. */
function emptyColumn(change: Change, setting: EffectsSetting): string | undefined {
  if (change.kind !== 'AddColumn' || effectsOf(change, setting).fails !== 'with rows') return undefined;
  const { table, column } = change;
  if (column.nullable || column.default !== undefined) return undefined;
  return `Rolling back fails where ${tableText(table)} has rows: "${column.name}" is to be NOT NULL and has no default.`;
}

/** Why a step fails whatever the tables hold. */
function reasonOf(
  change: Change,
  setting: EffectsSetting,
  migration: Migration,
  context: RuleContext,
): string | undefined {
  const { database } = setting.target;
  const misnamed = misnamedIn(change, setting.before, database === 'postgresql');
  if (misnamed !== undefined && isKnownSince(misnamed, migration, context)) return misnamedText(misnamed);
  const { refusal } = database === 'postgresql' && change.kind === 'DropTable' ? effectsOf(change, setting) : noEffects;
  return refusal && `${refusal}.`;
}
