import { containsSpan } from '../base/span.ts';
import type { WriteRows } from '../schema/change.ts';
import { isSameTable } from '../schema/table-name.ts';
import { childStatementsOf } from '../syntax/child-expressions.ts';
import type { Statement } from '../syntax/module.ts';
import type { RunTimeLoop } from '../syntax/performed-call.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { calledName } from './columns.ts';
import { chainOf, isFiltered, queriedRows, tableOfValue, textFor } from './constructs.ts';
import { placeOf, type Step } from './step.ts';

/** What a session writes besides what it executes: through its queries, by objects that are added to it or deleted. */
export function lowerSession(call: CallValue, step: Step): readonly WriteRows[] {
  const { callee } = call.at;
  if (callee.kind !== 'attribute') return [];
  switch (callee.name) {
    case 'delete':
    case 'update':
      return byQuery(callee.name, call, step);
    case 'add':
    case 'add_all':
    case 'bulk_insert_mappings':
    case 'bulk_save_objects':
      return isSession(call.receiver) ? [insertOf(call, step)] : [];
    case 'bulk_update_mappings':
      return isSession(call.receiver) ? [{ ...written(call, 'update', step), method: 'bulk' }] : [];
    default:
      return [];
  }
}

/** `session`, `Session(…)`, what `sessionmaker(…)()` makes. */
function isSession(value: Value | undefined): boolean {
  if (value === undefined) return false;
  if (value.kind === 'call' && /session/i.test(calledName(value))) return true;
  return /session/i.test(textFor(value));
}

/** `session.query(User).filter(…).delete()`; `session.delete(user)` in a loop over users. */
function byQuery(operation: 'delete' | 'update', call: CallValue, step: Step): readonly WriteRows[] {
  const chain = chainOf(call);
  const query = chain.slice(1).find((each) => calledName(each) === 'query');
  if (query === undefined) {
    const isOne = operation === 'delete' && call.positional.length === 1 && isSession(call.receiver);
    return isOne && step.performed.loop !== undefined ? [ofLoop(written(call, 'delete', step), step)] : [];
  }
  const [entity] = query.positional;
  const table = entity && tableOfValue(entity);
  const assignments = operation === 'update' ? assignmentsIn(call.positional[0]) : [];
  return [
    {
      ...written(call, operation, step),
      table,
      label: table?.name ?? textFor(entity),
      rows: isFiltered(chain) ? 'filtered' : 'all',
      assignments,
    },
  ];
}

/** `{"state": "new"}`, `{User.state: "new"}` */
function assignmentsIn(value: Value | undefined): WriteRows['assignments'] {
  if (value?.kind !== 'dictionary') return [];
  return value.entries.flatMap(({ key, value: to }) => {
    const attribute = key.at.kind === 'attribute' ? key.at.name : undefined;
    const column = key.kind === 'string' ? key.value : attribute;
    const isConstant = to.kind === 'string' || to.kind === 'number' || to.kind === 'constant';
    return column === undefined ? [] : [{ column, value: isConstant ? 'constant' : 'expression' } as const];
  });
}

function insertOf(call: CallValue, step: Step): WriteRows {
  const [first] = call.positional;
  const entity = isSequence(first) ? first.items[0] : first;
  const table = entity && tableOfValue(entity);
  return { ...written(call, 'insert', step), table, label: table?.name ?? textFor(entity), method: 'bulk' };
}

function written(call: CallValue, operation: WriteRows['operation'], step: Step): WriteRows {
  const [first] = call.positional;
  const table = first && tableOfValue(first);
  return {
    ...step.base,
    at: placeOf(call, step),
    kind: 'WriteRows',
    operation,
    table,
    label: table?.name ?? textFor(first),
    rows: 'unknown',
    assignments: [],
    method: 'set',
    batched: false,
    guarded: step.base.guarded === true,
    code: undefined,
  };
}

/** A write that is sent once for each row that a loop goes through: of all of them, if the loop goes through all. */
export function ofLoop(write: WriteRows, step: Step): WriteRows {
  const { performed, source, context } = step;
  const { loop, value } = performed;
  const queried = loop && queriedRows(loop.iterable);
  if (loop === undefined || queried === undefined || write.operation === 'insert') return write;
  const table = write.table ?? queried.table;
  const isOwn = table === undefined || queried.table === undefined || isSameTable(table, queried.table);
  // Which rows the loop leaves alone is not known; they are loaded all the same.
  const isOfAll = isOwn && (write.operation === 'update' || isInEveryRound(value, loop));
  const file = context.sourceOf(value.module)?.file ?? source.file;
  return {
    ...write,
    table,
    label: table?.name ?? write.label,
    rows: isOfAll ? queried.rows : 'filtered',
    // Each row gets a value of its own.
    assignments: write.assignments.map(({ column }) => ({ column, value: 'expression' })),
    method: 'each',
    batched: false,
    certainty: loop.certainty,
    code: { file, module: value.module, functions: [], call: value.at, source: loop.statement.iterable },
  };
}

function isInEveryRound({ at }: CallValue, { statement }: RunTimeLoop): boolean {
  const index = statement.body.findIndex(({ span }) => containsSpan(span, at.span));
  return (
    statement.body.slice(0, index + 1).every(({ kind }) => kind === 'expression' || kind === 'assign') && index >= 0
  );
}

/** `for user in session.query(User): user.name = …`: the session writes each object that was changed. */
export function lowerChangedObjects(call: CallValue, step: Step): readonly WriteRows[] {
  const loop = loopOver(call, step.performed.value.module.body);
  const queried = queriedRows(call);
  const isOfObjects = chainOf(call).some((each) => calledName(each) === 'query');
  if (loop === undefined || queried === undefined || !isOfObjects || loop.target.kind !== 'name') return [];
  const columns = attributesSet(loop.target.name, loop.body);
  if (columns.length === 0) return [];
  const { source, context } = step;
  const { module } = call;
  const file = context.sourceOf(module)?.file ?? source.file;
  return [
    {
      ...written(call, 'update', step),
      at: placeOf(call, step),
      table: queried.table,
      label: queried.table?.name ?? 'a table',
      rows: queried.rows,
      assignments: columns.map((column) => ({ column, value: 'expression' })),
      method: 'each',
      code: { file, module, functions: [], call: call.at, source: loop.iterable },
    },
  ];
}

function loopOver(call: CallValue, statements: readonly Statement[]): Extract<Statement, { kind: 'for' }> | undefined {
  for (const statement of statements) {
    if (call.at.span.start < statement.span.start || call.at.span.end > statement.span.end) continue;
    if (statement.kind === 'for' && statement.iterable === call.at) return statement;
    return loopOver(call, childStatementsOf(statement));
  }
  return undefined;
}

function attributesSet(name: string, statements: readonly Statement[]): readonly string[] {
  return statements.flatMap((statement) => {
    const own = statement.kind === 'assign' ? statement.targets : [];
    const set = own.flatMap((target) =>
      target.kind === 'attribute' && target.object.kind === 'name' && target.object.name === name ? [target.name] : [],
    );
    return [...set, ...attributesSet(name, childStatementsOf(statement))];
  });
}
