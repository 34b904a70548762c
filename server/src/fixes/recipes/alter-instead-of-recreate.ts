import type { ModelOptions, ModelState } from '../../django/project-state.ts';
import { defaultOptions, findModel } from '../../django/project-state.ts';
import type { Project } from '../../project/project.ts';
import type { CreateTable, DropTable } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { stringOf } from '../argument-values.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { itemIndentation, removeItem, removeItemKeepingComments, replaceItem } from '../edits/list-items.ts';
import { indented } from '../edits/rewritten.ts';
import { newlyUnusedImports } from '../edits/unused-imports.ts';
import type { FieldSource } from '../field-source.ts';
import { fieldSourceOf, fieldText, isSameDefinition } from '../field-source.ts';
import type { Fix } from '../fix.ts';
import type { OperationSite } from '../operation-site.ts';
import { findOperationSite, migrationsModule } from '../operation-site.ts';
import type { RecipeContext } from './field-definition.ts';

/** Keeps the table with its rows: renamed where the name differs, its columns added, altered and removed. */
export function alterInsteadOfRecreate(
  dropped: DropTable,
  created: CreateTable,
  migration: Migration,
  { project }: RecipeContext,
): readonly Fix[] {
  const removal = findOperationSite(dropped, migration, project);
  const creation = findOperationSite(created, migration, project);
  if (removal?.operation.name !== 'DeleteModel' || creation?.operation.name !== 'CreateModel') return [];
  if (!removal.isTopLevel || !creation.isTopLevel) return [];
  const oldName = stringOf(removal.operation.arguments.get('name'));
  const newName = stringOf(creation.operation.arguments.get('name'));
  const old = oldName === undefined ? undefined : modelBefore(removal, oldName, migration, project);
  const fields = newFieldsOf(creation);
  if (old === undefined || newName === undefined || fields === undefined || !isPlain(old, creation)) return [];
  const { source } = removal;
  const migrations = migrationsModule(source);
  const writer: Writer = { model: newName, quote: quoteOf(source.text), migrations: migrations.name };
  const isRenamed = old.name.toLowerCase() !== newName.toLowerCase();
  const operations = [
    ...(isRenamed ? [operationText(writer, 'RenameModel', { old_name: old.name, new_name: newName })] : []),
    ...alterations(old, fields, writer, project),
  ];
  const title = isRenamed ? `Rename "${old.name}" to "${newName}" instead` : 'Change the table instead';
  const replaced = replacementEdits(removal, creation, operations);
  const edits = [...migrations.edits, ...newlyUnusedImports(source.text, source.module, replaced), ...replaced];
  return [{ title, safety: 'review', edits: [{ kind: 'change', file: source.file, edits }] }];
}

function replacementEdits(removal: OperationSite, creation: OperationSite, operations: readonly string[]) {
  const { list, index } = creation;
  if (operations.length === 0) return [removeItem(removal.list, removal.index), removeItem(list, index)];
  const depth = itemIndentation(list);
  const newText = operations.map((operation) => indented(operation, depth)).join(`,\n${depth}`);
  return [removeItemKeepingComments(removal.list, removal.index), replaceItem(list, index, newText)];
}

function modelBefore(
  site: OperationSite,
  name: string,
  migration: Migration,
  project: Project,
): ModelState | undefined {
  const state = project.migration(migration.id)?.stateBefore;
  const model = state && findModel(state, { app: site.source.app, name: name.toLowerCase() });
  return model?.complete ? model : undefined;
}

/** The fields of a `CreateModel` by name; `undefined` where one of them is not written as a call in this file. */
function newFieldsOf({ source, operation }: OperationSite): ReadonlyMap<string, FieldSource> | undefined {
  const list = operation.arguments.get('fields');
  if (list?.kind !== 'list' || list.partial) return undefined;
  const fields = new Map<string, FieldSource>();
  for (const item of list.items) {
    if (item.kind !== 'tuple') return undefined;
    const [name, field] = item.items;
    if (name?.kind !== 'string' || field?.kind !== 'call' || field.module !== source.module) return undefined;
    fields.set(name.value, { text: source.text, module: source.module, call: field.at });
  }
  return fields;
}

/** Options beyond these reach the table, and would have to be changed by operations of their own. */
const harmlessOptions = ['verbose_name', 'verbose_name_plural', 'ordering', 'get_latest_by', 'default_related_name'];

function isPlain(old: ModelState, creation: OperationSite): boolean {
  if (creation.operation.arguments.has('bases') || creation.operation.arguments.has('managers')) return false;
  const options = creation.operation.arguments.get('options');
  if (options !== undefined && options.kind !== 'dictionary') return false;
  const names = options?.entries.map(({ key }) => stringOf(key) ?? '') ?? [];
  return names.every((name) => harmlessOptions.includes(name)) && hasDefaultOptions(old.options);
}

function hasDefaultOptions(options: ModelOptions): boolean {
  return JSON.stringify(options) === JSON.stringify(defaultOptions);
}

interface Writer {
  readonly model: string;
  readonly quote: '"' | "'";
  readonly migrations: string;
}

function alterations(
  old: ModelState,
  fields: ReadonlyMap<string, FieldSource>,
  writer: Writer,
  project: Project,
): readonly string[] {
  const operations: string[] = [];
  for (const [name, field] of fields) {
    const known = old.fields.get(name);
    const before = known && fieldSourceOf(known, project);
    if (before && isSameDefinition(before, field, ['verbose_name', 'serialize'])) continue;
    const operation = known ? 'AlterField' : 'AddField';
    operations.push(operationText(writer, operation, { model_name: writer.model, name }, fieldText(field, {})));
  }
  for (const [name, field] of old.fields) {
    if (fields.has(name) || field.primaryKey) continue;
    operations.push(operationText(writer, 'RemoveField', { model_name: writer.model, name }));
  }
  return operations;
}

function operationText(
  { quote, migrations }: Writer,
  operation: string,
  names: Readonly<Record<string, string>>,
  field?: string,
): string {
  const lines = Object.entries(names).map(([key, value]) => `    ${key}=${quoted(value, quote)},`);
  const last = field === undefined ? [] : [`    field=${indented(field, '    ')},`];
  return [`${migrations}.${operation}(`, ...lines, ...last, ')'].join('\n');
}
