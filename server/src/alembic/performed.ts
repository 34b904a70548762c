import type { PerformedCalls } from '../syntax/performed-call.ts';
import { performedCalls } from '../syntax/performed-calls.ts';
import type { FunctionValue, Value } from '../syntax/value.ts';
import { nameAt } from '../syntax/values.ts';
import { judgement } from './judgement.ts';
import type { RevisionFunction } from './revision-file.ts';

const known = new WeakMap<RevisionFunction, PerformedCalls>();

/** The calls that a function of a revision makes: walked once, however many rules and fixes ask. */
export function performedBy(of: RevisionFunction): PerformedCalls {
  const performed = known.get(of) ?? performedCalls(withOp(of.value), judgement);
  known.set(of, performed);
  return performed;
}

/** An env.py of one's own may hand the operations to the function, `upgrade(op)`, instead of the revision importing them. */
function withOp(value: FunctionValue): FunctionValue {
  const parameter = value.definition.parameters.find(({ name }) => name === 'op');
  if (parameter === undefined) return value;
  const op: Value = {
    kind: 'reference',
    at: nameAt('op', parameter.span),
    module: value.definedIn,
    name: 'alembic.op',
    scope: undefined,
  };
  return { ...value, bound: new Map([...value.bound, ['op', op]]) };
}
