import { sortEdits, type TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { AddColumn, AddConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { type Constraint, findTable, type Schema } from '../../../schema/schema.ts';
import type { Argument } from '../../../syntax/module.ts';
import { type ColumnCall, columnCallOf } from '../../alembic/column-call.ts';
import { editsInside } from '../../alembic/directive-text.ts';
import { executedApart, revisionOf } from '../../alembic/executed-sql.ts';
import { nameApart } from '../../alembic/final-name.ts';
import { revisionsAfter } from '../../alembic/new-revision.ts';
import { type DirectivePlace, readDirectivePlace } from '../../alembic/revision-site.ts';
import { insertAfterStatement, outsideOfBatch } from '../../alembic/statement-edits.ts';
import { createdConstraint } from '../../alembic/written-constraint.ts';
import { statementsText } from '../../alembic/written-directive.ts';
import { importEdits, newWriting, type Writing } from '../../alembic/written-value.ts';
import { changedSource } from '../../changed-source.ts';
import { commentsOfArgument, findKeyword, removeArgument } from '../../edits/arguments.ts';
import { quoteOf } from '../../edits/layout.ts';
import { type Answer, isRefused, type Refused, refusal } from '../../fix.ts';
import { checkedByDomain, doesMore, neededLater, notValidRefusal, notWrittenOut } from '../../refusals.ts';
import { schemaBefore } from '../../schema-before.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { writtenName, writtenTable } from '../../sql/sql-names.ts';
import { validationWords } from '../validation-migration.ts';

/** A check or a foreign key that stands inside the `sa.Column(…)` of a new column. */
interface ColumnConstraint {
  readonly change: AddColumn | AddConstraint;
  readonly constraint: Constraint;
  readonly place: DirectivePlace;
  readonly column: ColumnCall;
  /** `sa.CheckConstraint(…)`, `sa.ForeignKey(…)` */
  readonly item: Argument;
  readonly before: Schema;
  readonly project: Project;
}

const typedByKey =
  'The column has no type of its own but that of the column which the foreign key refers to: write it out first.';

/**
 * Adds a column without the check or the foreign key inside it, and that by a directive of its own, for new rows alone: the
 * next revision proves it for those that are there.
 */
export function columnConstraintInSteps(
  change: AddColumn | AddConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  if (change.origin.sql !== undefined) return [];
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (place.directive.name !== 'add_column') return [];
  const of = readConstraint(change, place, migration, project);
  if (isRefused(of)) return of;
  const { constraint } = of;
  if (!isMovable(change, migration)) return neededLater;
  const refused = constraint.kind === 'foreign-key' ? notValidRefusal(change, migration, project) : undefined;
  if (refused !== undefined) return refused;
  const { source } = place;
  const writing = newWriting(source);
  const added = directiveApart(of, writing);
  if (isRefused(added)) return added;
  const statement = `ALTER TABLE ${writtenTable(change.table)} VALIDATE CONSTRAINT ${writtenName(constraint.name)}`;
  const words = validationWords({ table: change.table, name: constraint.name, statement }, source.revision);
  const chain = revisionsAfter(project, source, [revisionOf(words, executedApart([statement], source, project), [])]);
  if (isRefused(chain)) return chain;
  const changed = [
    ...importEdits(writing),
    ...editsInside(place, withoutItem(of)),
    insertAfterStatement(outsideOfBatch(place), commentsOfArgument(of.column, of.item) + added.code),
  ];
  return [
    {
      title: titleFor(of),
      safety: 'review',
      edits: [changedSource(source, changed), ...chain.repointed, ...chain.created],
    },
  ];
}

function titleFor({ change, constraint }: ColumnConstraint): string {
  return constraint.kind === 'check' && change.kind === 'AddColumn'
    ? `Add "${change.column.name}" without its check, and validate that in the next revision`
    : 'Add the foreign key NOT VALID, and validate it in the next revision';
}

function readConstraint(
  change: AddColumn | AddConstraint,
  place: DirectivePlace,
  migration: Migration,
  project: Project,
): ColumnConstraint | Refused {
  const column = columnCallOf(place);
  const before = schemaBefore(change, migration, project);
  const constraint = change.kind === 'AddConstraint' ? change.constraint : inlineConstraintOf(change);
  if (column === undefined || before === undefined) return notWrittenOut;
  if (constraint === undefined) return checkedByDomain;
  if (constraint.kind !== 'check' && constraint.kind !== 'foreign-key') return [];
  const [item, ...others] = column.items(constraint.kind === 'check' ? 'CheckConstraint' : 'ForeignKey');
  if (item === undefined) return notWrittenOut;
  if (others.length > 0) return doesMore;
  if (constraint.kind === 'foreign-key' && !column.hasType) return refusal(typedByKey);
  return { change, constraint, place, column, item, before, project };
}

/** With `inline_references=True` the foreign key is sent with the column, as a check always is. */
function inlineConstraintOf({ column, constraints = [] }: AddColumn): Constraint | undefined {
  const kind = column.check === undefined ? 'foreign-key' : 'check';
  return constraints.find((each) => each.kind === kind);
}

/** The directive that adds the constraint, in column 0. */
function directiveApart(
  { change, constraint, place, before, project }: ColumnConstraint,
  writing: Writing,
): { readonly code: string } | Refused {
  const { op, source } = place;
  const quote = quoteOf(source.text);
  const known = findTable(before, change.table);
  const readsOthers = constraint.kind === 'check' && constraint.columns.length > 1;
  if (constraint.unnamed === 'named-by-database' && readsOthers) return refusal(namedByOthers);
  const name = nameApart(constraint, constraint.kind, known, { project, op, quote });
  if (typeof name !== 'string') return name;
  const style = { isBatch: false, isAutocommit: false, nameText: () => name };
  const call = createdConstraint(constraint, change.table, style, {
    writing,
    database: project.target.database,
    schema: before,
  });
  if (call === undefined) return notWrittenOut;
  const notValid = { ...call, keywords: [...call.keywords, 'postgresql_not_valid=True'] };
  return { code: statementsText([notValid], op, writing).join('\n') };
}

const namedByOthers = 'PostgreSQL makes up the name of a check that reads several columns: name it first.';

function withoutItem({ place, column, item, constraint }: ColumnConstraint): readonly TextEdit[] {
  const { text, module } = place.source;
  const inline = findKeyword(place.call, 'inline_references');
  const isInline = inline !== undefined && constraint.kind === 'foreign-key';
  return sortEdits([
    removeArgument(column, item),
    ...(isInline ? [removeArgument({ text, module, call: place.call }, inline)] : []),
  ]);
}
