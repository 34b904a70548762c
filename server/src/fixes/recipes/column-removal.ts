import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { DropColumn } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { stringOf } from '../argument-values.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { indented } from '../edits/rewritten.ts';
import { type FieldSource, fieldImports, fieldSourceOf, fieldText, findModelField } from '../field-source.ts';
import { type Answer, isRefused, type Refused, refusal } from '../fix.ts';
import type { FollowUp } from '../new-migration.ts';
import { chainAfter } from '../new-migration.ts';
import { findOperationOf } from '../operation-site.ts';
import { notWrittenOut, unknownDefinition, usesOwnNames } from '../refusals.ts';
import type { RecipeContext } from './field-definition.ts';
import { readLeaf } from './leaf.ts';
import { triggerDrops } from './live-triggers.ts';
import { separated } from './separated.ts';
import { columnLeftBehind } from './state-only-removal.ts';

/**
 * Takes the field out of the state now. The drop itself belongs to a later release, when nothing that runs names the
 * column any more; only where the application is stopped to migrate, it follows at once.
 */
export function columnRemoval(change: DropColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { project, target } = context;
  if (change.origin.name !== 'RemoveField') return [];
  const left = columnLeftBehind(change, migration, project);
  if (isRefused(left)) return left;
  const { source } = left.site;
  const here = { kind: 'change', file: source.file, edits: left.edits } as const;
  if (target.deploys === 'rolling') {
    const title = `Remove "${change.column}" from the state only; drop the column in a later release`;
    return [{ title, safety: 'review', edits: [here] }];
  }
  const drop = dropMigration(change, migration, source, project, 'The application is stopped to migrate.');
  if (isRefused(drop)) return drop;
  const chain = chainAfter(project, source, [drop]);
  return [
    {
      title: `Remove "${change.column}" from the state first; drop the column in a migration of its own`,
      safety: 'review',
      edits: [here, ...chain.repointed, ...chain.created],
    },
  ];
}

/** The drop that a state-only removal left for a later release, offered on that removal as long as it is owed. */
export function owedColumnDrop(
  change: DropColumn,
  migration: Migration,
  { project }: RecipeContext,
): readonly Answer[] {
  if (migration.framework !== 'django') return [];
  const leaf = readLeaf(project, migration);
  if (isRefused(leaf)) return leaf;
  const [, name = migration.id] = migration.id.split('.', 2);
  const condition = `Deploy it in a later release than ${name}: what ran before that one still used the column.`;
  const drop = dropMigration(change, migration, leaf, project, condition);
  if (isRefused(drop)) return drop;
  const chain = chainAfter(project, leaf, [drop]);
  return [
    {
      title: `Write the migration that drops "${change.column}" of "${change.table.name}" (in a later release)`,
      safety: 'review',
      edits: [...chain.repointed, ...chain.created],
    },
  ];
}

/**
 * The state gets the field back without touching the database, then the field is removed in both: Django drops the
 * column with its indexes and constraints, and can add it again on the way back.
 */
function dropMigration(
  change: DropColumn,
  migration: Migration,
  after: DjangoMigration,
  project: Project,
  condition: string,
): FollowUp | Refused {
  const source = project.source(migration.id);
  const operation = source && findOperationOf(change, source);
  const model = stringOf(operation?.arguments.get('model_name'));
  const name = stringOf(operation?.arguments.get('name'));
  if (model === undefined || name === undefined) return notWrittenOut;
  const { before, definition } = definitionOf(source, model, name, migration, project);
  const known = findModelField(project, migration.id, after.app, model, before);
  if (known === undefined || definition === undefined) return unknownDefinition;
  const imports = fieldImports(definition);
  if (imports === undefined) return usesOwnNames;
  const quote = quoteOf(after.text);
  const triggers = triggerDrops(change.column, change.table, project, quote);
  if (triggers === 'unknown') return refusal('Which triggers use the column cannot be told.');
  const nullable = known.field.null || known.field.arguments.has('db_default') ? {} : { null: 'True' };
  const names = [`model_name=${quoted(model, quote)}`, `name=${quoted(name, quote)}`];
  const field = indented(fieldText(definition, nullable), '    ');
  const back = ['migrations.AddField(', ...names.map((each) => `    ${each},`), `    field=${field},`, ')'].join('\n');
  return {
    slug: `drop_${model.toLowerCase()}_${name}`,
    docstring: [
      `Drops "${change.column}" of "${change.table.name}", which nothing uses any more.`,
      '',
      condition,
      '',
    ].join('\n'),
    imports,
    code: '',
    atomic: true,
    operations: [
      ...triggers,
      separated({ state: [back] }, 'migrations'),
      `migrations.RemoveField(${names.join(', ')})`,
    ],
  };
}

/**
 * The field as it is when it leaves the state, and what it was called before the migration: which may have given it the
 * name, and another definition.
 */
function definitionOf(
  source: DjangoMigration | undefined,
  model: string,
  name: string,
  migration: Migration,
  project: Project,
): { readonly before: string; readonly definition: FieldSource | undefined } {
  const operations = (source?.operations ?? []).filter(
    (each) => stringOf(each.arguments.get('model_name'))?.toLowerCase() === model.toLowerCase(),
  );
  const renamed = operations.find(
    (each) => each.name === 'RenameField' && stringOf(each.arguments.get('new_name')) === name,
  );
  const before = stringOf(renamed?.arguments.get('old_name')) ?? name;
  const altered = operations.findLast(
    (each) => each.name === 'AlterField' && stringOf(each.arguments.get('name')) === name,
  );
  const field = altered?.arguments.get('field');
  if (source !== undefined && field?.kind === 'call' && field.module === source.module) {
    return { before, definition: { text: source.text, module: source.module, call: field.at } };
  }
  const known = findModelField(project, migration.id, source?.app ?? '', model, before);
  return { before, definition: known && fieldSourceOf(known.field, project) };
}
