import { isVersionAtLeast } from '../../base/target.ts';
import type { RenameColumn } from '../../schema/change.ts';
import type { Column } from '../../schema/column.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Table } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import { stringOf } from '../argument-values.ts';
import { findKeyword } from '../edits/arguments.ts';
import { importLines } from '../edits/imports.ts';
import { quoteOf } from '../edits/layout.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented } from '../edits/rewritten.ts';
import { type FieldSource, fieldImports, fieldSourceOf, fieldText } from '../field-source.ts';
import { type Answer, isRefused, type Refused, refusal } from '../fix.ts';
import { chainAfter, type FollowUp } from '../new-migration.ts';
import { changesOfOperation, type OperationSite, readSite } from '../operation-site.ts';
import { doesMore, neededLater, notWrittenOut, unknownDefinition, usesOwnNames } from '../refusals.ts';
import { tableBefore } from '../schema-before.ts';
import { suffixedName, writtenName } from '../sql/sql-names.ts';
import { indexesOn } from './carried-indexes.ts';
import {
  copyMigration,
  isFieldTouchedLater,
  isFree,
  type NamedField,
  removeField,
  replacementRefusal,
  setField,
  takenName,
} from './column-beside.ts';
import { findFieldBefore, type RecipeContext } from './field-definition.ts';
import { createTrigger, type Trigger } from './in-step.ts';
import { separated } from './separated.ts';
import {
  addCheckOperation,
  type NotNullColumn,
  notValidImports,
  proofImports,
  provenNotNull,
} from './validated-not-null.ts';

/** A field that goes by another name from the next release on, with a column of its own. */
interface Renaming {
  readonly site: OperationSite;
  readonly app: string;
  /** As the class is called. */
  readonly model: string;
  readonly from: NamedField;
  readonly to: NamedField;
  readonly definition: FieldSource;
  readonly imports: readonly string[];
  readonly table: Table;
  readonly column: Column;
  readonly trigger: Trigger;
}

/**
 * Gives a renamed field a column of its own: added beside the old one and kept in step both ways by a trigger, so that
 * the release that runs and the next one can both write; filled in batches; then the state renames the field. The old
 * column and the trigger go in a later release, which the drop of a column that has left the state takes care of.
 */
export function renamedByCopy(change: RenameColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { target } = context;
  if (change.origin.name !== 'RenameField' || target.database !== 'postgresql') return [];
  // `AddConstraintNotValid` came with Django 4.0.
  if (!isVersionAtLeast(target.databaseVersion, 11, 0) || !isVersionAtLeast(target.django, 4, 0)) return [];
  const renaming = renamingOf(change, migration, context);
  if (isRefused(renaming)) return renaming;
  const { site, from, to, definition, column, trigger, app, model, table } = renaming;
  const { source, list, index } = site;
  const added = fieldText(definition, { null: 'True', default: undefined });
  const operations = [
    setField('AddField', to, added),
    createTrigger(trigger, to.quote),
    ...(column.nullable ? [] : [addCheckOperation(newColumnOf(renaming), context.target)]),
  ];
  const names = { app, model, from: from.name, to: to.name, table: table.name.name };
  const copy = copyMigration({ ...names, after: source.name, quote: to.quote }, []);
  const chain = chainAfter(context.project, source, [copy, endOf(renaming, copy.slug)]);
  const depth = itemIndentation(list);
  const text = operations.map((operation) => indented(operation, depth)).join(`,\n${depth}`);
  const imports = [...renaming.imports, ...(column.nullable ? [] : notValidImports)];
  return [
    {
      title: `Copy "${change.column}" to "${change.to}", kept in step by a trigger; drop the old column in a later release`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [...importLines(source.text, source.module, [...new Set(imports)]), replaceItem(list, index, text)],
        },
        ...chain.repointed,
        ...chain.created,
      ],
    },
  ];
}

