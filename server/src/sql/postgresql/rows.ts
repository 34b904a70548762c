import type { DeleteStmt, InsertStmt, MergeStmt, Node, RangeVar, UpdateStmt, WithClause } from 'libpg-query';
import type { Span } from '../../base/span.ts';
import type { RowAssignment, WriteRows } from '../../schema/change.ts';
import { unnamedTable } from '../../schema/table-name.ts';
import { isStandIn } from '../stand-in.ts';
import { enclosingEnd, indexAt, tellingSpan, wordAt } from '../words.ts';
import { copiedByInsert, copiedByUpdate } from './copied-values.ts';
import { isAlwaysTrue, isSameForAllRows } from './expressions.ts';
import { tableNameOf } from './names.ts';
import { allOf, asKind, nodesWithin } from './node.ts';
import { afterTable, type Step } from './step.ts';

export function insert(node: InsertStmt, step: Step): readonly WriteRows[] {
  const write = writeRows('insert', node.relation, 'all', [], step, 'INSERT');
  return [...writesIn(node.withClause, step), { ...write, ...copiedByInsert(node) }];
}

export function update(node: UpdateStmt, step: Step): readonly WriteRows[] {
  const rows = rowsOf(node, step);
  const write = writeRows('update', node.relation, rows, assignmentsIn(node.targetList, step), step, 'UPDATE');
  return [
    ...writesIn(node.withClause, step),
    { ...write, batched: isBatched(node, step), ...copiedByUpdate(node), ...whereNull(node) },
  ];
}

export function deleteRows(node: DeleteStmt, step: Step): readonly WriteRows[] {
  const rows = rowsOf(node, step);
  const write = writeRows('delete', node.relation, rows, [], step, 'DELETE');
  return [...writesIn(node.withClause, step), { ...write, batched: isBatched(node, step) }];
}

/** A MERGE does what its clauses do; each kind is told once. */
export function merge(node: MergeStmt, step: Step): readonly WriteRows[] {
  const operations = { CMD_DELETE: 'delete', CMD_INSERT: 'insert', CMD_UPDATE: 'update' } as const;
  const clauses = allOf(node.mergeWhenClauses, 'MergeWhenClause');
  const writes = Object.entries(operations).flatMap(([command, operation]) => {
    const matching = clauses.filter(({ commandType }) => commandType === command);
    const assignments = matching.flatMap(({ targetList }) => assignmentsIn(targetList, step));
    const rows = operation === 'insert' ? 'all' : 'filtered';
    return matching.length === 0
      ? []
      : [writeRows(operation, node.relation, rows, operation === 'update' ? assignments : [], step, 'MERGE')];
  });
  return [...writesIn(node.withClause, step), ...writes];
}

/** What the common table expressions of a statement write: `WITH gone AS (DELETE …) SELECT …`. */
export function writesIn(clause: WithClause | undefined, step: Step): readonly WriteRows[] {
  return allOf(clause?.ctes, 'CommonTableExpr').flatMap(({ ctequery }) => writesOf(ctequery, step));
}

function writesOf(node: Node | undefined, step: Step): readonly WriteRows[] {
  const inserted = asKind(node, 'InsertStmt');
  if (inserted !== undefined) return insert(inserted, step);
  const updated = asKind(node, 'UpdateStmt');
  if (updated !== undefined) return update(updated, step);
  const deleted = asKind(node, 'DeleteStmt');
  if (deleted !== undefined) return deleteRows(deleted, step);
  const merged = asKind(node, 'MergeStmt');
  if (merged !== undefined) return merge(merged, step);
  return writesIn(asKind(node, 'SelectStmt')?.withClause, step);
}

