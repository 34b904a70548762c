import type { Project } from '../project/project.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { RelatedPlace } from './rule.ts';

/** Where a migration is named in its own file; undefined for one that is not there. */
export function placeOfMigration(id: MigrationId, project: Project): Pick<RelatedPlace, 'file' | 'span'> | undefined {
  const source = project.source(id);
  if (source !== undefined) return { file: source.file, span: source.class.nameSpan };
  const migration = project.migration(id)?.migration;
  return migration && { file: migration.file, span: migration.at };
}
