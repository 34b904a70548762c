import type { AddColumn } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { insertItems, itemIndentation } from '../edits/list-items.ts';
import { indented } from '../edits/rewritten.ts';
import type { Fix } from '../fix.ts';
import { findOperationSite, migrationsModule } from '../operation-site.ts';
import type { RecipeContext } from './field-definition.ts';

/**
 * MySQL and MariaDB copy a table to add a foreign key, to look every row up, unless the session has switched the look-up
 * off. For a new column that is NULL in every row there is nothing to look up, so nothing is missed.
 */
export function uncheckedForeignKey(
  change: AddColumn,
  migration: Migration,
  { project }: RecipeContext,
): readonly Fix[] {
  const { column, transientDefault, origin } = change;
  const isEmpty = column.nullable && column.default === undefined && transientDefault === undefined;
  if (!isEmpty || column.references?.enforced !== true || origin.name !== 'AddField') return [];
  const site = findOperationSite(change, migration, project);
  if (site === undefined || !site.isTopLevel) return [];
  const { source, list, index } = site;
  const { name, edits } = migrationsModule(source);
  const quote = quoteOf(source.text);
  const statement = (value: 0 | 1): string =>
    indented(
      [
        `${name}.RunSQL(`,
        `    ${quoted(`SET foreign_key_checks = ${value}`, quote)},`,
        `    reverse_sql=${name}.RunSQL.noop,`,
        ')',
      ].join('\n'),
      itemIndentation(list),
    );
  return [
    {
      title: 'Add the foreign key without looking up rows that are all NULL',
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [...edits, insertItems(list, index, [statement(0)]), insertItems(list, index + 1, [statement(1)])],
        },
      ],
    },
  ];
}
