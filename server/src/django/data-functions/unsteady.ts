import type { UnsteadyValue } from '../../schema/change.ts';
import type { Expression } from '../../syntax/module.ts';
import { clocks, momentOfWriting, namesOfThings, networks, randoms } from '../../syntax/unsteady-names.ts';
import type { SourceModule } from '../data-function-context.ts';
import type { Held } from './held.ts';
import type { Arguments, Reading } from './reading.ts';
import type { CallPlace } from './write-methods.ts';

export interface FoundUnsteady extends Omit<UnsteadyValue, 'at'> {
  readonly value: Expression;
  readonly inside: SourceModule;
}

/** A time or a random number, and what is computed from it. */
export function isUnsteadyResult(held: Held): boolean {
  return held.kind === 'result' && (clocks.test(held.of) || randoms.test(held.of));
}

/** Notes what a call asks of another machine. */
export function noteNetwork(name: string, { call, inside }: CallPlace, reading: Reading): void {
  if (networks.test(name)) found(reading, { source: 'network', name, field: undefined, value: call, inside });
}

/** Notes the arguments of a call that become columns of rows. */
export function noteUnsteadyArguments(
  rows: 'new' | 'existing',
  { keywords }: Arguments,
  { call, inside }: CallPlace,
  reading: Reading,
): void {
  for (const [field, held] of keywords) {
    const value = call.arguments.find(({ name }) => name === field)?.value ?? call;
    if (field === 'defaults' && held.kind === 'dictionary') {
      for (const [name, each] of held.entries) noteUnsteady(rows, name, each, { value, inside }, reading);
    } else {
      noteUnsteady(rows, field, held, { value, inside }, reading);
    }
  }
}

/** Notes a value that a column gets, where another database could get another one. */
export function noteUnsteady(
  rows: 'new' | 'existing',
  field: string,
  held: Held,
  place: { readonly value: Expression; readonly inside: SourceModule },
  reading: Reading,
): void {
  if (held.kind === 'environment' && held.name !== '' && !namesOfThings.test(held.name)) {
    found(reading, { source: 'environment', name: held.name, field, ...place });
  }
  if (held.kind !== 'result') return;
  if (randoms.test(held.of)) found(reading, { source: 'random', name: held.of, field, ...place });
  // A row that is made now is rightly dated now.
  const isDated = rows === 'existing' && !momentOfWriting.test(field);
  if (isDated && clocks.test(held.of)) found(reading, { source: 'clock', name: held.of, field, ...place });
}

function found(reading: Reading, unsteady: FoundUnsteady): void {
  if (!reading.moment.guarded) reading.found.unsteady.push(unsteady);
}
