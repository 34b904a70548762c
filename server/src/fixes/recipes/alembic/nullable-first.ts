import { isFalse } from '../../../alembic/columns.ts';
import type { Target } from '../../../base/target.ts';
import { sortEdits } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { AddColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { isSameTable } from '../../../schema/table-name.ts';
import { backfillRevision, columnToFill } from '../../alembic/backfill.ts';
import { type ColumnCall, columnCallOf } from '../../alembic/column-call.ts';
import { editsInside, opCall } from '../../alembic/directive-text.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import { addCheckText, proveRevision } from '../../alembic/not-null-steps.ts';
import { type DirectivePlace, readDirectivePlace } from '../../alembic/revision-site.ts';
import { insertAfterStatement, outsideOfBatch } from '../../alembic/statement-edits.ts';
import { setKeyword } from '../../edits/arguments.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { neededLater, severalKeys } from '../../refusals.ts';
import { schemaBefore } from '../../schema-before.ts';

interface Setting {
  readonly project: Project;
  readonly target: Target;
}

interface NewColumn {
  readonly change: AddColumn;
  readonly place: DirectivePlace;
  readonly column: ColumnCall;
  readonly fill: NewRevision;
  readonly project: Project;
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
  if (column === undefined || !isFalse(column.keyword('nullable')) || change.guarded === true) return [];
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

/** Whether something later in the revision is about the column, which would have to come after the backfill. */
function isTouchedLater(change: AddColumn, { forward }: Migration): boolean {
  return forward.slice(forward.indexOf(change) + 1).some((each) => {
    if (each.kind === 'Opaque') return true;
    if (!('table' in each) || each.table === undefined || !isSameTable(each.table, change.table)) return false;
    if (each.kind === 'AlterColumn' || each.kind === 'RenameColumn') return each.column === change.column.name;
    return each.kind === 'WriteRows';
  });
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

function forRolling({ change, place, column, fill, project }: NewColumn): readonly Answer[] {
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

function forStopped({ change, place, column, fill, project }: NewColumn): readonly Answer[] {
  const { source, op } = place;
  const { table } = change;
  const { name } = change.column;
  const of = { table, column: name, source, project };
  const literal = (text: string): string => quoted(text, quoteOf(source.text));
  const alter = (nullable: string): string => {
    const schema = table.schema === undefined ? undefined : literal(table.schema);
    const keywords = { existing_type: column.type, nullable, schema };
    return opCall(op, 'alter_column', [literal(table.name), literal(name)], keywords, 4);
  };
  const around = codeAround(source, [place], [alter('False')]);
  if (isRefused(around)) return around;
  const prove = { ...proveRevision(of, { forward: alter('False'), backward: alter('True') }), ...around };
  const chain = revisionsAfter(project, source, [fill, prove]);
  if (isRefused(chain)) return chain;
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
