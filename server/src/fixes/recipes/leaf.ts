import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { Migration } from '../../schema/migration.ts';
import type { MigrationId } from '../../schema/migration-id.ts';
import { type Refused, refusal } from '../fix.ts';

/** The one migration of the same app that nothing comes after; refuses while there are several. */
export function readLeaf(project: Project, migration: Migration): DjangoMigration | Refused {
  const leaf = leafIdOf(project, migration);
  return (leaf === undefined ? undefined : project.source(leaf)) ?? severalEnds;
}

/** The one head of the branch of a revision; refuses while there are several. */
export function readHead(project: Project, migration: Migration): AlembicRevision | Refused {
  const head = leafIdOf(project, migration);
  return (head === undefined ? undefined : project.revision(head)) ?? severalEnds;
}

const severalEnds = refusal('The history has no single end for a new step to follow: merge its ends first.');

function leafIdOf(project: Project, migration: Migration): MigrationId | undefined {
  const group = project.graph.groups.get(project.graph.groupOf(migration.id));
  const [leaf, ...others] = group?.leaves ?? [];
  return others.length > 0 ? undefined : leaf;
}
