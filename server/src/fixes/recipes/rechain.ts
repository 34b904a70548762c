import type { DjangoMigration } from '../../django/migration-file.ts';
import type { MigrationGroup, Project } from '../../project/project.ts';
import type { MigrationId } from '../../schema/migration-id.ts';
import { quoteOf } from '../edits/layout.ts';
import { insertItems } from '../edits/list-items.ts';
import type { ChangeFile, Fix } from '../fix.ts';
import { dependencyText } from '../new-migration.ts';

/** Hangs the branch of an app that ends in `leaf` behind the last migration of the branch before it in name order. */
export function rechain(project: Project, group: MigrationGroup, leaf: MigrationId): readonly Fix[] {
  const other = group.leaves.filter((id) => id !== leaf).at(-1);
  const target = other === undefined ? undefined : project.source(other);
  if (other === undefined || target === undefined) return [];
  const [root, ...otherRoots] = branchRoots(project, leaf, other);
  const source = root === undefined || otherRoots.length > 0 ? undefined : project.source(root);
  const edit = source && dependOn(source, target);
  if (!source || !edit) return [];
  return [{ title: `Let ${source.name} depend on ${target.name}`, safety: 'review', edits: [edit] }];
}

/** Where the branch of `leaf` leaves the history that it has in common with `other`. */
export function branchRoots({ graph }: Project, leaf: MigrationId, other: MigrationId): readonly MigrationId[] {
  const common = graph.ancestorsOf(other);
  const app = graph.groupOf(leaf);
  const branch = new Set([leaf]);
  const ownParents = (id: MigrationId): readonly MigrationId[] =>
    graph.parentsOf(id).filter((parent) => graph.groupOf(parent) === app && !common.has(parent));
  for (const id of branch) for (const parent of ownParents(id)) branch.add(parent);
  return [...branch].filter((id) => ownParents(id).length === 0);
}

/** Puts `target` in place of what the migration depends on in its own app. */
function dependOn(source: DjangoMigration, target: DjangoMigration): ChangeFile | undefined {
  const { file, text, module, dependencies, dependenciesList: list } = source;
  const newText = dependencyText(target.app, target.name, quoteOf(text));
  const own = dependencies.filter(({ app }) => app === source.app);
  const [only] = own;
  if (only) return own.length > 1 ? undefined : { kind: 'change', file, edits: [{ span: only.at, newText }] };
  if (!list || list.broken) return undefined;
  const site = { text, module, span: list.span, items: list.items };
  return { kind: 'change', file, edits: [insertItems(site, list.items.length, [newText])] };
}
