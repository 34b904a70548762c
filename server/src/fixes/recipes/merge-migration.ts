import { joinPath } from '../../base/file-path.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { MigrationGroup, Project } from '../../project/project.ts';
import { lineBreakOf, quoteOf } from '../edits/layout.ts';
import type { Fix } from '../fix.ts';
import { dependencyText } from '../new-migration.ts';

/** Django gives up on listing the merged migrations in the name of the merge where that is longer. */
const longestListing = 47;

/** Joins all last migrations of an app, as `makemigrations --merge` does. */
export function mergeMigration(project: Project, group: MigrationGroup): readonly Fix[] {
  const leaves = group.leaves.flatMap((id) => project.source(id) ?? []);
  const last = leaves.at(-1);
  if (last === undefined || leaves.length < 2 || leaves.length < group.leaves.length) return [];
  const name = unusedName(project, group, mergeName(leaves.map((leaf) => leaf.name)));
  return [
    {
      title: `Merge them in a new migration, ${name}`,
      safety: 'review',
      edits: [{ kind: 'create', file: joinPath(group.folder, `${name}.py`), text: mergeText(leaves, last) }],
    },
  ];
}

/** `0003_merge_0002_bin_capacity_0002_bin_is_cooled`: Django's name, but for the time of day in its place if too long. */
function mergeName(names: readonly string[]): string {
  const number = String(Math.max(...names.map(numberOf)) + 1).padStart(4, '0');
  const listing = [...names].sort().join('_');
  return listing.length > longestListing ? `${number}_merge` : `${number}_merge_${listing}`;
}

/** A squash counts with the last number that it replaces; a name without a number counts as the first. */
function numberOf(name: string): number {
  return Number(/_squashed_(\d+)/.exec(name)?.[1] ?? /^\d+/.exec(name)?.[0] ?? 1);
}

function unusedName(project: Project, { folder }: MigrationGroup, wanted: string): string {
  let name = wanted;
  for (let suffix = 2; project.exists(joinPath(folder, `${name}.py`)); suffix++) name = `${wanted}_${suffix}`;
  return name;
}

/** Laid out like the migrations that it joins. */
function mergeText(leaves: readonly DjangoMigration[], like: DjangoMigration): string {
  const quote = quoteOf(like.text);
  const dependencies = leaves.map(({ app, name }) => `        ${dependencyText(app, name, quote)},`).sort();
  const startsWithBlankLine = /^[^\n]*:[ \t]*\r?\n[ \t]*\r?\n/.test(like.text.slice(like.class.nameSpan.end));
  const lines = [
    'from django.db import migrations',
    '',
    '',
    'class Migration(migrations.Migration):',
    ...(startsWithBlankLine ? [''] : []),
    '    dependencies = [',
    ...dependencies,
    '    ]',
    '',
    '    operations = []',
    '',
  ];
  return lines.join(lineBreakOf(like.text));
}
