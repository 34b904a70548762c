import type { MigrationId } from '../schema/migration-id.ts';
import type { Step } from './execution-order.ts';
import type { History } from './history.ts';
import type { MigrationGraph, Reach } from './project.ts';

/** What a question about everything that runs before a migration needs to know of the graph. */
interface Ancestry {
  readonly steps: readonly Step[];
  readonly parentsOf: MigrationGraph['parentsOf'];
  readonly ancestorsOf: MigrationGraph['ancestorsOf'];
}

/**
 * Something that is put together from a migration and all that runs before it. Histories are thousands of migrations
 * deep, so each is made from what its parents came to; all are made when the first is asked for.
 */
function gathered<T>(
  { steps, parentsOf, ancestorsOf }: Ancestry,
  own: (id: MigrationId) => T,
  joined: (own: T, before: readonly T[]) => T,
): (id: MigrationId) => T | undefined {
  let all: Map<MigrationId, T> | undefined;
  const gather = (): Map<MigrationId, T> => {
    const known = new Map<MigrationId, T>();
    for (const { id } of steps) {
      const parents = parentsOf(id).map((parent) => known.get(parent));
      const complete = parents.filter((each) => each !== undefined);
      // In a cycle a parent may come later.
      const before = complete.length === parents.length ? complete : [...ancestorsOf(id)].map(own);
      known.set(id, joined(own(id), before));
    }
    return known;
  };
  return (id) => {
    all ??= gather();
    return all.get(id);
  };
}

/** Whether one migration is among the ancestors of another, direct or not. */
export function runsBeforeIn(ancestry: Ancestry): MigrationGraph['runsBefore'] {
  const { steps } = ancestry;
  const places = new Map(steps.map(({ id }, place) => [id, place]));
  const words = (steps.length >> 5) + 1;
  const withItself = gathered<Uint32Array>(
    ancestry,
    (id) => setBit(new Uint32Array(words), places.get(id) ?? 0),
    (own, before) => before.reduce(union, own),
  );
  return (one, other) => {
    const place = places.get(one);
    const bits = withItself(other);
    return one !== other && place !== undefined && bits !== undefined && hasBit(bits, place);
  };
}

function setBit(bits: Uint32Array, place: number): Uint32Array {
  bits[place >> 5] = (bits[place >> 5] ?? 0) | (1 << (place & 31));
  return bits;
}

function hasBit(bits: Uint32Array, place: number): boolean {
  return ((bits[place >> 5] ?? 0) & (1 << (place & 31))) !== 0;
}

function union(bits: Uint32Array, more: Uint32Array): Uint32Array {
  for (let word = 0; word < bits.length; word++) bits[word] = (bits[word] ?? 0) | (more[word] ?? 0);
  return bits;
}

/** @param swappable the value of a setting that names a model */
export function reachIn(
  ancestry: Ancestry,
  history: History,
  swappable: (setting: string) => string | undefined,
): MigrationGraph['reachOf'] {
  const own = (id: MigrationId): Reach => {
    const facts = history.migrations.get(id);
    const unseenApps = new Set<string>();
    const settings = new Set<string>();
    let isWhole = true;
    for (const reference of facts?.dependencies ?? []) {
      const { kind, app, setting } = reference;
      if (kind === 'unknown' || (facts && isMissing(reference, facts, history))) isWhole = false;
      if (setting !== undefined) settings.add(setting);
      const target = kind === 'swappable' ? swappable(setting ?? '')?.split('.')[0] : app;
      if (target === undefined || !history.apps.has(target)) unseenApps.add(target ?? '');
    }
    return { isWhole, settings, unseenApps };
  };
  const reachOf = gathered(ancestry, own, joinedReach);
  return (id) => reachOf(id) ?? own(id);
}

/** A dependency that names a migration which does not exist, of an app that is in sight. */
export function isMissing(
  reference: Parameters<History['resolve']>[0],
  from: Parameters<History['resolve']>[1],
  history: History,
): boolean {
  const { app, name } = reference;
  return app !== undefined && name !== undefined && history.resolve(reference, from) === 'unknown';
}

/** Most migrations add nothing to what their parents lead to: sets are shared. */
function joinedReach(own: Reach, before: readonly Reach[]): Reach {
  const isWhole = own.isWhole && before.every((each) => each.isWhole);
  const settings = joinedSets([own.settings, ...before.map((each) => each.settings)]);
  const unseenApps = joinedSets([own.unseenApps, ...before.map((each) => each.unseenApps)]);
  return { isWhole, settings, unseenApps };
}

function joinedSets(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [largest] = sets.toSorted((one, other) => other.size - one.size);
  const more = sets.flatMap((set) => (set === largest ? [] : [...set].filter((each) => largest?.has(each) !== true)));
  return largest !== undefined && more.length === 0 ? largest : new Set([...(largest ?? []), ...more]);
}