function renamingOf(change: RenameColumn, migration: Migration, context: RecipeContext): Renaming | Refused {
  const { project } = context;
  const site = readSite(change, migration, project, 'top level');
  if (isRefused(site)) return site;
  const table = tableBefore(change.table, change, migration, project);
  const column = table?.columns.get(change.column);
  if (table === undefined || column === undefined) return unknownDefinition;
  const refused = replacementRefusal(column, table, context);
  if (refused !== undefined) return refused;
  const { source, operation } = site;
  const [modelName, oldName, newName] = ['model_name', 'old_name', 'new_name'].map((name) =>
    stringOf(operation.arguments.get(name)),
  );
  if (modelName === undefined || oldName === undefined || newName === undefined) return notWrittenOut;
  if (oldName !== change.column || newName !== change.to) {
    return refusal('The column is not called as the field is.');
  }
  const known = findFieldBefore(site, migration, modelName, oldName, project);
  const definition = known && fieldSourceOf(known.field, project);
  if (known === undefined || definition === undefined) return unknownDefinition;
  const imports = fieldImports(definition);
  if (imports === undefined) return usesOwnNames;
  const indexes = indexesOn(change.column, table, known.model);
  if (indexes === undefined || indexes.length > 0 || known.model.options.indexTogether.length > 0) {
    return refusal(`"${change.column}" is indexed: the copy would be without the index.`);
  }
  if ([oldName, newName].some((name) => isFieldTouchedLater(site, modelName, name))) return neededLater;
  if (changesOfOperation(change, migration).length > 1) return doesMore;
  const names = { app: source.app, model: known.model.name };
  const now = project.migration(migration.id);
  if (!isFree(newName, { ...names, table }, now?.stateBefore, now?.before)) return takenName(newName);
  const quote = quoteOf(source.text);
  return {
    ...names,
    site,
    from: { model: modelName, name: oldName, quote },
    to: { model: modelName, name: newName, quote },
    definition,
    imports,
    table,
    column,
    trigger: renamingTrigger(change, table.name),
  };
}

/** Whichever of the two is written decides; of an INSERT, the one that it names. */
export function renamingTrigger(change: RenameColumn, table: TableName): Trigger {
  const [one, other] = [writtenName(change.column), writtenName(change.to)];
  return {
    name: suffixedName(`${table.name}_${change.column}`, '_renamed'),
    table,
    body: [
      "IF TG_OP = 'INSERT' THEN",
      `    NEW.${other} := coalesce(NEW.${other}, NEW.${one});`,
      `    NEW.${one} := NEW.${other};`,
      `ELSIF NEW.${other} IS DISTINCT FROM OLD.${other} THEN`,
      `    NEW.${one} := NEW.${other};`,
      'ELSE',
      `    NEW.${other} := NEW.${one};`,
      'END IF;',
    ],
  };
}

function newColumnOf({ to, table }: Renaming): NotNullColumn {
  return { model: to.model, field: to.name, table: table.name.name, column: to.name, quote: to.quote };
}

function endOf(renaming: Renaming, after: string): FollowUp {
  const { from, to, definition, imports, table, column, model } = renaming;
  const without = { default: undefined };
  const hasDefault = findKeyword(definition.call, 'default') !== undefined;
  const toNotNull = setField('AlterField', to, fieldText(definition, without));
  const toNull = setField('AlterField', from, fieldText(definition, { ...without, null: 'True' }));
  const withDefault = setField('AlterField', to, fieldText(definition, {}));
  return {
    slug: `rename_${model.toLowerCase()}_${from.name}`,
    docstring: renamedDocstring(
      `Takes "${from.name}" of "${table.name.name}" out of the state, "${to.name}" has its place.`,
      after,
    ),
    imports: [...(column.nullable ? [] : proofImports), ...(column.nullable && !hasDefault ? [] : imports)],
    code: '',
    atomic: true,
    operations: [
      ...(column.nullable ? [] : [...provenNotNull(newColumnOf(renaming), toNotNull), toNull]),
      separated({ state: [...(hasDefault ? [withDefault] : []), removeField(from)] }, 'migrations'),
    ],
  };
}

/** What the last step of this deploy says of itself. */
export function renamedDocstring(sentence: string, after: string): string {
  return [
    sentence,
    '',
    `Runs after ${after}, in the same deploy. Column and trigger stay until a later release drops both: what runs`,
    'now still uses the old name.',
    '',
  ].join('\n');
}
