import { nameOf } from '../../../alembic/step.ts';
import type { Project } from '../../../project/project.ts';
import type { CreateIndex } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { type ColumnCall, columnCallOf } from '../../alembic/column-call.ts';
import { editsInside } from '../../alembic/directive-text.ts';
import { nameApart } from '../../alembic/final-name.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import { type DirectivePlace, readDirectivePlace } from '../../alembic/revision-site.ts';
import { removeStatement } from '../../alembic/statement-edits.ts';
import { wayBackOf } from '../../alembic/way-back.ts';
import { createdIndex, droppedIndex } from '../../alembic/written-constraint.ts';
import { statementsText } from '../../alembic/written-directive.ts';
import { newWriting } from '../../alembic/written-value.ts';
import { changedSource } from '../../changed-source.ts';
import { findKeyword, removeArguments } from '../../edits/arguments.ts';
import { quoteOf } from '../../edits/layout.ts';
import { type Answer, isRefused, type Refused } from '../../fix.ts';
import { concurrencyRefusal, neededLater, notWrittenOut, unreadReverse } from '../../refusals.ts';
import { schemaBefore, tableBefore } from '../../schema-before.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { isReferredTo } from '../key-steps.ts';
import { indexWords } from './index-words.ts';

/** Adds a column without the index that `index=True` brings along, and builds that concurrently in the next revision. */
export function columnIndexApart(
  change: CreateIndex,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  if (change.origin.sql !== undefined) return [];
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (place.directive.name !== 'add_column') return [];
  const column = columnCallOf(place);
  if (column === undefined || findKeyword(column.call, 'index') === undefined) return notWrittenOut;
  const refused = concurrencyRefusal(change, migration, project);
  if (refused !== undefined) return refused;
  const { columns, unique } = change.index;
  if (!isMovable(change, migration) || (unique && isReferredTo(change, columns, migration))) return neededLater;
  const { source } = place;
  const { name } = change.index;
  const back = wayBackOf(
    source,
    (directive) => directive.name === 'drop_index' && nameOf(directive.arguments.get('index_name')) === name,
    [name],
  );
  if (back.kind === 'unclear') return unreadReverse;
  const revision = indexRevision(change, place, migration, project);
  if (isRefused(revision)) return revision;
  const chain = revisionsAfter(project, source, [revision]);
  if (isRefused(chain)) return chain;
  const changed = [
    ...editsInside(place, removeArguments(column, indexArguments(column, change))),
    ...(back.kind === 'written' ? [removeStatement(back.place)] : []),
  ];
  return [
    {
      title: 'Add the column without its index, and build that concurrently in a revision of its own',
      safety: 'review',
      edits: [changedSource(source, changed), ...chain.repointed, ...chain.created],
    },
  ];
}

/** With both of them, SQLAlchemy builds a unique index. */
function indexArguments({ call }: ColumnCall, { index }: CreateIndex) {
  const names = index.unique ? ['index', 'unique'] : ['index'];
  return names.flatMap((name) => findKeyword(call, name) ?? []);
}

function indexRevision(
  change: CreateIndex,
  { op, source }: DirectivePlace,
  migration: Migration,
  project: Project,
): NewRevision | Refused {
  const { table, index } = change;
  const before = schemaBefore(change, migration, project);
  const known = tableBefore(table, change, migration, project);
  const named = nameApart(index, 'index', known, { project, op, quote: quoteOf(source.text) });
  if (before === undefined) return notWrittenOut;
  if (typeof named !== 'string') return named;
  const writing = newWriting(source);
  const style = { isBatch: false, isAutocommit: true, concurrently: true, nameText: () => named };
  const forward = createdIndex(index, table, style, { writing, database: project.target.database, schema: before });
  if (forward === undefined) return notWrittenOut;
  return {
    ...indexWords(change, source.revision),
    imports: [...writing.imports],
    code: '',
    upgrade: statementsText(forward, op, writing),
    downgrade: statementsText([droppedIndex(index.name, table, style)], op, writing),
  };
}
