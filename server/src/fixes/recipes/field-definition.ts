import type { Target } from '../../base/target.ts';
import type { DjangoMigration, DjangoOperation } from '../../django/migration-file.ts';
import { findModel } from '../../django/project-state.ts';
import type { Project } from '../../project/project.ts';
import type { AddColumn, AddConstraint, AlterColumn, Change, CreateIndex } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { TableName } from '../../schema/table-name.ts';
import type { Value } from '../../syntax/value.ts';
import { stringOf } from '../argument-values.ts';
import { findKeyword } from '../edits/arguments.ts';
import { carriedImports } from '../edits/carried-imports.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { indented } from '../edits/rewritten.ts';
import type { FieldSource, KeywordChanges } from '../field-source.ts';
import { fieldImports, fieldText, findModelField } from '../field-source.ts';
import { isRefused, type Refused, refusal } from '../fix.ts';
import type { OperationSite } from '../operation-site.ts';
import { migrationsModule, readSite } from '../operation-site.ts';
import { notWrittenOut, usesOwnNames } from '../refusals.ts';
import type { FillValue } from './backfill.ts';

/** What recipes are told about the surroundings of a change. */
export interface RecipeContext {
  readonly project: Project;
  readonly target: Target;
}

/** The field of an `AddField` or `AlterField`, with all that is needed to write it again elsewhere. */
export interface FieldDefinition {
  readonly site: OperationSite;
  readonly app: string;
  /** As the operation writes it: Django accepts any case. */
  readonly modelName: string;
  /** As the class is called: `Order`. */
  readonly model: string;
  readonly field: string;
  readonly definition: FieldSource;
  /** What the definition needs in another file. */
  readonly imports: readonly string[];
  readonly table: string;
  readonly tableName: TableName;
  readonly column: string;
  readonly quote: '"' | "'";
}

/** Refuses where the operation is not written so that it can be taken apart and put into other files. */
export function readFieldDefinition(
  change: AddColumn | AddConstraint | AlterColumn | CreateIndex,
  column: string,
  migration: Migration,
  { project }: RecipeContext,
  place: 'top level' | 'anywhere',
): FieldDefinition | Refused {
  if (migration.framework !== 'django') return [];
  if (change.origin.sql !== undefined)
    return refusal('It is done in SQL: the steps are written for AddField and AlterField alone.');
  const site = readSite(change, migration, project, place);
  if (isRefused(site)) return site;
  const { source, operation } = site;
  const migrations = migrationsModule(source);
  // The operations that are written anew go by the usual name of the module.
  if (migrations.name !== 'migrations' || migrations.edits.length > 0)
    return refusal('This file knows the module `migrations` of Django by another name.');
  const modelName = stringOf(operation.arguments.get('model_name'));
  const field = stringOf(operation.arguments.get('name'));
  const definition = definitionOf(operation.arguments.get('field'), source);
  if (modelName === undefined || field === undefined || definition === undefined) return notWrittenOut;
  const imports = fieldImports(definition);
  if (imports === undefined) return usesOwnNames;
  const state = project.migration(migration.id)?.stateAfter;
  const model = state && findModel(state, { app: source.app, name: modelName.toLowerCase() })?.name;
  if (model === undefined) return refusal(`No migration in sight creates the model "${modelName}".`);
  return {
    site,
    app: source.app,
    modelName,
    model,
    field,
    definition,
    imports,
    table: change.table.name,
    tableName: change.table,
    column,
    quote: quoteOf(source.text),
  };
}

function definitionOf(value: Value | undefined, source: DjangoMigration): FieldSource | undefined {
  if (value?.kind !== 'call' || value.module !== source.module) return undefined;
  return { text: source.text, module: source.module, call: value.at };
}

/** `AddField` or `AlterField` of the field with some keywords changed, and another class if one is given; in column 0. */
export function fieldOperation(
  name: 'AddField' | 'AlterField',
  of: FieldDefinition,
  changes: KeywordChanges,
  className?: string,
): string {
  const { quote } = of;
  return [
    `migrations.${name}(`,
    `    model_name=${quoted(of.modelName, quote)},`,
    `    name=${quoted(of.field, quote)},`,
    `    field=${indented(fieldText(of.definition, changes, className), '    ')},`,
    ...(isDefaultForgotten(of, changes) ? ['    preserve_default=False,'] : []),
    ')',
  ].join('\n');
}

