import type { AddColumn, DropColumn } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { stringOf } from '../argument-values.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { itemIndentation, removeItemKeepingComments, replaceItem } from '../edits/list-items.ts';
import { indented } from '../edits/rewritten.ts';
import type { FieldSource } from '../field-source.ts';
import { fieldSourceOf, fieldText, isSameDefinition } from '../field-source.ts';
import type { Fix } from '../fix.ts';
import { findOperationSite, migrationsModule } from '../operation-site.ts';
import { findFieldBefore, type RecipeContext } from './field-definition.ts';

/** Keeps the column with its values: under its new name, and with its new definition where that differs. */
export function renameInsteadOfRecreate(
  dropped: DropColumn,
  added: AddColumn,
  migration: Migration,
  { project }: RecipeContext,
): readonly Fix[] {
  const removal = findOperationSite(dropped, migration, project);
  const addition = findOperationSite(added, migration, project);
  if (removal?.operation.name !== 'RemoveField' || addition?.operation.name !== 'AddField') return [];
  if (!removal.isTopLevel || !addition.isTopLevel) return [];
  const { source } = removal;
  const model = stringOf(removal.operation.arguments.get('model_name'));
  const oldName = stringOf(removal.operation.arguments.get('name'));
  const newName = stringOf(addition.operation.arguments.get('name'));
  const field = addition.operation.arguments.get('field');
  if (model === undefined || oldName === undefined || newName === undefined || field?.kind !== 'call') return [];
  const known = findFieldBefore(removal, migration, model, oldName, project);
  const before = known && fieldSourceOf(known.field, project);
  const after: FieldSource = { text: source.text, module: source.module, call: field.at };
  // `preserve_default=False`: the default was for the rows that were there, which keep their values now.
  const isOneOff = addition.operation.arguments.get('preserve_default')?.at.kind === 'constant';
  const ignored = isOneOff ? ['default'] : [];
  const migrations = migrationsModule(source);
  const names = { model, oldName, newName, quote: quoteOf(source.text), migrations: migrations.name };
  const operations = [
    ...(oldName === newName ? [] : [renameText(names)]),
    ...(oldName !== newName && before !== undefined && isSameDefinition(before, after, ignored)
      ? []
      : [alterText(names, after, isOneOff)]),
  ];
  const depth = itemIndentation(removal.list);
  const newText = operations.map((operation) => indented(operation, depth)).join(`,\n${depth}`);
  return [
    {
      title:
        oldName === newName ? `Change "${oldName}" in place instead` : `Rename "${oldName}" to "${newName}" instead`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [
            ...migrations.edits,
            replaceItem(removal.list, removal.index, newText),
            removeItemKeepingComments(addition.list, addition.index),
          ],
        },
      ],
    },
  ];
}

interface Names {
  readonly model: string;
  readonly oldName: string;
  readonly newName: string;
  readonly quote: '"' | "'";
  readonly migrations: string;
}

function renameText({ model, oldName, newName, quote, migrations }: Names): string {
  return [
    `${migrations}.RenameField(`,
    `    model_name=${quoted(model, quote)},`,
    `    old_name=${quoted(oldName, quote)},`,
    `    new_name=${quoted(newName, quote)},`,
    ')',
  ].join('\n');
}

function alterText({ model, newName, quote, migrations }: Names, field: FieldSource, isOneOff: boolean): string {
  return [
    `${migrations}.AlterField(`,
    `    model_name=${quoted(model, quote)},`,
    `    name=${quoted(newName, quote)},`,
    `    field=${indented(fieldText(field, isOneOff ? { default: undefined } : {}), '    ')},`,
    ')',
  ].join('\n');
}
