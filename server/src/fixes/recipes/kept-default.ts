import { isVersionAtLeast } from '../../base/target.ts';
import type { AddColumn } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Value } from '../../syntax/value.ts';
import { setKeyword } from '../edits/arguments.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';
import { isDefinedLater, modelKeyword } from '../model-field.ts';
import type { FieldDefinition, RecipeContext } from './field-definition.ts';
import { readFieldDefinition } from './field-definition.ts';

/** Lets the database keep the default that Django gives the rows that are there: `db_default=` beside `default=`. */
export function keptDefault(change: AddColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { project, target } = context;
  // `db_default` came with Django 5.0.
  if (target.database !== 'postgresql' || !isVersionAtLeast(target.django, 5, 0)) return [];
  const of = readFieldDefinition(change, change.column.name, migration, context, 'anywhere');
  if (isRefused(of)) return of;
  if (isDefinedLater(of, migration, project)) return refusal(`A later migration defines "${of.field}" anew.`);
  const value = literalDefaultOf(of, change);
  if (value === undefined) return refusal('The default is no literal, which alone is the same in Python and SQL.');
  const model = modelKeyword(of, 'db_default', value, project);
  const { source } = of.site;
  const edit = setKeyword(of.definition, 'db_default', value);
  return [
    {
      title: `Keep the default in the database: db_default=${value}${model.advice}`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [edit] }, ...model.edits],
    },
  ];
}

/** The default as it is written, where it is a plain literal; the empty text that `blank=True` stands for. */
function literalDefaultOf({ site, quote }: FieldDefinition, change: AddColumn): string | undefined {
  const field = site.operation.arguments.get('field');
  const value = field?.kind === 'call' ? field.keywords.get('default') : undefined;
  if (value === undefined) return change.transientDefault?.sql === "''" ? `${quote}${quote}` : undefined;
  if (value.module !== site.source.module || !isPlain(value)) return undefined;
  return site.source.text.slice(value.at.span.start, value.at.span.end);
}

/** Written on the spot: a constant of the module cannot be named in the model. */
function isPlain({ kind, at }: Value): boolean {
  if (kind === 'constant') return at.kind === 'constant';
  if (kind === 'string') return at.kind === 'string';
  return kind === 'number' && (at.kind === 'number' || (at.kind === 'unary' && at.operand.kind === 'number'));
}
