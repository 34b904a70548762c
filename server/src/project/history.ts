import type { MigrationId } from '../schema/migration-id.ts';
import type { MigrationFacts, Reference } from './migration-facts.ts';
import { compareNames, migrationIdOf } from './migration-facts.ts';

/** The migrations of a project with what is known about its apps. */
export interface HistoryInput {
  readonly migrations: readonly MigrationFacts[];
  /** The value of a setting that names a model: `auth.User`. */
  swappable(setting: string): string | undefined;
}

/**
 * Which migrations stand behind which, with every reference resolved as Django resolves it on an empty database: a
 * squash takes the place of what it replaces, and whoever depended on the replaced ones depends on the squash.
 */
export interface History {
  readonly migrations: ReadonlyMap<MigrationId, MigrationFacts>;
  /** In name order, replaced ones included. */
  readonly apps: ReadonlyMap<string, readonly MigrationFacts[]>;
  /** The squash that stands for a migration, whether or not its file is still there. */
  readonly squashOf: ReadonlyMap<MigrationId, MigrationId>;
  /** Those in whose place a squash stands are missing; parents and children are in name order. */
  readonly parents: ReadonlyMap<MigrationId, readonly MigrationId[]>;
  readonly children: ReadonlyMap<MigrationId, readonly MigrationId[]>;
  /** The last migrations of each app. */
  readonly leaves: ReadonlyMap<string, readonly MigrationId[]>;
  /** What a dependency of a migration means; `unknown` where it names something that does not exist. */
  resolve(reference: Reference, from: MigrationFacts): MigrationId | 'unknown' | undefined;
}

export function readHistory({ migrations: listed, swappable }: HistoryInput): History {
  const sorted = [...listed].sort(compareNames);
  const migrations = new Map(sorted.map((facts) => [facts.id, facts]));
  const apps = groupByApp(sorted);
  const squashOf = squashesOf(sorted);
  const active = sorted.filter(({ id }) => !squashOf.has(id));
  const replacement = (id: MigrationId): MigrationId => finalSquash(squashOf, id);

  const named = (reference: Reference): MigrationId | 'unknown' | undefined => {
    if (reference.app === undefined || reference.name === undefined || !apps.has(reference.app)) return undefined;
    const id = migrationIdOf(reference.app, reference.name);
    const standsFor = replacement(id);
    return migrations.has(standsFor) ? standsFor : 'unknown';
  };
  const ends = endsOfApps(active, replacement);
  const resolve: History['resolve'] = (reference, from) => {
    const app = reference.kind === 'swappable' ? appOf(swappable(reference.setting ?? '')) : reference.app;
    const name = reference.kind === 'swappable' ? '__first__' : reference.name;
    if (app === undefined || reference.kind === 'unknown') return undefined;
    if (name !== '__first__' && name !== '__latest__') return named(reference);
    // Django passes over an app's reference to its own beginning.
    if (app === from.app) return undefined;
    return ends.get(app)?.[name === '__first__' ? 'first' : 'last'];
  };

  const { parents, children } = linksBetween(migrations, active, replacement, resolve);
  return { migrations, apps, squashOf, parents, children, leaves: leavesOf(active, children, migrations), resolve };
}

function groupByApp(sorted: readonly MigrationFacts[]): ReadonlyMap<string, readonly MigrationFacts[]> {
  const apps = new Map<string, MigrationFacts[]>();
  for (const facts of sorted) {
    const members = apps.get(facts.app);
    if (members) members.push(facts);
    else apps.set(facts.app, [facts]);
  }
  return apps;
}

function squashesOf(sorted: readonly MigrationFacts[]): ReadonlyMap<MigrationId, MigrationId> {
  const squashOf = new Map<MigrationId, MigrationId>();
  for (const squash of sorted) {
    for (const { app, name } of squash.replaces) {
      if (app === undefined || name === undefined) continue;
      const id = migrationIdOf(app, name);
      // Two migrations that replace each other would stand for nothing.
      if (!squashOf.has(id) && finalSquash(squashOf, squash.id) !== id) squashOf.set(id, squash.id);
    }
  }
  return squashOf;
}

