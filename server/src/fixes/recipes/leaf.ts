import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { Migration } from '../../schema/migration.ts';

/** The one migration of the same app that nothing comes after; `undefined` while there are several. */
export function leafOf(project: Project, migration: Migration): DjangoMigration | undefined {
  const group = project.graph.groups.get(project.graph.groupOf(migration.id));
  const [leaf, ...others] = group?.leaves ?? [];
  return leaf === undefined || others.length > 0 ? undefined : project.source(leaf);
}
