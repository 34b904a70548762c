import { folderOf, joinPath } from '../../base/file-path.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { Migration } from '../../schema/migration.ts';
import { quoteOf } from '../edits/layout.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import type { Fix } from '../fix.ts';
import { migrationSlug } from '../migration-name.ts';
import { dependencyText, renamedMigrationName, repointAll } from '../new-migration.ts';
import { findOperationOf } from '../operation-site.ts';

/**
 * Names a migration for what it does: the file, and what depends on it. It replaces the one with the old name, so that
 * Django does not run it again where that has run.
 */
export function renamedMigration(migration: Migration, { project }: { readonly project: Project }): readonly Fix[] {
  const source = project.source(migration.id);
  const slug = source && slugOf(source, migration);
  // What replaces others has had another name before, and keeps the list of them.
  if (source === undefined || slug === undefined || source.replaces.length > 0) return [];
  const name = renamedMigrationName(project, source, slug);
  const repointed = repointAll(project, source, name);
  if (repointed === undefined) return [];
  const replaced = `[${dependencyText(source.app, source.name, quoteOf(source.text))}]`;
  const { file } = source;
  return [
    {
      title: `Rename the migration to ${name}`,
      safety: 'review',
      edits: [
        { kind: 'change', file, edits: [setClassAttribute(source, 'replaces', replaced)] },
        ...repointed,
        { kind: 'rename', file, to: joinPath(folderOf(file), `${name}.py`) },
      ],
    },
  ];
}

function slugOf(source: DjangoMigration, { forward }: Migration): string | undefined {
  return migrationSlug(
    source.operations.map((operation) => ({
      operation,
      changes: forward.filter((change) => findOperationOf(change, source) === operation),
    })),
  );
}
