import type { FilePath } from '../base/file-path.ts';
import { nearestName } from '../base/nearest-name.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { cycleFrom, cyclesIn } from './cycles.ts';
import { compareText } from './migration-facts.ts';
import type { MigrationGraph, MigrationGroup, Reach, UnknownParent } from './project.ts';

/** Where a revision stands in the history, as its file says. */
export interface RevisionFacts {
  readonly id: MigrationId;
  readonly file: FilePath;
  readonly downRevisions: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
}

export function isSameRevisionFacts(one: RevisionFacts, other: RevisionFacts): boolean {
  return (
    one.id === other.id &&
    one.file === other.file &&
    isSame(one.downRevisions, other.downRevisions) &&
    isSame(one.dependsOn, other.dependsOn) &&
    isSame(one.branchLabels, other.branchLabels)
  );
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

/** The graph with the order in which Alembic can run it: parents first; those of a cycle come last. */
export interface OrderedRevisions {
  readonly graph: MigrationGraph;
  readonly order: readonly MigrationId[];
  readonly files: ReadonlyMap<FilePath, MigrationId>;
  fileOf(id: MigrationId): FilePath | undefined;
  /** Its place in the order. */
  placeOf(id: MigrationId): number | undefined;
  resolve(written: string): MigrationId | undefined;
}

/** Revisions depend on no apps. */
const nothingReached: Reach = { isWhole: false, settings: new Set(), unseenApps: new Set() };

interface Place {
  /** What messages call the environment. */
  readonly name: string;
  readonly folder: FilePath;
}

export function orderRevisions(all: readonly RevisionFacts[], { name, folder }: Place): OrderedRevisions {
  const sorted = [...all].sort((one, other) => compareText(one.file, other.file));
  const byId = new Map<MigrationId, RevisionFacts>();
  // Of two files with one id Alembic warns, and keeps the last in name order.
  const namesakes = new Map<MigrationId, FilePath[]>();
  for (const facts of sorted) {
    const lost = byId.get(facts.id);
    if (lost !== undefined) namesakes.set(facts.id, [...(namesakes.get(facts.id) ?? []), lost.file]);
    byId.set(facts.id, facts);
  }
  const resolve = resolverFor(byId);
  const parents = new Map<MigrationId, readonly MigrationId[]>();
  for (const { id, downRevisions, dependsOn } of byId.values()) {
    parents.set(id, [...new Set([...downRevisions, ...dependsOn].flatMap((written) => resolve(written) ?? []))]);
  }
  const children = childrenIn(parents);
  const isContinued = new Set(
    [...byId.values()].flatMap((facts) => facts.downRevisions.flatMap((each) => resolve(each) ?? [])),
  );
  const cycles = cyclesIn(parents);
  const members = [...byId.keys()];
  const order = parentsFirst(members, parents);
  const branches = branchesOf(order, byId, resolve, name);
  const groups = new Map<string, MigrationGroup>();
  for (const each of new Set(branches.values())) {
    const own = members.filter((id) => branches.get(id) === each);
    groups.set(each, { name: each, folder, members: own, leaves: own.filter((id) => !isContinued.has(id)) });
  }
  const ancestorsOf = ancestorsBy(parents);
  const graph: MigrationGraph = {
    groups,
    parentsOf: (id) => parents.get(id) ?? [],
    childrenOf: (id) => children.get(id) ?? [],
    squashOf: () => undefined,
    unknownParentsOf: (id) => unknownParents(byId.get(id), { name, members, resolve, ancestorsOf }),
    cycleThrough: (id) => {
      const around = cycles.get(id);
      return around && cycleFrom(id, around, parents);
    },
    groupOf: (id) => branches.get(id) ?? '',
    namesakesOf: (id) => namesakes.get(id) ?? [],
    ancestorsOf,
    runsBefore: (one, other) => ancestorsOf(other).has(one),
    reachOf: () => nothingReached,
  };
  const places = new Map(order.map((id, place) => [id, place]));
  return {
    graph,
    order,
    files: new Map(order.map((id) => [byId.get(id)?.file ?? '', id])),
    fileOf: (id) => byId.get(id)?.file,
    placeOf: (id) => places.get(id),
    resolve,
  };
}

/** Labelled branches have heads of their own: a revision is in the branch of its label, or of the one it builds on. */
function branchesOf(
  order: readonly MigrationId[],
  byId: ReadonlyMap<MigrationId, RevisionFacts>,
  resolve: (written: string) => MigrationId | undefined,
  unlabelled: string,
): ReadonlyMap<MigrationId, string> {
  const branches = new Map<MigrationId, string>();
  for (const id of order) {
    const { branchLabels = [], downRevisions = [] } = byId.get(id) ?? {};
    const above = downRevisions.map((each) => branches.get(resolve(each) ?? '')).find((each) => each !== unlabelled);
    branches.set(id, branchLabels[0] ?? above ?? unlabelled);
  }
  return branches;
}

/** By the whole id, the beginning of one, or a branch label. */
function resolverFor(byId: ReadonlyMap<MigrationId, RevisionFacts>): (written: string) => MigrationId | undefined {
  const labels = new Map([...byId.values()].flatMap(({ id, branchLabels }) => branchLabels.map((each) => [each, id])));
  return (written) => {
    if (byId.has(written)) return written;
    const label = labels.get(written);
    if (label !== undefined) return label;
    const [only, ...others] = written.length < 4 ? [] : [...byId.keys()].filter((id) => id.startsWith(written));
    return others.length === 0 ? only : undefined;
  };
}

function childrenIn(
  parents: ReadonlyMap<MigrationId, readonly MigrationId[]>,
): ReadonlyMap<MigrationId, readonly MigrationId[]> {
  const children = new Map<MigrationId, MigrationId[]>();
  for (const [id, above] of parents) {
    for (const parent of above) {
      const known = children.get(parent);
      if (known) known.push(id);
      else children.set(parent, [id]);
    }
  }
  return children;
}

function ancestorsBy(parents: ReadonlyMap<MigrationId, readonly MigrationId[]>): MigrationGraph['ancestorsOf'] {
  return (id) => {
    const found = new Set(parents.get(id));
    for (const each of found) for (const parent of parents.get(each) ?? []) found.add(parent);
    return found;
  };
}

interface Known {
  readonly name: string;
  readonly members: readonly MigrationId[];
  resolve(written: string): MigrationId | undefined;
  readonly ancestorsOf: MigrationGraph['ancestorsOf'];
}

function unknownParents(facts: RevisionFacts | undefined, known: Known): readonly UnknownParent[] {
  if (facts === undefined) return [];
  return facts.downRevisions.flatMap((written, index): readonly UnknownParent[] => {
    if (known.resolve(written) !== undefined) return [];
    const candidates = known.members.filter((id) => id !== facts.id && !known.ancestorsOf(id).has(facts.id));
    return [{ index, app: known.name, name: written, nearest: nearestName(written, candidates) }];
  });
}

/** Depth first over the parents, so that a branch stays together. */
function parentsFirst(
  members: readonly MigrationId[],
  parents: ReadonlyMap<MigrationId, readonly MigrationId[]>,
): readonly MigrationId[] {
  const order: MigrationId[] = [];
  const seen = new Set<MigrationId>();
  for (const start of members) {
    // A history can be longer than a call stack is deep.
    const open: { readonly id: MigrationId; next: number }[] = seen.has(start) ? [] : [{ id: start, next: 0 }];
    seen.add(start);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const parent = (parents.get(top.id) ?? [])[top.next++];
      if (parent === undefined) {
        order.push(top.id);
        open.pop();
      } else if (!seen.has(parent)) {
        seen.add(parent);
        open.push({ id: parent, next: 0 });
      }
    }
  }
  return order;
}
