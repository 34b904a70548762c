import type { Change } from './change.ts';

const placesIn = new WeakMap<readonly Change[], ReadonlyMap<Change, number>>();

/** Where a change stands among those of its migration; -1 for another's. */
export function placeOf(change: Change, forward: readonly Change[]): number {
  let places = placesIn.get(forward);
  if (places === undefined) {
    places = new Map(forward.map((each, place) => [each, place]));
    placesIn.set(forward, places);
  }
  return places.get(change) ?? -1;
}

const originsIn = new WeakMap<readonly Change[], ReadonlyMap<string, readonly Change[]>>();

/** The changes that an operation makes, or an action of a statement, this one included. */
export function changesOfOrigin(change: Change, forward: readonly Change[]): readonly Change[] {
  let origins = originsIn.get(forward);
  if (origins === undefined) {
    origins = byOrigin(forward);
    originsIn.set(forward, origins);
  }
  return origins.get(originOf(change)) ?? [];
}

function byOrigin(forward: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const origins = new Map<string, Change[]>();
  for (const change of forward) {
    const key = originOf(change);
    const known = origins.get(key);
    if (known === undefined) origins.set(key, [change]);
    else known.push(change);
  }
  return origins;
}

function originOf({ at, origin: { kind, span } }: Change): string {
  return kind === 'sql-statement' ? `${kind} ${span.start} ${at.start}` : `${kind} ${span.start}`;
}

const transactionsIn = new WeakMap<readonly Change[], readonly (readonly Change[])[]>();

/** The changes that commit together, for each transaction that has more than one. */
export function transactionsOf(forward: readonly Change[]): readonly (readonly Change[])[] {
  let transactions = transactionsIn.get(forward);
  if (transactions === undefined) {
    transactions = changesTogether(forward);
    transactionsIn.set(forward, transactions);
  }
  return transactions;
}

function changesTogether(forward: readonly Change[]): readonly (readonly Change[])[] {
  const together = new Map<string, Change[]>();
  for (const change of forward) {
    if (change.transaction === undefined || !change.applies.database) continue;
    const changes = together.get(change.transaction);
    if (changes === undefined) together.set(change.transaction, [change]);
    else changes.push(change);
  }
  return [...together.values()].filter(({ length }) => length > 1);
}
