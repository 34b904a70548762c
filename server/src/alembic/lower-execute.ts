import type { Change, WriteRows } from '../schema/change.ts';
import { filledHole } from '../sql/filled-source.ts';
import { lowerScript } from '../sql/lower-script.ts';
import type { PlaceholderStyle } from '../sql/placeholders.ts';
import { readScript } from '../sql/script.ts';
import { sqlTextOf } from '../sql/sql-text.ts';
import type { Module } from '../syntax/module.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { calledName } from './columns.ts';
import { chainOf, isFiltered, tableOfValue, textFor, textIn } from './constructs.ts';
import { copiedByConstruct, whereNullOf } from './copied-values.ts';
import { directiveOf } from './directives.ts';
import { ofLoop } from './lower-session.ts';
import { placeOf, type Step } from './step.ts';
import { stringsInConstruct, stringsInRows } from './written-strings.ts';

/** What is given to `op.execute`, `connection.execute` and the like: SQL as text, or a construct of SQLAlchemy. */
export function lowerExecuted(sent: Value | undefined, step: Step): readonly Change[] {
  if (sent === undefined) return [];
  const text = textIn(sent);
  if (text === undefined) return [];
  if (text.kind !== 'call') return lowerText(text, text !== sent, step);
  if (isQuery(text)) return [];
  const write = writeOf(text, step);
  return write === undefined ? [unreadSql(text, step)] : [ofLoop(write, step)];
}

/** What a call that executes something is given, without the `sa.text` around it. */
export function executedText({ positional, keywords }: CallValue): Value | undefined {
  const sent = positional[0] ?? keywords.get('sqltext') ?? keywords.get('statement');
  return sent && textIn(sent);
}

function lowerText(value: Value, isClause: boolean, step: Step): readonly Change[] {
  const { base, context, source, before, performed } = step;
  const { database } = context.target;
  const textOf = (module: Module) => context.sourceOf(module)?.text;
  const sql = sqlTextOf(value, { textOf, fill: () => undefined });
  if (sql === undefined) return [unreadSql(value, step)];
  const parser = database === 'postgresql' ? context.sqlParser() : undefined;
  const placeholders = placeholdersIn(sql.text, isClause, performed.value);
  const script = readScript(sql, { database, placeholders, parser });
  if (script === undefined) return [unreadSql(value, step)];
  const call = performed.value.module === source.module ? performed.value.at : undefined;
  const changes = lowerScript(script, {
    migration: source.revision,
    before,
    module: source.module,
    fallback: placeOf(value, step),
    fileOf: (module) => context.sourceOf(module)?.file,
    call,
    within: performed.within.map(({ at }) => at),
    common: { applies: base.applies, transaction: base.transaction, certainty: base.certainty, reverse: base.reverse },
    repeats: performed.repeats,
    parser,
  });
  const holes = sql.holes.filter((hole) => hole.module === source.module).map((hole) => filledHole(hole, textOf));
  const statements = sql.holes.length > 0 ? [undefined] : [sql.text];
  const guarded = base.guarded ? { guarded: true } : {};
  return [
    { ...base, at: placeOf(value, step), kind: 'RunSql', statements, holes },
    ...changes.map((each) => ({ ...(each.kind === 'WriteRows' ? ofLoop(each, step) : each), ...guarded })),
  ];
}

/**
 * Alembic and SQLAlchemy take a string for `text`, in which `:name` stands for a value. Connections used to hand it to the
 * driver as it is, which `exec_driver_sql` still does; drivers look for `%s` where there are values.
 */
function placeholdersIn(sql: string, isClause: boolean, call: CallValue): PlaceholderStyle {
  const hasValues = call.positional.length + call.keywords.size > 1;
  if (calledName(call) === 'exec_driver_sql') return hasValues ? 'format' : 'none';
  const isOfDriver = !isClause && hasValues && /%(?:s|\()/.test(sql) && directiveOf(call) === undefined;
  return isOfDriver ? 'format' : 'named';
}

function unreadSql(value: Value, step: Step): Change {
  return { ...step.base, at: placeOf(value, step), kind: 'RunSql', statements: [undefined], isUnread: true };
}

/** `table.update().where(…).values(…)`, `sa.delete(table)`: the chain of calls, from the last to the first. */
function writeOf(construct: CallValue, step: Step): WriteRows | undefined {
  const chain = chainOf(construct);
  const root = chain.at(-1);
  const operationCall = chain.find((call) => operations[calledName(call)] !== undefined);
  const operation = operationCall === undefined ? undefined : operations[calledName(operationCall)];
  if (root === undefined || operationCall === undefined || operation === undefined) return undefined;
  const target = operationCall.positional[0] ?? operationCall.keywords.get('table') ?? operationCall.receiver;
  const table = target === undefined ? undefined : tableOfValue(target);
  const assignments = chain.filter((call) => calledName(call) === 'values').flatMap(assignmentsOf);
  return {
    ...step.base,
    at: placeOf(operationCall, step),
    kind: 'WriteRows',
    operation,
    table,
    label: table?.name ?? textFor(target),
    rows: isFiltered(chain) ? 'filtered' : 'all',
    assignments,
    ...stringsInConstruct(chain),
    method: 'set',
    batched: false,
    guarded: step.base.guarded === true,
    ...(operation === 'update' ? { ...copiedByConstruct(chain, table), ...whereNullOf(chain) } : {}),
    code: undefined,
  };
}

const operations: Readonly<Record<string, WriteRows['operation']>> = {
  delete: 'delete',
  insert: 'insert',
  update: 'update',
};

const queries: ReadonlySet<string> = new Set(['exists', 'select', 'union', 'union_all', 'values']);

/** `sa.select(…).where(…)` and `users.select().limit(1)` change nothing. */
function isQuery(construct: CallValue): boolean {
  const chain = chainOf(construct);
  const root = chain.at(-1);
  return (root !== undefined && queries.has(calledName(root))) || chain.some((call) => calledName(call) === 'select');
}

function assignmentsOf({ positional, keywords }: CallValue): WriteRows['assignments'] {
  const [first] = positional;
  const entries = first?.kind === 'dictionary' ? first.entries : [];
  const named = [...keywords].map(([column, value]) => ({ column, value }));
  const keyed = entries.flatMap(({ key, value }) => (key.kind === 'string' ? [{ column: key.value, value }] : []));
  return [...keyed, ...named].map(({ column, value }) => ({ column, value: valueKind(value) }));
}

function valueKind(value: Value): 'constant' | 'expression' | 'unknown' {
  if (value.kind === 'string' || value.kind === 'number' || value.kind === 'constant') return 'constant';
  return value.kind === 'call' || value.kind === 'reference' ? 'expression' : 'unknown';
}

/** `op.bulk_insert(table, rows)` */
export function bulkInsert(table: Value | undefined, rows: Value | undefined, step: Step): readonly Change[] {
  const name = table === undefined ? undefined : tableOfValue(table);
  return [
    {
      ...step.base,
      kind: 'WriteRows',
      operation: 'insert',
      table: name,
      label: name?.name ?? textFor(table),
      rows: 'unknown',
      assignments: [],
      ...stringsInRows(rows),
      method: 'bulk',
      batched: false,
      guarded: step.base.guarded === true,
      code: undefined,
    },
  ];
}
