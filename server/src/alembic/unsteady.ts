import type { UnsteadyValue } from '../schema/change.ts';
import type { Module } from '../syntax/module.ts';
import type { PerformedCall } from '../syntax/performed-call.ts';
import { clocks, momentOfWriting, namesOfThings, networks, randoms } from '../syntax/unsteady-names.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { calledName } from './columns.ts';
import { chainOf, textIn } from './constructs.ts';

/** What decides what a revision writes, and can be another thing on each database. */
export function unsteadyValuesOf(calls: readonly PerformedCall[], module: Module): readonly UnsteadyValue[] {
  const found = new Map<string, UnsteadyValue>();
  for (const { value: call, guarded } of calls) {
    if (guarded || call.module !== module) continue;
    for (const each of [...askedOverNetwork(call), ...written(call)]) {
      const { start, end } = each.at;
      found.set(`${start} ${end}`, found.get(`${start} ${end}`) ?? each);
    }
  }
  return [...found.values()].sort((one, other) => one.at.start - other.at.start);
}

function askedOverNetwork({ callee, at }: CallValue): readonly UnsteadyValue[] {
  if (callee === undefined || !networks.test(callee)) return [];
  return [{ source: 'network', name: callee, field: undefined, at: at.callee.span }];
}

/** A row is made, or one that is there gets another value. */
type Rows = 'new' | 'existing';

function written(call: CallValue): readonly UnsteadyValue[] {
  switch (calledName(call)) {
    case 'bulk_insert':
      return call.positional.slice(1).flatMap((rows) => inRows(rows, 'new', call));
    case 'values': {
      const isInsert = chainOf(call).some((each) => calledName(each) === 'insert');
      return inArguments(call, isInsert ? 'new' : 'existing', call.positional);
    }
    case 'bindparams':
      return inArguments(call, rowsOfText(call.receiver), []);
    case 'execute':
      return call.positional.slice(1).flatMap((rows) => inRows(rows, rowsOfText(call.positional[0]), call));
    default:
      return [];
  }
}

/** What the SQL of `sa.text("INSERT …")`, or of a construct, does. */
function rowsOfText(sent: Value | undefined): Rows {
  const text = sent && textIn(sent);
  if (text?.kind === 'string') return /^\s*(?:with\b.*\)\s*)?insert\b/is.test(text.value) ? 'new' : 'existing';
  const isInsert = text?.kind === 'call' && chainOf(text).some((call) => calledName(call) === 'insert');
  return isInsert ? 'new' : 'existing';
}

function inArguments(call: CallValue, rows: Rows, dictionaries: readonly Value[]): readonly UnsteadyValue[] {
  const named = [...call.keywords].flatMap(([field, value]) => unsteadyIn(field, value, rows, call));
  return [...named, ...dictionaries.flatMap((each) => inRows(each, rows, call))];
}

/** One dictionary of values by column, or a list of them. */
function inRows(value: Value, rows: Rows, call: CallValue): readonly UnsteadyValue[] {
  if (isSequence(value)) return value.items.flatMap((item) => inRows(item, rows, call));
  if (value.kind !== 'dictionary') return [];
  return value.entries.flatMap(({ key, value: each }) =>
    key.kind === 'string' ? unsteadyIn(key.value, each, rows, call) : [],
  );
}

function unsteadyIn(field: string, value: Value, rows: Rows, { module, at }: CallValue): readonly UnsteadyValue[] {
  const cause = causeOf(value);
  if (cause === undefined) return [];
  // A row that is made now is rightly dated now.
  if (cause.source === 'clock' && (rows === 'new' || momentOfWriting.test(field))) return [];
  return [{ ...cause, field, at: value.module === module ? value.at.span : at.span }];
}

type Cause = Pick<UnsteadyValue, 'source' | 'name'>;

/** `datetime.now()`, and what is computed from it: `datetime.now().date()`, `str(random.random())`. */
function causeOf(value: Value): Cause | undefined {
  const variable = environmentVariable(value);
  if (variable !== undefined)
    return namesOfThings.test(variable) ? undefined : { source: 'environment', name: variable };
  if (value.kind !== 'call') return undefined;
  const { callee, receiver, positional } = value;
  if (callee !== undefined && clocks.test(callee)) return { source: 'clock', name: callee };
  if (callee !== undefined && randoms.test(callee)) return { source: 'random', name: callee };
  // Arguments of what is computed in the database are told where that is written.
  return [receiver, ...positional].flatMap((each) => (each && causeOf(each)) ?? [])[0];
}

/** `os.environ["NAME"]`, `os.environ.get("NAME")`, `os.getenv("NAME")` */
function environmentVariable(value: Value): string | undefined {
  if (value.kind === 'call') {
    const [name] = value.positional;
    const reads = value.callee === 'os.getenv' || value.callee === 'os.environ.get';
    return reads && name?.kind === 'string' ? name.value : undefined;
  }
  const { at } = value.definedAt ?? value;
  if (at.kind !== 'subscript' || (at.object.kind !== 'attribute' && at.object.kind !== 'name')) return undefined;
  const [key] = at.index;
  return at.object.name === 'environ' && key?.kind === 'string' ? key.value : undefined;
}
