import { isFalse } from '../../../alembic/columns.ts';
import type { Target } from '../../../base/target.ts';
import { sortEdits } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { AddColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { backfillRevision, columnToFill } from '../../alembic/backfill.ts';
import { type ColumnCall, columnCallOf } from '../../alembic/column-call.ts';
import { editsInside } from '../../alembic/directive-text.ts';
import { isTouchedLater, type NewColumn, newColumnProven } from '../../alembic/new-column.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import { addCheckText } from '../../alembic/not-null-steps.ts';
import { readDirectivePlace } from '../../alembic/revision-site.ts';
import { insertAfterStatement, outsideOfBatch } from '../../alembic/statement-edits.ts';
import { setKeyword } from '../../edits/arguments.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { addedBySql, behindGuard, doesMore, neededLater, notWrittenOut, severalKeys } from '../../refusals.ts';
import { schemaBefore } from '../../schema-before.ts';

interface Setting {
  readonly project: Project;
  readonly target: Target;
}

interface FilledColumn extends NewColumn {
  readonly fill: NewRevision;
}

/**
 * Adds a NOT NULL column to a table with rows: nullable first, filled in batches, NOT NULL at the end. While an old release
 * still writes rows without the column it must stay nullable, so in rolling deploys NOT NULL is left for a later release.
 */
export function nullableColumnFirst(change: AddColumn, migration: Migration, setting: Setting): readonly Answer[] {
  const { project, target } = setting;
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  const column = columnCallOf(place);
  const before = schemaBefore(change, migration, project);
  if (place.directive.name !== 'add_column') return addedBySql;
  if (column === undefined) return notWrittenOut;
  if (!isFalse(column.keyword('nullable'))) return doesMore;
  if (change.guarded === true) return behindGuard;
  if (isTouchedLater(change, migration)) return neededLater;
  const fill = before && columnToFill(change.table, change.column.name, before);
  if (fill === undefined) return severalKeys;
  const isRolling = target.deploys === 'rolling' || target.database !== 'postgresql';
  const revision = backfillRevision(fill, literalDefault(column), place.source);
  const added = { change, place, column, fill: isRolling ? withLaterStep(revision) : revision, project };
  return isRolling ? forRolling(added) : forStopped(added);
}

/** What SQLAlchemy gives new rows, where it is a literal. */
function literalDefault(column: ColumnCall): string | undefined {
  const value = column.keyword('default');
  const isLiteral = value !== undefined && ['string', 'number', 'constant'].includes(value.at.kind);
  if (!isLiteral || value.module !== column.module || (value.kind === 'constant' && value.value === null))
    return undefined;
  return column.text.slice(value.at.span.start, value.at.span.end);
}

function withLaterStep(revision: NewRevision): NewRevision {
  const { docstring } = revision;
  return {
    ...revision,
    docstring: (previous) =>
      [
        typeof docstring === 'string' ? docstring : docstring(previous),
        'Rows that are written without the column stay NULL: set it NOT NULL in a later release, when all that run write it.',
        '',
      ].join('\n'),
  };
}

function forRolling({ change, place, column, fill, project }: FilledColumn): readonly Answer[] {
  const { source } = place;
  const chain = revisionsAfter(project, source, [fill]);
  if (isRefused(chain)) return chain;
  return [
    {
      title: `Add "${change.column.name}" nullable and fill it in batches; set NOT NULL in a later release`,
      safety: 'review',
      edits: [
        { kind: 'change', file: source.file, edits: editsInside(place, [setKeyword(column, 'nullable', 'True')]) },
        ...chain.repointed,
        ...chain.created,
      ],
    },
  ];
}

function forStopped({ fill, ...added }: FilledColumn): readonly Answer[] {
  const { change, place, column, project } = added;
  const { source } = place;
  const { name } = change.column;
  const prove = newColumnProven(added);
  if (isRefused(prove)) return prove;
  const chain = revisionsAfter(project, source, [fill, prove]);
  if (isRefused(chain)) return chain;
  const of = { table: change.table, column: name, source, project };
  const edits = [
    ...editsInside(place, [setKeyword(column, 'nullable', 'True')]),
    insertAfterStatement(outsideOfBatch(place), addCheckText(of)),
  ];
  return [
    {
      title: `Add "${name}" nullable, fill it in batches, then set NOT NULL`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: sortEdits(edits) }, ...chain.repointed, ...chain.created],
    },
  ];
}
