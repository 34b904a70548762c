import type { RenameColumn } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { stringOf } from '../argument-values.ts';
import { importLines } from '../edits/imports.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { fieldImports, fieldSourceOf, fieldText } from '../field-source.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';
import { isDefinedLater, modelKeyword } from '../model-field.ts';
import type { OperationSite } from '../operation-site.ts';
import { migrationsModule, readSite } from '../operation-site.ts';
import { notWrittenOut, unknownDefinition, usesOwnNames } from '../refusals.ts';
import { findFieldBefore, type RecipeContext } from './field-definition.ts';
import { separated } from './separated.ts';

/** Renames a field and leaves its column where it is: only the state and the model change. */
export function renamedInPython(
  change: RenameColumn,
  migration: Migration,
  { project }: RecipeContext,
): readonly Answer[] {
  if (change.origin.name !== 'RenameField') return [];
  const site = readSite(change, migration, project, 'top level');
  if (isRefused(site)) return site;
  const { source, operation, call, list, index } = site;
  const [model, from, to] = ['model_name', 'old_name', 'new_name'].map((name) =>
    stringOf(operation.arguments.get(name)),
  );
  if (model === undefined || from === undefined || to === undefined) return notWrittenOut;
  const known = findFieldBefore(site, migration, model, from, project);
  const definition = known && fieldSourceOf(known.field, project);
  if (known === undefined || definition === undefined) return unknownDefinition;
  const imports = fieldImports(definition);
  if (imports === undefined) return usesOwnNames;
  const renamed = { site, model: known.model.name, field: to };
  if (isTouchedLater(site, model, to) || isDefinedLater(renamed, migration, project)) {
    return refusal(`A later operation defines "${to}" anew, and would rename the column after all.`);
  }
  const quote = quoteOf(source.text);
  const column = quoted(change.column, quote);
  const migrations = migrationsModule(source);
  const alter = [
    `${migrations.name}.AlterField(`,
    `    model_name=${quoted(model, quote)},`,
    `    name=${quoted(to, quote)},`,
    `    field=${indented(fieldText(definition, { db_column: column }), '    ')},`,
    ')',
  ].join('\n');
  const text = separated({ state: [rewritten(source.text, call.span, []), alter] }, migrations.name);
  const inModel = modelKeyword(renamed, 'db_column', column, project);
  return [
    {
      title: `Rename the field and keep its column: db_column=${column}${inModel.advice}`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [
            ...importLines(source.text, source.module, imports),
            ...migrations.edits,
            replaceItem(list, index, indented(text, itemIndentation(list))),
          ],
        },
        ...inModel.edits,
      ],
    },
  ];
}

/** Whether a later operation of the migration deals with the field under its new name, or with its model as a whole. */
function isTouchedLater({ source, operation }: OperationSite, model: string, field: string): boolean {
  const later = source.operations.slice(source.operations.indexOf(operation) + 1);
  return later.some(({ known, name, arguments: given }) => {
    const named = (key: string): string | undefined => stringOf(given.get(key))?.toLowerCase();
    if (!known || name === 'RenameModel' || name === 'DeleteModel') return true;
    const isSameField = named('name') === field.toLowerCase() || named('old_name') === field.toLowerCase();
    return named('model_name') === model.toLowerCase() && isSameField;
  });
}
