import type { TextEdit } from '../../base/text-edit.ts';
import type { DjangoOperation } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import { changesOf } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import { stringOf } from '../argument-values.ts';
import { changedSource } from '../changed-source.ts';
import { quoteOf } from '../edits/layout.ts';
import { itemIndentation, removeItem, replaceItem } from '../edits/list-items.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import { indented } from '../edits/rewritten.ts';
import { type FileEdit, type Refused, refusal } from '../fix.ts';
import { commentsOf } from '../moved-operations.ts';
import { chainAfter, type FollowUp } from '../new-migration.ts';
import type { OperationSite } from '../operation-site.ts';
import { neededLater } from '../refusals.ts';
import { isMovable } from '../sql/later-changes.ts';
import { type BuiltKey, buildOperation, constraintOperation, indexMigration, keyMigration } from './built-keys.ts';
import { separated } from './separated.ts';

/** What becomes of an operation that makes keys. */
export interface KeySteps {
  readonly site: OperationSite;
  readonly keys: readonly BuiltKey[];
  /** Of the new files: `order_code`. */
  readonly slug: string;
  /** What the docstrings say that the keys are about: `"code" of "shop_order"`. */
  readonly what: string;
  /** What Django's state is told when the constraint is there, in column 0, and the imports it needs. */
  readonly state: string;
  readonly imports: readonly string[];
  /** Operations that follow in the migration of the constraint. */
  readonly after?: readonly string[];
  /** Edits that leave of the operation what is done before; it goes as a whole where there are none. */
  readonly before?: readonly TextEdit[];
  /** Migrations behind that of the constraint. */
  readonly later?: readonly FollowUp[];
}

/**
 * The index is built in a migration without a transaction, which is the one at hand where it does nothing else; the next
 * one makes the constraint of it and tells Django.
 */
export function keyInSteps(steps: KeySteps, project: Project): readonly FileEdit[] {
  const { site, keys, before, later = [] } = steps;
  const { source } = site;
  const quote = quoteOf(source.text);
  const isAlone = before === undefined && source.operations.length === 1;
  const index = indexMigration(keys, steps, source.name, quote);
  const comments = isAlone || before !== undefined ? '' : commentsOf(site);
  const told = separated({ database: [constraintOperation(keys, quote)], state: [steps.state] }, 'migrations');
  const key = keyMigration(keys, steps, [comments + told, ...(steps.after ?? [])], steps.imports);
  const chain = chainAfter(project, source, isAlone ? [key, ...later] : [index, key, ...later]);
  const edits = isAlone ? inPlace(steps) : (before ?? [removeItem(site.list, site.index)]);
  const change = changedSource(source, edits);
  return [change, ...chain.repointed, ...chain.created];
}

function inPlace({ site, keys }: KeySteps): readonly TextEdit[] {
  const { source, list, index } = site;
  const build = indented(buildOperation(keys, quoteOf(source.text)), itemIndentation(list));
  return [...(source.atomic ? [setClassAttribute(source, 'atomic', 'False')] : []), replaceItem(list, index, build)];
}

/**
 * Refuses where the key of an operation may not come with later migrations: something behind it in its migration needs it
 * or changes what it is about.
 *
 * @param columns that a foreign key may refer to only while they are unique
 * @param fields as Django calls what the key is on
 */
export function postponementRefusal(
  change: Change & { readonly table: TableName },
  columns: readonly string[],
  { source, operation }: OperationSite,
  model: string,
  fields: readonly string[],
  migration: Migration,
): Refused | undefined {
  if (change.table.unknown !== undefined) return refusal('Which table this is about cannot be told.');
  const later = source.operations.slice(source.operations.indexOf(operation) + 1);
  const isPostponable =
    isMovable(change, migration, columns.length > 0 ? columns : undefined) &&
    !isReferredTo(change, columns, migration) &&
    !later.some((each) => isAbout(each, operation, model.toLowerCase(), fields));
  return isPostponable ? undefined : neededLater;
}

/** Whether a foreign key that comes later refers to the columns: it needs them to be unique. */
export function isReferredTo(
  change: Change & { readonly table: TableName },
  columns: readonly string[],
  { forward }: Migration,
): boolean {
  if (columns.length === 0) return false;
  const later = forward.slice(forward.indexOf(change) + 1).filter(({ origin }) => origin.call !== change.origin.call);
  const added = changesOf(later, 'AddColumn').some(({ column: { references } }) => {
    if (references === undefined || !isSameTable(references.table, change.table)) return false;
    return references.column === undefined || columns.includes(references.column);
  });
  return (
    added ||
    changesOf(later, 'AddConstraint').some(
      ({ constraint }) => constraint.references !== undefined && isSameTable(constraint.references, change.table),
    )
  );
}

/** Whether an operation changes what the key of `maker` is on, or says anew what `maker` says. */
function isAbout(
  operation: DjangoOperation,
  maker: DjangoOperation,
  model: string,
  fields: readonly string[],
): boolean {
  if (!operation.known || operation.certainty === 'conditional') return true;
  const named = (key: string): string | undefined => stringOf(operation.arguments.get(key))?.toLowerCase();
  const isOfField = ['name', 'old_name'].some((key) => fields.some((field) => field.toLowerCase() === named(key)));
  switch (operation.name) {
    case 'RenameModel':
      return named('old_name') === model;
    case 'DeleteModel':
    case 'AlterModelTable':
      return named('name') === model;
    case 'AlterUniqueTogether':
      return named('name') === model && maker.name === operation.name;
    case 'AlterField':
    case 'RenameField':
    case 'RemoveField':
      return named('model_name') === model && isOfField;
    case 'SeparateDatabaseAndState':
      return [...operation.databaseOperations, ...operation.stateOperations].some((each) =>
        isAbout(each, maker, model, fields),
      );
    default:
      return false;
  }
}
