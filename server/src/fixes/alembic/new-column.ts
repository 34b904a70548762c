import type { Project } from '../../project/project.ts';
import type { AddColumn } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { isSameTable } from '../../schema/table-name.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { isRefused, type Refused } from '../fix.ts';
import type { ColumnCall } from './column-call.ts';
import { argumentText, opCall, schemaText } from './directive-text.ts';
import { codeAround } from './moved-code.ts';
import type { NewRevision } from './new-revision.ts';
import { proveRevision } from './not-null-steps.ts';
import type { DirectivePlace } from './revision-site.ts';

/** A column that `add_column` adds, as it is written there. */
export interface NewColumn {
  readonly change: AddColumn;
  readonly place: DirectivePlace;
  readonly column: ColumnCall;
  readonly project: Project;
}

/** Whether something later in the revision is about the column, which would have to come after the backfill. */
export function isTouchedLater(change: AddColumn, { forward }: Migration): boolean {
  return forward.slice(forward.indexOf(change) + 1).some((each) => {
    if (each.kind === 'Opaque') return true;
    if (!('table' in each) || each.table === undefined || !isSameTable(each.table, change.table)) return false;
    if (each.kind === 'AlterColumn' || each.kind === 'RenameColumn') return each.column === change.column.name;
    return each.kind === 'WriteRows';
  });
}

/** Whether something later in the revision may need the values that the rows would have by then. */
export function areValuesNeeded(change: AddColumn, { forward }: Migration): boolean {
  const { table, column } = change;
  const isOfColumn = (columns: readonly string[] | undefined) => columns?.includes(column.name) === true;
  return forward.slice(forward.indexOf(change) + 1).some((each) => {
    switch (each.kind) {
      case 'InvalidSql':
      case 'Opaque':
      case 'RunCode':
      case 'WriteRows':
        return true;
      case 'RunSql':
        return each.isUnread === true;
      case 'AlterColumn':
      case 'RenameColumn':
        return isSameTable(each.table, table) && each.column === column.name;
      case 'AddConstraint': {
        const { kind, columns, references, referencedColumns } = each.constraint;
        if (kind === 'primary-key') return isSameTable(each.table, table) && isOfColumn(columns);
        return references !== undefined && isSameTable(references, table) && isOfColumn(referencedColumns);
      }
      default:
        return false;
    }
  });
}

/** The directive that alters the column directly after it is added. */
export function alterNewColumn(
  { change, place }: Pick<NewColumn, 'change' | 'place'>,
  keywords: Readonly<Record<string, string | undefined>>,
): string {
  const literal = (text: string): string => quoted(text, quoteOf(place.source.text));
  const table = argumentText(place, 'table_name') ?? literal(change.table.name);
  const names = [table, literal(change.column.name)];
  return opCall(place.op, 'alter_column', names, { ...keywords, schema: schemaText(place) }, 4);
}

/** The revision that sets the column NOT NULL, on the proof of a check that it was given before. */
export function newColumnProven({ change, place, column, project }: NewColumn): NewRevision | Refused {
  const { source } = place;
  const { table } = change;
  const alter = (nullable: string): string =>
    alterNewColumn({ change, place }, { existing_type: column.type, nullable });
  const around = codeAround(source, [place], [alter('False')]);
  if (isRefused(around)) return around;
  const of = { table, column: change.column.name, source, project };
  return { ...proveRevision(of, { forward: alter('False'), backward: alter('True') }), ...around };
}
