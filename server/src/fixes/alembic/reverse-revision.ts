import { type Change, changesOf } from '../../schema/change.ts';
import { isIrreversible } from '../../schema/reversibility.ts';
import { findTable, type Schema, type Table } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import { reversedChange } from './reverse-change.ts';
import { reversedRows } from './reverse-rows.ts';
import { reversedStatement } from './reverse-sql.ts';
import type { Reversed, Reversing } from './reversing.ts';
import type { PlainCode, Step } from './written-directive.ts';
import { text, type Writing } from './written-value.ts';

/**
 * The steps that take changes of a revision back, the last one first. Where only its author knows how to take one of them
 * back, going on without it would be wrong: then there is one step, which raises. Undefined where one depends on a
 * condition, or on how things were before and that is not known.
 */
export function reversedChanges(changes: readonly Change[], reversing: Reversing): readonly Step[] | undefined {
  const steps: Step[] = [];
  const made = changes.filter((change) => isOfDatabase(change) && !isScratch(change, reversing));
  for (const group of groupsOf(made).toReversed()) {
    const isConditional = group.some(({ certainty, applies }) => certainty === 'conditional' && applies.database);
    const reversed = isConditional ? reversedPerhaps(group, reversing) : reversedGroup(group, reversing);
    if (reversed === undefined) return undefined;
    steps.push(...reversed);
  }
  const reasons = new Set(steps.flatMap((step) => (stops(step) ? [step.stops] : [])));
  return reasons.size === 0 ? steps : [raising([...reasons], reversing.writing)];
}

/** What is left to a later release has not happened yet. */
function isOfDatabase({ applies }: Change): boolean {
  return applies.database;
}

/** An index, a constraint or a table that is there for a while only: neither before the revision nor behind it. */
function isScratch(change: Change, { start, end, migration: { forward } }: Reversing): boolean {
  switch (change.kind) {
    case 'CreateTable':
    case 'DropTable': {
      const { table } = change;
      const isMade = changesOf(forward, 'CreateTable').some((each) => isSameTable(each.table, table));
      return isMade && [start, end].every((schema) => findTable(schema, table) === undefined);
    }
    case 'CreateIndex':
    case 'DropIndex': {
      const name = change.kind === 'CreateIndex' ? change.index.name : change.index;
      const isMade = changesOf(forward, 'CreateIndex').some(({ index }) => index.name === name);
      return (
        isMade && isGone(change.table, end, ({ indexes }) => indexes.has(name)) && isAbsent(change.table, name, start)
      );
    }
    case 'AddConstraint':
    case 'DropConstraint': {
      const name = change.kind === 'AddConstraint' ? change.constraint.name : change.constraint;
      const isMade = changesOf(forward, 'AddConstraint').some(({ constraint }) => constraint.name === name);
      return (
        isMade &&
        isGone(change.table, end, ({ constraints }) => constraints.has(name)) &&
        isAbsent(change.table, name, start)
      );
    }
    default:
      return false;
  }
}

/** The table is there, and that is not. */
function isGone(table: TableName | undefined, schema: Schema, has: (table: Table) => boolean): boolean {
  const known = table && findTable(schema, table);
  return known !== undefined && !has(known);
}

function isAbsent(table: TableName | undefined, name: string, schema: Schema): boolean {
  return isGone(table, schema, ({ indexes, constraints }) => indexes.has(name) || constraints.has(name));
}

/** What may have happened is known not to matter, or is about rows; undefined otherwise. */
function reversedPerhaps(group: readonly Change[], reversing: Reversing): Reversed {
  const [first] = group;
  if (first !== undefined && isUnread(first)) return [unreadStep(first, reversing)];
  const steps = group.toReversed().map((change) => (leavesNothing(change) ? [] : reversedRows(change, reversing)));
  return steps.every((each) => each !== undefined) ? steps.flat() : undefined;
}

/** Whether the way back cannot go on at a step. */
export function stops(step: Step): step is PlainCode & { readonly stops: string } {
  return step.kind === 'code' && step.stops !== undefined;
}

function raising(reasons: readonly string[], writing: Writing): PlainCode {
  const [first = '', ...others] = reasons;
  const lines = [first, ...others.map((reason) => ` ${reason}`)].map((line) => text(line, writing));
  const code =
    others.length === 0 ? `raise RuntimeError(${lines[0]})` : `raise RuntimeError(\n    ${lines.join('\n    ')}\n)`;
  return { kind: 'code', code, isAutocommit: false, comments: [], stops: reasons.join(' ') };
}

/** The changes of one statement of SQL, or one change. */
function groupsOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    const { sql, call } = change.origin;
    const before = last?.[0]?.origin;
    const isSame =
      sql !== undefined &&
      before?.sql?.text === sql.text &&
      before.call === call &&
      before.sql.position === sql.position;
    if (last !== undefined && isSame) last.push(change);
    else groups.push([change]);
  }
  return groups;
}

function reversedGroup(group: readonly Change[], reversing: Reversing): Reversed {
  const [first] = group;
  if (first === undefined || group.every(leavesNothing)) return [];
  if (isUnread(first)) return [unreadStep(first, reversing)];
  const { sql } = first.origin;
  if (sql !== undefined) {
    const reversed = reversedStatement(group, reversing);
    if (reversed !== undefined || !group.some(isIrreversible)) return reversed;
    return [raising([`No way back is known for ${shortened(sql.text)}.`], reversing.writing)];
  }
  return reversedRows(first, reversing) ?? reversedChange(first, reversing);
}

function unreadStep({ origin }: Change, { writing }: Reversing): PlainCode {
  return raising([`No way back is known for what upgrade() does by ${origin.name}().`], writing);
}

function shortened(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim();
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}

/** SQL that is put together at run time, a directive that nobody knows. */
function isUnread(change: Change): boolean {
  return (
    change.kind === 'Opaque' ||
    (change.kind === 'RunSql' && (change.isUnread === true || change.statements.includes(undefined)))
  );
}

/** What is over when the statement is, or makes no difference to a schema. */
function leavesNothing(change: Change): boolean {
  switch (change.kind) {
    case 'LockRows':
    case 'LockTable':
    case 'Maintenance':
    case 'RefreshView':
    case 'Reindex':
    case 'SetConstraints':
    case 'SetTimeout':
    case 'TransactionControl':
    case 'ValidateConstraint':
      return true;
    case 'RunSql':
      return !isUnread(change);
    case 'OtherStatement':
      return !change.statement.includes(' ') && change.statement !== 'DO' && change.statement !== 'CALL';
    default:
      return false;
  }
}
