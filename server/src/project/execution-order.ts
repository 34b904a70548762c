import type { MigrationId } from '../schema/migration-id.ts';
import type { History } from './history.ts';
import type { MigrationFacts, Reference } from './migration-facts.ts';
import { compareText } from './migration-facts.ts';

/** A migration in the order of execution. */
export interface Step {
  readonly id: MigrationId;
  /** The step in whose wake it runs, by its index; `undefined` for those that find an empty database. */
  readonly after: number | undefined;
}

/**
 * The order in which Django runs the migrations on an empty database: app by app in name order, for each the way to its
 * leaves, deeper parents first. Members of a cycle come in name order behind what can run, then what depends on them.
 *
 * Migrations that a squash stands for come right before it, and begin where it begins: each schema is built once.
 */
export function executionOrder(history: History, inCycle: (id: MigrationId) => boolean): readonly Step[] {
  const plan = planOf(history, inCycle);
  const steps: Step[] = [];
  const replaced = replacedBy(history);
  const emit = (id: MigrationId, after: number | undefined): number => {
    let last = after;
    for (const each of inOwnOrder(replaced.get(id) ?? [], history)) last = emit(each, last);
    return steps.push({ id, after }) - 1;
  };
  let last: number | undefined;
  for (const id of plan) last = emit(id, last);
  return steps;
}

function planOf(history: History, inCycle: (id: MigrationId) => boolean): readonly MigrationId[] {
  const targets = [...history.leaves].sort(([one], [other]) => compareText(one, other)).flatMap(([, ids]) => ids);
  const cyclic = [...history.parents.keys()].filter(inCycle);
  if (cyclic.length === 0) return walk(targets, history.parents, new Set());
  const stuck = descendantsOf(cyclic, history.children);
  const free = targets.concat([...history.parents.keys()]).filter((id) => !stuck.has(id));
  const done = new Set<MigrationId>();
  const runnable = walk(free, history.parents, done);
  for (const id of cyclic) done.add(id);
  return [...runnable, ...cyclic, ...walk([...stuck], history.parents, done)];
}

function descendantsOf(
  ids: readonly MigrationId[],
  children: ReadonlyMap<MigrationId, readonly MigrationId[]>,
): ReadonlySet<MigrationId> {
  const found = new Set(ids);
  for (const id of found) {
    for (const child of children.get(id) ?? []) found.add(child);
  }
  return found;
}

/** Depth first to the parents, the last in name order first, as Django does. */
function walk(
  targets: readonly MigrationId[],
  parents: ReadonlyMap<MigrationId, readonly MigrationId[]>,
  done: Set<MigrationId>,
): readonly MigrationId[] {
  const order: MigrationId[] = [];
  const entered = new Set<MigrationId>();
  const stack: { readonly id: MigrationId; readonly parentsAreDone: boolean }[] = [];
  for (const target of targets) {
    stack.push({ id: target, parentsAreDone: false });
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (done.has(top.id)) continue;
      if (top.parentsAreDone) {
        done.add(top.id);
        order.push(top.id);
        continue;
      }
      // Met again on the way to itself: what hangs together in a circle is taken as it comes.
      if (entered.has(top.id)) continue;
      entered.add(top.id);
      stack.push({ id: top.id, parentsAreDone: true });
      for (const parent of parents.get(top.id) ?? []) {
        if (!done.has(parent)) stack.push({ id: parent, parentsAreDone: false });
      }
    }
  }
  return order;
}

/** The existing migrations that each squash replaces itself. */
function replacedBy({ squashOf, migrations }: History): ReadonlyMap<MigrationId, readonly MigrationFacts[]> {
  const replaced = new Map<MigrationId, MigrationFacts[]>();
  for (const [id, squash] of squashOf) {
    const facts = migrations.get(id);
    if (!facts) continue;
    const known = replaced.get(squash);
    if (known) known.push(facts);
    else replaced.set(squash, [facts]);
  }
  return replaced;
}

/** Replaced migrations as they depend on each other. */
function inOwnOrder(members: readonly MigrationFacts[], { squashOf }: History): readonly MigrationId[] {
  if (members.length === 0) return [];
  const ids = new Set(members.map(({ id }) => id));
  const standIn = (reference: Reference): readonly MigrationId[] => {
    let current: MigrationId | undefined = `${reference.app}.${reference.name}`;
    while (current !== undefined && !ids.has(current)) current = squashOf.get(current);
    return current === undefined ? [] : [current];
  };
  const parents = new Map(members.map(({ id, dependencies }) => [id, dependencies.flatMap(standIn)]));
  return walk([...ids], parents, new Set());
}
