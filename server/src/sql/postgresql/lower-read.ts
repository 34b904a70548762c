import type { Change } from '../../schema/change.ts';
import type { TableName } from '../../schema/table-name.ts';
import { isStandIn } from '../stand-in.ts';
import { statementSpan } from '../words.ts';
import { statementName } from './other-statement.ts';
import type { ReadStatement } from './parse-statement.ts';
import { problemSpan } from './problem-span.ts';
import type { Step } from './step.ts';

/** The changes that a statement makes, or what is wrong with it. */
export function lowerRead({ parsed, guesses, omits }: ReadStatement, step: Step): readonly Change[] {
  switch (parsed.kind) {
    case 'problem':
      return [
        { ...step.facts(statementName(step), problemSpan(parsed, step)), kind: 'InvalidSql', message: parsed.message },
      ];
    case 'unreadable':
      return [{ ...step.facts(statementName(step), statementSpan(step)), kind: 'Opaque', reason: parsed.reason }];
    case 'tree': {
      const changes = step.lower(parsed.node, { ...step, guesses, offsetOf: parsed.offsetOf });
      return omits || isStandIn(step.text) ? changes.map((change) => withoutStandIns(change, omits)) : changes;
    }
  }
}

/** Nothing is said about a table, column or constraint whose name is only known when the migration runs. */
function withoutStandIns(change: Change, omits: boolean): Change {
  if (change.kind === 'WriteRows')
    return omits && change.rows === 'all' ? { ...change, rows: 'unknown' as const } : change;
  if (omits) return withoutStandIns({ ...change, certainty: 'conditional' }, false);
  if (change.kind === 'Opaque' || change.kind === 'OtherStatement' || change.kind === 'InvalidSql') return change;
  if (!namesOf(change).some(isStandIn) || isTellingUnnamed(change)) return change;
  const { at, origin, applies, transaction, certainty, reverse } = change;
  const reason = 'what it is about is only known when it runs';
  return { at, origin, applies, transaction, certainty, reverse, kind: 'Opaque', reason };
}

/** What is lost is lost whatever its name is; a table that is created is known by its name, in whatever schema. */
function isTellingUnnamed(change: Change): boolean {
  switch (change.kind) {
    case 'DropColumn':
    case 'DropTable':
    case 'DropView':
    case 'Truncate':
      return true;
    case 'CreateTable':
      return change.table.unknown !== 'name';
    default:
      return false;
  }
}

function namesOf(change: Change): readonly string[] {
  return Object.entries(change).flatMap(([key, value]: readonly [string, unknown]) => {
    if (key === 'origin' || key === 'at') return [];
    if (typeof value === 'string') return [value];
    return isNamed(value) ? [value.name, value.schema ?? ''] : [];
  });
}

/** A table, a column, an index, a constraint. */
function isNamed(value: unknown): value is Pick<TableName, 'name'> & Partial<TableName> {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}
