import type { PerformedCalls } from '../syntax/performed-call.ts';
import { performedCalls } from '../syntax/performed-calls.ts';
import { judgement } from './judgement.ts';
import type { RevisionFunction } from './revision-file.ts';

const known = new WeakMap<RevisionFunction, PerformedCalls>();

/** The calls that a function of a revision makes: walked once, however many rules and fixes ask. */
export function performedBy(of: RevisionFunction): PerformedCalls {
  const performed = known.get(of) ?? performedCalls(of.value, judgement);
  known.set(of, performed);
  return performed;
}
