import type { Change, CreateIndex } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { importLines } from '../edits/imports.ts';
import { quoted } from '../edits/layout.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { type Answer, type Fix, isRefused, refusal } from '../fix.ts';
import type { FollowUp } from '../new-migration.ts';
import { chainAfter } from '../new-migration.ts';
import { concurrencyRefusal, neededLater } from '../refusals.ts';
import { buildDocstring } from './build-docstring.ts';
import type { FieldDefinition, RecipeContext } from './field-definition.ts';
import { fieldOperation, isAlteredLater, readFieldDefinition } from './field-definition.ts';
import { separated } from './separated.ts';

const indexImports: readonly string[] = [
  'from django.contrib.postgres.operations import AddIndexConcurrently',
  'from django.db import models',
];

/**
 * Builds the index that a field brings along (`db_index=True`, a foreign key) concurrently, outside the migration's
 * transaction: the field comes without it first, and the state learns of it when it is there.
 *
 * Text columns bring two indexes, which would have to share one migration: those are not rewritten.
 */
export function deferredIndex(change: CreateIndex, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { name } = change.origin;
  if ((name !== 'AddField' && name !== 'AlterField') || change.index.unique || change.index.expressions) return [];
  if (indexesOf(change, migration).length > 1)
    return refusal('The field brings several indexes, which would have to be built apart.');
  const refused = concurrencyRefusal(change, migration, context.project);
  if (refused !== undefined) return refused;
  const of = readFieldDefinition(change, change.index.columns[0] ?? '', migration, context, 'top level');
  if (isRefused(of)) return of;
  if (name !== 'AddField') return indexOnly(of, change, migration);
  return isAlteredLater(of) ? neededLater : [columnFirst(of, change, context)];
}

function columnFirst(of: FieldDefinition, change: CreateIndex, { project }: RecipeContext): Fix {
  const { source, list, index } = of.site;
  const build: FollowUp = {
    slug: `${of.modelName.toLowerCase()}_${of.field}_index`,
    docstring: buildDocstring(
      `Builds the index on "${of.column}" of "${of.table}" without blocking writes to it.`,
      source.name,
    ),
    imports: [...indexImports, ...of.imports],
    code: '',
    atomic: false,
    operations: [buildOperation(of, change, fieldOperation('AlterField', of, {}))],
  };
  const chain = chainAfter(project, source, [build]);
  const withoutIndex = fieldOperation('AddField', of, { db_index: 'False' });
  const edit = replaceItem(list, index, indented(withoutIndex, itemIndentation(list)));
  return {
    title: 'Add the column without its index, and build that concurrently in a migration of its own',
    safety: 'review',
    edits: [{ kind: 'change', file: source.file, edits: [edit] }, ...chain.repointed, ...chain.created],
  };
}

/** An `AlterField` that does nothing but add the index, alone in its migration. */
function indexOnly(of: FieldDefinition, change: CreateIndex, migration: Migration): readonly Answer[] {
  const { source, call, list, index } = of.site;
  const isAlone = source.operations.length === 1 && migration.forward.every((each) => each === change || !isWork(each));
  if (!isAlone) return refusal('The operation, or its migration, does more than build this index.');
  const operation = buildOperation(of, change, rewritten(source.text, call.span, []));
  return [
    {
      title: 'Build the index concurrently',
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [
            ...importLines(source.text, source.module, indexImports),
            ...(source.atomic ? [setClassAttribute(source, 'atomic', 'False')] : []),
            replaceItem(list, index, indented(operation, itemIndentation(list))),
          ],
        },
      ],
    },
  ];
}

function isWork(change: Change): boolean {
  return change.applies.database;
}

function buildOperation(of: FieldDefinition, change: CreateIndex, state: string): string {
  const { quote, modelName, field } = of;
  const name = `${change.table.name}_${of.column}`.slice(0, 59);
  const build = [
    'AddIndexConcurrently(',
    `    model_name=${quoted(modelName, quote)},`,
    `    index=models.Index(fields=[${quoted(field, quote)}], name=${quoted(`${name}_idx`, quote)}),`,
    ')',
  ].join('\n');
  return separated({ database: [build], state: [state] }, 'migrations');
}

function indexesOf(change: CreateIndex, migration: Migration): readonly Change[] {
  return migration.forward.filter((each) => each.kind === 'CreateIndex' && each.origin.call === change.origin.call);
}
