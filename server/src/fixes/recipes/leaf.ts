import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { Migration } from '../../schema/migration.ts';
import type { MigrationId } from '../../schema/migration-id.ts';

/** The one migration of the same app that nothing comes after; `undefined` while there are several. */
export function leafOf(project: Project, migration: Migration): DjangoMigration | undefined {
  const leaf = leafIdOf(project, migration);
  return leaf === undefined ? undefined : project.source(leaf);
}

/** The one head of the branch of a revision; `undefined` while there are several. */
export function headOf(project: Project, migration: Migration): AlembicRevision | undefined {
  const head = leafIdOf(project, migration);
  return head === undefined ? undefined : project.revision(head);
}

function leafIdOf(project: Project, migration: Migration): MigrationId | undefined {
  const group = project.graph.groups.get(project.graph.groupOf(migration.id));
  const [leaf, ...others] = group?.leaves ?? [];
  return others.length > 0 ? undefined : leaf;
}
