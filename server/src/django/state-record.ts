import { findModel, type ProjectState, type StateRecord, withModel, withoutModel } from './project-state.ts';

/** The state for an operation that is about to be lowered: it notes what the operation asks of it and writes to it. */
export function recording(state: ProjectState): ProjectState & { readonly record: StateRecord } {
  return { ...state, record: { met: new Map(), asksForAll: false } };
}

/** What an operation has made of a state, as a state that notes nothing; the very one that it met where it left it so. */
export function recorded(after: ProjectState, before: ProjectState): ProjectState {
  const { apps, looseCollations } = after;
  const isUntouched = apps === before.apps && looseCollations === before.looseCollations;
  return isUntouched ? before : { apps, looseCollations };
}

/** An operation with the models before and after it. */
interface Recorded {
  readonly before: ProjectState;
  readonly after: ProjectState;
  readonly record: StateRecord;
}

/**
 * What the operation would make of another state, without lowering it again; `undefined` where something that it asked for
 * is not the same there.
 */
export function madeAgain({ before, after, record }: Recorded, now: ProjectState): ProjectState | undefined {
  if (before === now) return after;
  const { looseCollations } = now;
  const isKnown = before.looseCollations === looseCollations && after.looseCollations === looseCollations;
  if (record.asksForAll || !isKnown) return undefined;
  const met = [...record.met.values()];
  if (!met.every(({ ref, model }) => findModel(now, ref) === model)) return undefined;
  let made = now;
  for (const { ref, model, isWritten } of met) {
    const written = isWritten ? findModel(after, ref) : model;
    if (written !== model) made = written === undefined ? withoutModel(made, ref) : withModel(made, written);
  }
  return made;
}
