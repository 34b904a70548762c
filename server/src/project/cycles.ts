import type { MigrationId } from '../schema/migration-id.ts';

type Links = ReadonlyMap<MigrationId, readonly MigrationId[]>;

/** The groups of migrations that all depend on each other, by member; migrations outside of cycles are missing. */
export function cyclesIn(parents: Links): ReadonlyMap<MigrationId, ReadonlySet<MigrationId>> {
  const cycles = new Map<MigrationId, ReadonlySet<MigrationId>>();
  for (const component of componentsOf(parents)) {
    const [only] = component;
    if (only === undefined) continue;
    if (component.length === 1 && !parents.get(only)?.includes(only)) continue;
    const members = new Set(component);
    for (const member of members) cycles.set(member, members);
  }
  return cycles;
}

/** The shortest way from a member of a cycle over its parents back to itself. */
export function cycleFrom(id: MigrationId, members: ReadonlySet<MigrationId>, parents: Links): readonly MigrationId[] {
  const cameFrom = new Map<MigrationId, MigrationId>();
  const queue = [id];
  for (let current = queue.shift(); current !== undefined; current = queue.shift()) {
    for (const parent of parents.get(current) ?? []) {
      if (parent === id) return pathTo(current, id, cameFrom);
      if (!members.has(parent) || cameFrom.has(parent)) continue;
      cameFrom.set(parent, current);
      queue.push(parent);
    }
  }
  return [id];
}

function pathTo(
  last: MigrationId,
  start: MigrationId,
  cameFrom: ReadonlyMap<MigrationId, MigrationId>,
): readonly MigrationId[] {
  const path = [start];
  for (let current: MigrationId | undefined = last; current !== undefined; current = cameFrom.get(current)) {
    path.unshift(current);
  }
  return path;
}

/** Tarjan's strongly connected components, without recursion: histories are thousands of migrations deep. */
function componentsOf(parents: Links): readonly (readonly MigrationId[])[] {
  const components: MigrationId[][] = [];
  const index = new Map<MigrationId, number>();
  const lowest = new Map<MigrationId, number>();
  const open: MigrationId[] = [];
  const isOpen = new Set<MigrationId>();
  const enter = (id: MigrationId) => {
    index.set(id, index.size);
    lowest.set(id, index.size - 1);
    open.push(id);
    isOpen.add(id);
    return { id, rest: (parents.get(id) ?? []).values() };
  };
  const lower = (id: MigrationId, to: number | undefined): void => {
    lowest.set(id, Math.min(lowest.get(id) ?? 0, to ?? 0));
  };
  for (const root of parents.keys()) {
    if (index.has(root)) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next();
      if (next.done !== true) {
        if (!index.has(next.value)) path.push(enter(next.value));
        else if (isOpen.has(next.value)) lower(top.id, index.get(next.value));
        continue;
      }
      path.pop();
      const below = path.at(-1);
      if (below) lower(below.id, lowest.get(top.id));
      if (lowest.get(top.id) !== index.get(top.id)) continue;
      const component = open.splice(open.lastIndexOf(top.id));
      for (const id of component) isOpen.delete(id);
      components.push(component);
    }
  }
  return components;
}
