import type { FilePath } from '../base/file-path.ts';
import { folderOf } from '../base/file-path.ts';
import { nearestName } from '../base/nearest-name.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { cycleFrom, cyclesIn } from './cycles.ts';
import type { Step } from './execution-order.ts';
import { executionOrder } from './execution-order.ts';
import type { History, HistoryInput } from './history.ts';
import { readHistory } from './history.ts';
import type { MigrationFacts, Reference } from './migration-facts.ts';
import type { MigrationGraph, MigrationGroup } from './project.ts';
import { isMissing, reachIn, runsBeforeIn } from './reach.ts';

/** The graph together with what only `project/` needs of it. */
export interface OrderedGraph {
  readonly graph: MigrationGraph;
  readonly history: History;
  readonly steps: readonly Step[];
}

export function orderedGraphOf(input: HistoryInput): OrderedGraph {
  const history = readHistory(input);
  const cycles = cyclesIn(history.parents);
  const ancestors = ancestorsIn(history);
  const steps = executionOrder(history, (id) => cycles.has(id));
  const ancestry = { steps, parentsOf: (id: MigrationId) => parentsOf(id, history), ancestorsOf: ancestors };
  const graph: MigrationGraph = {
    groups: groupsOf(history),
    parentsOf: ancestry.parentsOf,
    childrenOf: (id) => history.children.get(id) ?? [],
    squashOf: (id) => history.squashOf.get(id),
    unknownParentsOf: (id) => unknownParentsOf(id, history, ancestors),
    cycleThrough: (id) => {
      const members = cycles.get(id);
      return members && cycleFrom(id, members, history.parents);
    },
    groupOf: (id) => history.migrations.get(id)?.app ?? '',
    ancestorsOf: ancestors,
    runsBefore: runsBeforeIn(ancestry),
    reachOf: reachIn(ancestry, history, input.swappable),
  };
  return { graph, history, steps };
}

function groupsOf(history: History): ReadonlyMap<string, MigrationGroup> {
  const groups = new Map<string, MigrationGroup>();
  for (const [name, migrations] of history.apps) {
    groups.set(name, {
      name,
      folder: folderOfGroup(migrations),
      members: migrations.map(({ id }) => id),
      leaves: history.leaves.get(name) ?? [],
    });
  }
  return groups;
}

function folderOfGroup([first]: readonly MigrationFacts[]): FilePath {
  return first === undefined ? '' : folderOf(first.file);
}

/**
 * What a dependency leads to. For a migration that a squash stands for it is what its file says: were it run, the others
 * that the squash stands for would be run, too.
 */
export function parentOf(reference: Reference, of: MigrationFacts, history: History): MigrationId | undefined {
  const written = `${reference.app}.${reference.name}`;
  if (history.squashOf.has(of.id) && history.migrations.has(written)) return written;
  const parent = history.resolve(reference, of);
  return parent === 'unknown' ? undefined : parent;
}

function parentsOf(id: MigrationId, history: History): readonly MigrationId[] {
  const facts = history.migrations.get(id);
  const active = history.parents.get(id);
  if (active || !facts) return active ?? [];
  return [...new Set(facts.dependencies.flatMap((reference) => parentOf(reference, facts, history) ?? []))];
}

function ancestorsIn(history: History): MigrationGraph['ancestorsOf'] {
  const known = new Map<MigrationId, ReadonlySet<MigrationId>>();
  return (id) => {
    let ancestors = known.get(id);
    if (!ancestors) {
      const found = new Set(parentsOf(id, history));
      for (const each of found) {
        for (const parent of parentsOf(each, history)) found.add(parent);
      }
      ancestors = found;
      known.set(id, ancestors);
    }
    return ancestors;
  };
}

function unknownParentsOf(
  id: MigrationId,
  history: History,
  ancestorsOf: MigrationGraph['ancestorsOf'],
): ReturnType<MigrationGraph['unknownParentsOf']> {
  const facts = history.migrations.get(id);
  if (!facts) return [];
  return facts.dependencies.flatMap((reference, index) => {
    const { app, name } = reference;
    if (app === undefined || name === undefined || !isMissing(reference, facts, history)) return [];
    const candidates = (history.apps.get(app) ?? []).filter(
      (each) => each.id !== id && !history.squashOf.has(each.id) && !ancestorsOf(each.id).has(id),
    );
    return [{ index, app, name, nearest: nearestMigration(name, candidates)?.id }];
  });
}

/** The migration that a name was most likely meant for: renamed under its number, or a slip of the keyboard. */
function nearestMigration(name: string, candidates: readonly MigrationFacts[]): MigrationFacts | undefined {
  const number = /^\d+_/.exec(name)?.[0];
  const sameNumber = candidates.filter((each) => number !== undefined && each.name.startsWith(number));
  const among = sameNumber.length > 0 ? sameNumber : candidates;
  const nearest = nearestName(
    name,
    among.map((each) => each.name),
  );
  if (nearest !== undefined) return among.find((each) => each.name === nearest);
  return sameNumber.length === 1 ? sameNumber[0] : undefined;
}