/** The squash at the end of the line: a squash can be squashed again. */
function finalSquash(squashOf: ReadonlyMap<MigrationId, MigrationId>, id: MigrationId): MigrationId {
  let current = id;
  for (let next = squashOf.get(current); next !== undefined; next = squashOf.get(current)) current = next;
  return current;
}

function appOf(model: string | undefined): string | undefined {
  return model?.split('.')[0];
}

/** The first root and the first leaf of each app: what `__first__` and `__latest__` mean. */
function endsOfApps(
  active: readonly MigrationFacts[],
  replacement: (id: MigrationId) => MigrationId,
): ReadonlyMap<string, { readonly first: MigrationId | undefined; readonly last: MigrationId | undefined }> {
  const hasParent = new Set<MigrationId>();
  const hasChild = new Set<MigrationId>();
  for (const facts of active) {
    for (const { app, name } of facts.dependencies) {
      if (app !== facts.app || name === undefined || name === '__first__') continue;
      hasParent.add(facts.id);
      hasChild.add(replacement(migrationIdOf(app, name)));
    }
  }
  return new Map(
    [...groupByApp(active)].map(([app, members]) => [
      app,
      {
        first: members.find(({ id }) => !hasParent.has(id))?.id,
        last: members.find(({ id }) => !hasChild.has(id))?.id,
      },
    ]),
  );
}

interface Links {
  readonly parents: ReadonlyMap<MigrationId, readonly MigrationId[]>;
  readonly children: ReadonlyMap<MigrationId, readonly MigrationId[]>;
}

function linksBetween(
  migrations: ReadonlyMap<MigrationId, MigrationFacts>,
  active: readonly MigrationFacts[],
  replacement: (id: MigrationId) => MigrationId,
  resolve: History['resolve'],
): Links {
  const parents = new Map(active.map(({ id }) => [id, new Set<MigrationId>()]));
  for (const facts of migrations.values()) {
    const child = replacement(facts.id);
    const link = (from: MigrationId, to: MigrationId): void => {
      // What a squash replaces hangs together among itself; a migration that names itself is a cycle of one.
      if (from !== to || facts.id === from) parents.get(from)?.add(to);
    };
    for (const reference of facts.dependencies) {
      const parent = resolve(reference, facts);
      if (parent !== undefined && parent !== 'unknown') link(child, parent);
    }
    for (const reference of facts.runBefore) {
      const later = resolve(reference, facts);
      if (later !== undefined && later !== 'unknown' && later !== child) link(later, child);
    }
  }
  const children = new Map(active.map(({ id }) => [id, [] as MigrationId[]]));
  for (const { id } of active) {
    for (const parent of parents.get(id) ?? []) children.get(parent)?.push(id);
  }
  const position = new Map(active.map(({ id }, index) => [id, index]));
  const inNameOrder = (ids: ReadonlySet<MigrationId>): readonly MigrationId[] =>
    [...ids].sort((one, other) => (position.get(one) ?? 0) - (position.get(other) ?? 0));
  return { parents: new Map([...parents].map(([id, each]) => [id, inNameOrder(each)])), children };
}

function leavesOf(
  active: readonly MigrationFacts[],
  children: ReadonlyMap<MigrationId, readonly MigrationId[]>,
  migrations: ReadonlyMap<MigrationId, MigrationFacts>,
): ReadonlyMap<string, readonly MigrationId[]> {
  const leaves = new Map<string, MigrationId[]>();
  for (const { id, app } of active) {
    const continues = children.get(id)?.some((child) => child !== id && migrations.get(child)?.app === app);
    if (continues) continue;
    const known = leaves.get(app);
    if (known) known.push(id);
    else leaves.set(app, [id]);
  }
  return leaves;
}
