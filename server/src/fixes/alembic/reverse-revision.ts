import type { Change } from '../../schema/change.ts';
import { isIrreversible } from '../../schema/reversibility.ts';
import { type Reversed, type Reversing, reversedChange } from './reverse-change.ts';
import { reversedRows } from './reverse-rows.ts';
import { reversedStatement } from './reverse-sql.ts';
import type { PlainCode, Step } from './written-directive.ts';
import { text, type Writing } from './written-value.ts';

/**
 * The steps that take changes of a revision back, the last one first. Where only its author knows how to take one of them
 * back, going on without it would be wrong: then there is one step, which raises. Undefined where one depends on a
 * condition, or on how things were before and that is not known.
 */
export function reversedChanges(changes: readonly Change[], reversing: Reversing): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const group of groupsOf(changes).toReversed()) {
    if (group.some(({ certainty, applies }) => certainty === 'conditional' && applies.database)) return undefined;
    const reversed = reversedGroup(group, reversing);
    if (reversed === undefined) return undefined;
    steps.push(...reversed);
  }
  const reasons = new Set(steps.flatMap((step) => (stops(step) ? [step.stops] : [])));
  return reasons.size === 0 ? steps : [raising([...reasons], reversing.writing)];
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
  if (isUnread(first))
    return [raising([`No way back is known for what upgrade() does by ${first.origin.name}().`], reversing.writing)];
  const { sql } = first.origin;
  if (sql !== undefined) {
    const reversed = reversedStatement(group, reversing);
    if (reversed !== undefined || !group.some(isIrreversible)) return reversed;
    return [raising([`No way back is known for ${shortened(sql.text)}.`], reversing.writing)];
  }
  return reversedRows(first, reversing) ?? reversedChange(first, reversing);
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
    case 'SetTableOption':
      return change.option === 'comment';
    case 'OtherStatement':
      return !change.statement.includes(' ') && change.statement !== 'DO' && change.statement !== 'CALL';
    default:
      return false;
  }
}
