import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { TableName } from '../../schema/table-name.ts';
import { isSameTable } from '../../schema/table-name.ts';

/**
 * Whether a change can run after the rest of its migration: nothing later in it drops, renames or uses what it is about,
 * or has to come after it for other reasons that can be told.
 *
 * @param columns that it is about, where no other of its table matters to it
 */
export function isMovable(change: Change, { forward }: Migration, columns = columnsOf(change)): boolean {
  const later = forward.slice(forward.indexOf(change) + 1);
  return !later.some(
    (each) => each.applies.database && !isOfOtherColumn(each, columns) && (isOpaque(each) || touches(each, change)),
  );
}

/** Undefined where it cannot be told. */
function columnsOf(change: Change): readonly string[] | undefined {
  switch (change.kind) {
    case 'AlterColumn':
      return [change.column];
    case 'CreateIndex': {
      const { columns, expressions, partial, definition } = change.index;
      const isPlain = columns.length > 0 && !expressions && !partial;
      return isPlain ? [...columns, ...(definition?.().include ?? [])] : undefined;
    }
    case 'AddConstraint': {
      const { columns } = change.constraint;
      return columns.length > 0 ? columns : undefined;
    }
    default:
      return undefined;
  }
}

function isOfOtherColumn(later: Change, columns: readonly string[] | undefined): boolean {
  if (columns === undefined || (later.kind !== 'DropColumn' && later.kind !== 'RenameColumn')) return false;
  return !columns.includes(later.column) && !(later.kind === 'RenameColumn' && columns.includes(later.to));
}

function isOpaque({ kind }: Change): boolean {
  return kind === 'Opaque' || kind === 'InvalidSql';
}

const renaming = new Set<Change['kind']>([
  'RenameTable',
  'DropTable',
  'RenameColumn',
  'DropColumn',
  'DropView',
  'DropSchema',
]);

function touches(later: Change, change: Change): boolean {
  if (renaming.has(later.kind)) {
    const [one, other] = [tableOf(later), tableOf(change)];
    return one === undefined || other === undefined || isSameTable(one, other);
  }
  const names = namesOf(change);
  return namesOf(later).some((name) => names.includes(name));
}

function tableOf(change: Change): TableName | undefined {
  if ('table' in change) return change.table;
  return 'view' in change ? change.view : undefined;
}

/** The indexes and constraints that a change makes, uses or drops. */
function namesOf(change: Change): readonly string[] {
  switch (change.kind) {
    case 'CreateIndex':
      return [change.index.name];
    case 'DropIndex':
      return [change.index];
    case 'RenameIndex':
      return [change.index, change.to];
    case 'AddConstraint':
      return [change.constraint.name, change.usingIndex ?? change.constraint.name];
    case 'DropConstraint':
    case 'ValidateConstraint':
      return [change.constraint];
    case 'RenameConstraint':
      return [change.constraint, change.to];
    case 'Reindex':
      return change.name === undefined ? [] : [change.name];
    default:
      return [];
  }
}
