import { isVersionAtLeast } from '../../base/target.ts';
import { findModel } from '../../django/project-state.ts';
import type { Project } from '../../project/project.ts';
import type { Change, RenameTable } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { stringOf } from '../argument-values.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { insertItems } from '../edits/list-items.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';
import { modelOption } from '../model-meta.ts';
import { migrationsModule, readSite } from '../operation-site.ts';
import { notWrittenOut } from '../refusals.ts';
import type { RecipeContext } from './field-definition.ts';

/**
 * Renames a model and leaves its table where it is: the table is named in the state first, so that the rename finds
 * nothing to do in the database. The operation itself stays at the top level, where Django sees it and renames the
 * content type of the model, too.
 *
 * Not for models with many-to-many fields: the columns of their join tables are named after the model.
 */
export function tableKept(change: RenameTable, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { project } = context;
  if (change.origin.name !== 'RenameModel') return [];
  const site = readSite(change, migration, project, 'top level');
  if (isRefused(site)) return site;
  const { source, operation, list, index } = site;
  const [from, to] = ['old_name', 'new_name'].map((name) => stringOf(operation.arguments.get(name)));
  if (from === undefined || to === undefined) return notWrittenOut;
  if (!isOnlyTheTable(change, migration, context)) {
    return refusal('More than the table is named after the model: join tables, or keys that point to it.');
  }
  if (!isNamedByDefault(source.app, to, project)) {
    return refusal('The model is renamed once more, or its table is named, in a later migration.');
  }
  const quote = quoteOf(source.text);
  const table = quoted(change.table.name, quote);
  const migrations = migrationsModule(source);
  const keep = `${migrations.name}.AlterModelTable(name=${quoted(from.toLowerCase(), quote)}, table=${table})`;
  const inModel = modelOption(to, source.app, 'db_table', table, project);
  return [
    {
      title: `Rename the model and keep its table: db_table = ${table}${inModel.advice}`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [...migrations.edits, insertItems(list, index, [keep])],
        },
        ...inModel.edits,
      ],
    },
  ];
}

/** Whether nothing else follows from the new name: join tables, and before Django 5.0 the keys that point to the model. */
function isOnlyTheTable(change: RenameTable, migration: Migration, { target }: RecipeContext): boolean {
  const others = migration.forward.filter((each) => each !== change && each.origin.call === change.origin.call);
  const isKept = ({ kind }: Change): boolean => kind !== 'RenameTable' && kind !== 'RenameColumn';
  return others.every(isKept) && (others.length === 0 || isVersionAtLeast(target.django, 5, 0));
}

/** Whether the model goes by the new name to the end, and no later migration names its table. */
function isNamedByDefault(app: string, model: string, project: Project): boolean {
  const last = project.order.at(-1);
  const state = last === undefined ? undefined : project.migration(last)?.stateAfter;
  const found = state && findModel(state, { app, name: model.toLowerCase() });
  return found !== undefined && found.options.dbTable === undefined;
}