/** Whether the state is not to keep the default that is written: it was for the rows of that moment. */
function isDefaultForgotten({ site, definition }: FieldDefinition, changes: KeywordChanges): boolean {
  const isKept = site.operation.arguments.get('preserve_default');
  if (isKept?.kind !== 'constant' || isKept.value !== false) return false;
  const isTakenOut = Object.hasOwn(changes, 'default') && changes['default'] === undefined;
  return !isTakenOut && findKeyword(definition.call, 'default') !== undefined;
}

/**
 * The value that Django itself would put into rows without one: the field's Python default. A callable is called
 * once, as Django does.
 *
 * @returns `'none'` where the field has no default, `undefined` where the default cannot be written in another file
 */
export function defaultValueOf(of: FieldDefinition): FillValue | 'none' | undefined {
  const { source, operation } = of.site;
  const field = operation.arguments.get('field');
  const value = field?.kind === 'call' ? field.keywords.get('default') : undefined;
  if (value === undefined) return 'none';
  if (value.module !== source.module) return undefined;
  const carried = carriedImports(source.text, source.module, [value.at]);
  if (carried.missing.length > 0 || value.kind === 'unknown') return undefined;
  const written = source.text.slice(value.at.span.start, value.at.span.end);
  const isCallable = value.kind === 'reference' || value.kind === 'function' || value.at.kind === 'lambda';
  return { code: isCallable ? `${written}()` : written, imports: carried.lines };
}

/** Whether an operation behind this one deals with the same model: then it cannot be moved behind that one. */
export function isTouchedLater({ site, modelName }: FieldDefinition): boolean {
  const { operations } = site.source;
  const later = operations.slice(operations.indexOf(site.operation) + 1);
  return later.some((operation) => {
    const names = ['model_name', 'name', 'old_name'].map((key) =>
      stringOf(operation.arguments.get(key))?.toLowerCase(),
    );
    return names.includes(modelName.toLowerCase()) || !operation.known;
  });
}

/** Whether a later operation of the migration is about this very field, which it would find otherwise. */
export function isAlteredLater({ site, modelName, field }: FieldDefinition): boolean {
  const { operations } = site.source;
  return operations
    .slice(operations.indexOf(site.operation) + 1)
    .some((operation) => isAboutField(operation, modelName, field));
}

/** {@link findModelField} just before an operation; undefined where an earlier one of its migration has changed the field. */
export function findFieldBefore(
  { source, operation }: OperationSite,
  { id }: Migration,
  model: string,
  field: string,
  project: Project,
): ReturnType<typeof findModelField> {
  const earlier = source.operations.slice(0, source.operations.indexOf(operation));
  const isChanged = earlier.some(
    (each) => isAboutField(each, model, field) || (holdsOthers(each) && mentions(each, field, source)),
  );
  return isChanged ? undefined : findModelField(project, id, source.app, model, field);
}

function holdsOthers({ name }: DjangoOperation): boolean {
  return name === 'SeparateDatabaseAndState';
}

/** An operation that is built elsewhere may. */
function mentions({ call }: DjangoOperation, name: string, { text }: DjangoMigration): boolean {
  if (call === undefined) return true;
  const written = text.slice(call.span.start, call.span.end);
  return ['"', "'"].some((quote) => written.includes(`${quote}${name}${quote}`));
}

function isAboutField(operation: DjangoOperation, model: string, field: string): boolean {
  const said = (key: string): string | undefined => stringOf(operation.arguments.get(key))?.toLowerCase();
  const isOfModel = said('model_name') === model.toLowerCase();
  return isOfModel && ['name', 'old_name', 'new_name'].some((key) => said(key) === field.toLowerCase());
}

/** Whether an earlier step of the migration fills the column. */
export function isFilledBefore(change: Change, column: string, migration: Migration): boolean {
  const earlier = migration.forward.slice(0, migration.forward.indexOf(change));
  return earlier.some(
    (each) => each.kind === 'WriteRows' && each.assignments.some((assignment) => assignment.column === column),
  );
}
