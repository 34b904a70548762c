import { columnNameOf } from '../../django/field.ts';
import { findModel, type ModelState } from '../../django/project-state.ts';
import { isNone } from '../../django/values.ts';
import type { Project } from '../../project/project.ts';
import type { AddConstraint } from '../../schema/change.ts';
import { changesOf } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { tableText } from '../../schema/table-name.ts';
import type { Value } from '../../syntax/value.ts';
import { stringOf } from '../argument-values.ts';
import { carriedImports } from '../edits/carried-imports.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { rewritten } from '../edits/rewritten.ts';
import { type Answer, refusal } from '../fix.ts';
import { changesOfOperation, type OperationSite } from '../operation-site.ts';
import { concurrencyRefusal, doesMore, notWrittenOut, usesOwnNames } from '../refusals.ts';
import type { BuiltKey } from './built-keys.ts';
import { keyInSteps, postponementRefusal } from './key-steps.ts';

type Quote = '"' | "'";

/** Makes the constraints of an `AddConstraint` or `AlterUniqueTogether` of indexes that are built before. */
export function uniqueConstraintInSteps(
  change: AddConstraint,
  migration: Migration,
  site: OperationSite,
  project: Project,
): readonly Answer[] {
  const { source, operation, call } = site;
  const name = stringOf(operation.arguments.get('model_name') ?? operation.arguments.get('name'));
  const carried = carriedImports(source.text, source.module, [call]);
  const model = name === undefined ? undefined : modelsAround(name, site, migration, project);
  const made = changesOfOperation(change, migration).filter(({ kind }) => kind !== 'DropConstraint');
  const added = changesOf(made, 'AddConstraint');
  const form = formOf(site);
  if (name === undefined || model === undefined || form === undefined) return notWrittenOut;
  if (carried.missing.length > 0) return usesOwnNames;
  if (added.length < made.length) return doesMore;
  const columns = added.flatMap(({ constraint }) => constraint.columns);
  if (added.some(({ constraint }) => !constraint.nameIsExact || constraint.columns.length === 0)) return notWrittenOut;
  const fields = [...model.after.fields.values()].filter((field) => columns.includes(columnNameOf(field)));
  const isTogether = operation.name === 'AlterUniqueTogether';
  const old = isTogether ? model.before.options.uniqueTogether.filter((each) => !isAmong(each, model.after)) : [];
  if (old.length > 0 && !isStateKnown(site))
    return refusal('Earlier operations of this migration change what is unique.');
  const names = [...fields.map((field) => field.name), ...old.flat()];
  for (const each of added) {
    const refused =
      concurrencyRefusal(each, migration, project) ?? postponementRefusal(each, columns, site, name, names, migration);
    if (refused !== undefined) return refused;
  }
  const keys = added.map(
    ({ table, constraint }): BuiltKey => ({
      table,
      constraint: { kind: 'unique', name: constraint.name, columns: constraint.columns },
      ...form,
      beside: [],
    }),
  );
  const written = rewritten(source.text, call.span, []);
  const dropsOthers = old.length > 0;
  const edits = keyInSteps(
    {
      site,
      keys,
      slug: isTogether
        ? slugOf([name.toLowerCase(), ...(keys[0]?.constraint.columns ?? [])].join('_'))
        : slugOf(change.constraint.name),
      what: whatOf(added),
      state: dropsOthers ? allTogether(name, model, quoteOf(source.text)) : written,
      imports: carried.lines,
      // What is unique no longer goes last: there is no moment without either.
      after: dropsOthers ? [written] : [],
    },
    project,
  );
  return [{ title: 'Build the index concurrently first, then make it the unique constraint', safety: 'review', edits }];
}

interface Around {
  readonly before: ModelState;
  readonly after: ModelState;
}

function modelsAround(
  name: string,
  { source }: OperationSite,
  migration: Migration,
  project: Project,
): Around | undefined {
  const states = project.migration(migration.id);
  const ref = { app: source.app, name: name.toLowerCase() };
  const before = states && findModel(states.stateBefore, ref);
  const after = states && findModel(states.stateAfter, ref);
  return before && after && { before, after };
}

/** Whether what was unique together before the migration still is when the operation runs, under the same names. */
function isStateKnown({ source, operation }: OperationSite): boolean {
  const earlier = source.operations.slice(0, source.operations.indexOf(operation));
  const changing = ['AlterUniqueTogether', 'RenameField', 'RenameModel', 'SeparateDatabaseAndState'];
  return earlier.every(({ name, known }) => known && !changing.includes(name));
}

function isAmong(fields: readonly string[], { options }: ModelState): boolean {
  return options.uniqueTogether.some((each) => each.join() === fields.join());
}

/** What was unique together before and what is now, in column 0. */
function allTogether(name: string, { before, after }: Around, quote: Quote): string {
  const sets = [
    ...before.options.uniqueTogether.filter((each) => !isAmong(each, after)),
    ...after.options.uniqueTogether,
  ].map((fields) => `(${fields.map((field) => quoted(field, quote)).join(', ')}${fields.length === 1 ? ',' : ''})`);
  return [
    'migrations.AlterUniqueTogether(',
    `    name=${quoted(name, quote)},`,
    `    unique_together={${sets.join(', ')}},`,
    ')',
  ].join('\n');
}

/** How the constraint treats NULL and when it is checked; undefined where that cannot be told. */
function formOf({ operation }: OperationSite): Pick<BuiltKey, 'nulls' | 'timing'> | undefined {
  if (operation.name === 'AlterUniqueTogether') return { nulls: '', timing: '' };
  const constraint = operation.arguments.get('constraint');
  if (operation.name !== 'AddConstraint' || constraint?.kind !== 'call' || constraint.partial) return undefined;
  const nulls = nullsOf(constraint.keywords.get('nulls_distinct'));
  const timing = timingOf(constraint.keywords.get('deferrable'));
  return nulls === undefined || timing === undefined ? undefined : { nulls, timing };
}

function nullsOf(value: Value | undefined): string | undefined {
  if (value === undefined) return '';
  if (value.kind !== 'constant' || value.value === '...') return undefined;
  return value.value === false ? 'NULLS NOT DISTINCT' : '';
}

function timingOf(value: Value | undefined): string | undefined {
  if (value === undefined || isNone(value)) return '';
  const name = value.kind === 'reference' ? value.name.split('.').at(-1) : undefined;
  return name === 'DEFERRED' || name === 'IMMEDIATE' ? `DEFERRABLE INITIALLY ${name}` : undefined;
}

function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/\W+/g, '_');
}

function whatOf(added: readonly AddConstraint[]): string {
  const [first] = added;
  const lists = added.map(({ constraint }) => constraint.columns.map((column) => `"${column}"`).join(', '));
  return `${lists.join(' and on ')} of ${first === undefined ? '' : tableText(first.table)}`;
}