export function writeRows(
  operation: WriteRows['operation'],
  relation: RangeVar | undefined,
  rows: WriteRows['rows'],
  assignments: readonly RowAssignment[],
  step: Step,
  statement: string,
): WriteRows {
  const table = tableNameOf(relation);
  const isKnown = table.unknown !== 'name';
  return {
    ...step.facts(statement, writeSpan(operation, relation, step)),
    kind: 'WriteRows',
    operation,
    table: isKnown ? table : undefined,
    label: isKnown ? table.name : unnamedTable,
    rows,
    assignments,
    method: 'set',
    batched: false,
    guarded: step.inBody?.guarded === true,
    code: undefined,
  };
}

/** The values of an INSERT tell nothing; what stands in a WITH is told apart from the statement around it. */
function writeSpan(operation: WriteRows['operation'], relation: RangeVar | undefined, step: Step): Span {
  const behind = afterTable(relation, step);
  let first = indexAt(step, step.offsetOf(relation?.location));
  while (first > 0 && !writing.has(wordAt(step, first))) first--;
  return tellingSpan(step, first, operation === 'insert' ? behind : enclosingEnd(step, first));
}

const writing: ReadonlySet<string> = new Set(['COPY', 'DELETE', 'INSERT', 'MERGE', 'UPDATE']);

/** A condition that is put together when the migration runs may be any, and so may what looks like another name. */
function rowsOf({ relation, whereClause: where }: UpdateStmt | DeleteStmt, step: Step): WriteRows['rows'] {
  if (where === undefined && isStandIn(relation?.alias?.aliasname ?? '')) return 'unknown';
  if (where !== undefined && holdsStandIn(where, step)) return onlyStandIn(where) ? 'unknown' : 'filtered';
  return isAlwaysTrue(where) ? 'all' : 'filtered';
}

/** `WHERE column IS NULL` */
function whereNull({ whereClause }: UpdateStmt): Pick<WriteRows, 'whereNull'> {
  const test = asKind(whereClause, 'NullTest');
  const field = asKind(test?.arg, 'ColumnRef')?.fields?.at(-1);
  const column = test?.nulltesttype === 'IS_NULL' ? asKind(field, 'String')?.sval : undefined;
  return column === undefined || isStandIn(column) ? {} : { whereNull: column };
}

function holdsStandIn(node: Node, { text }: Step): boolean {
  return isStandIn(text) && isStandIn(JSON.stringify(node));
}

/** `WHERE {condition}` */
function onlyStandIn(node: Node): boolean {
  return asKind(node, 'ColumnRef') !== undefined;
}

function assignmentsIn(targets: readonly Node[] | undefined, step: Step): readonly RowAssignment[] {
  return allOf(targets, 'ResTarget').map(({ name = '', val }) => ({ column: name, value: assignedBy(val, step) }));
}

function assignedBy(value: Node | undefined, step: Step): RowAssignment['value'] {
  if (value !== undefined && holdsStandIn(value, step)) return 'unknown';
  return isSameForAllRows(value) ? 'constant' : 'expression';
}

type Selecting = Pick<UpdateStmt, 'whereClause' | 'fromClause' | 'withClause'> & Pick<DeleteStmt, 'usingClause'>;

/** `WHERE id IN (SELECT … LIMIT 1000)`, wherever the query stands, or a slice of keys inside a loop. */
function isBatched({ whereClause, fromClause = [], usingClause = [], withClause }: Selecting, step: Step): boolean {
  if (whereClause === undefined) return false;
  if (step.inBody?.inLoop === true) return true;
  if (step.repeats && (holdsStandIn(whereClause, step) || holdsParameter(whereClause))) return true;
  const queries = [whereClause, ...fromClause, ...usingClause, ...(withClause?.ctes ?? [])];
  return queries.some((query) =>
    [...nodesWithin(query)].some((each) => {
      const select = asKind(each, 'SelectStmt');
      return select?.limitCount !== undefined && select.limitOption === 'LIMIT_OPTION_COUNT';
    }),
  );
}

function holdsParameter(node: Node): boolean {
  return [...nodesWithin(node)].some((each) => asKind(each, 'ParamRef') !== undefined);
}
