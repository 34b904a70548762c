import type { DjangoMigration } from '../../django/migration-file.ts';
import { importName } from '../edits/imports.ts';
import { quoteOf } from '../edits/layout.ts';
import { insertItems } from '../edits/list-items.ts';
import type { Fix } from '../fix.ts';
import { dependencyText } from '../new-migration.ts';

/** What a migration is to depend on, too. */
export type NewDependency =
  | { readonly kind: 'migration'; readonly app: string; readonly name: string }
  | { readonly kind: 'swappable'; readonly setting: string };

/** Nothing where the dependencies are not written as one list. */
export function addedDependency(source: DjangoMigration, dependency: NewDependency): readonly Fix[] {
  const { file, text, module, dependenciesList: list } = source;
  if (list === undefined || list.broken) return [];
  const { title, item, imports } = written(source, dependency);
  const site = { text, module, span: list.span, items: list.items };
  return [
    {
      title,
      safety: 'safe',
      edits: [{ kind: 'change', file, edits: [...imports, insertItems(site, list.items.length, [item])] }],
    },
  ];
}

function written({ text, module }: DjangoMigration, dependency: NewDependency) {
  if (dependency.kind === 'migration') {
    const { app, name } = dependency;
    return { title: `Depend on ${app}.${name}`, item: dependencyText(app, name, quoteOf(text)), imports: [] };
  }
  const settings = importName(text, module, 'django.conf', 'settings');
  const migrations = importName(text, module, 'django.db', 'migrations');
  const name = `${settings.name}.${dependency.setting}`;
  return {
    title: `Depend on the app of ${name}`,
    item: `${migrations.name}.swappable_dependency(${name})`,
    imports: [...settings.edits, ...migrations.edits],
  };
}
