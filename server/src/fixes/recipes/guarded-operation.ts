import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { importModule } from '../edits/imports.ts';
import { quoteOf } from '../edits/layout.ts';
import { insertItems } from '../edits/list-items.ts';
import { insertBeforeClass, unusedName } from '../edits/migration-class.ts';
import type { Answer } from '../fix.ts';
import { findCarrierSite, migrationsModule } from '../operation-site.ts';
import { guardedRevision } from './alembic/guarded-revision.ts';
import { destructiveFlag, guardLines } from './guard-lines.ts';

/** Puts a step in front of a destructive operation that raises unless {@link destructiveFlag} is set. */
export function guardedOperation(
  change: Change,
  migration: Migration,
  { project }: { project: Project },
): readonly Answer[] {
  if (migration.framework === 'alembic') return guardedRevision(change, migration, { project });
  const site = findCarrierSite(change, migration, project);
  if (site === undefined || !site.isTopLevel) return [];
  const { source } = site;
  const os = importModule(source.text, source.module, 'os');
  const migrations = migrationsModule(source);
  const quote = quoteOf(source.text);
  const known = existingGuard(source, os.name, quote);
  const name = known ?? unusedName(source, guardName);
  const step = `${migrations.name}.RunPython(${name}, ${migrations.name}.RunPython.noop)`;
  const edits = [
    ...os.edits,
    ...migrations.edits,
    ...(known === undefined ? [insertBeforeClass(source, guardFunction(name, os.name, quote))] : []),
    insertItems(site.list, site.index, [step]),
  ];
  return [
    {
      title: `Run this only where ${destructiveFlag} is set`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits }],
    },
  ];
}

const guardName = 'require_destructive_migrations_allowed';

/** The function of a guard that stands in the file already, for another operation. */
function existingGuard({ text, module }: DjangoMigration, os: string, quote: '"' | "'"): string | undefined {
  const found = module.body.find(
    ({ kind, span }) =>
      kind === 'function' &&
      text.slice(span.start, span.end).replaceAll('\r\n', '\n') === guardFunction(guardName, os, quote),
  );
  return found && guardName;
}

function guardFunction(name: string, os: string, quote: '"' | "'"): string {
  return [`def ${name}(apps, schema_editor):`, ...guardLines(os, quote).map((line) => `    ${line}`)].join('\n');
}
