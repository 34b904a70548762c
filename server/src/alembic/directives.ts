import type { CallValue, Value } from '../syntax/value.ts';

/** A directive of Alembic with its arguments by name, whether it is called on `op` or inside `batch_alter_table`. */
export interface Directive {
  readonly name: string;
  readonly call: CallValue;
  /** Positional arguments included. Of a directive of `batch_alter_table`, `table_name` and `schema` are those of the block. */
  readonly arguments: ReadonlyMap<string, Value>;
  /** What stands behind the named parameters: the columns of a table, the elements of an exclusion constraint. */
  readonly elements: readonly Value[];
  /** The `batch_alter_table` that it is part of. */
  readonly batch: CallValue | undefined;
}

/** The positional parameters of each directive of `op`; `*` stands for any number of elements. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  add_column: ['table_name', 'column'],
  alter_column: ['table_name', 'column_name'],
  batch_alter_table: ['table_name', 'schema', 'recreate'],
  bulk_insert: ['table', 'rows'],
  create_check_constraint: ['constraint_name', 'table_name', 'condition'],
  create_exclude_constraint: ['constraint_name', 'table_name', '*'],
  create_foreign_key: ['constraint_name', 'source_table', 'referent_table', 'local_cols', 'remote_cols'],
  create_index: ['index_name', 'table_name', 'columns'],
  create_primary_key: ['constraint_name', 'table_name', 'columns'],
  create_table: ['table_name', '*'],
  create_table_comment: ['table_name', 'comment'],
  create_unique_constraint: ['constraint_name', 'table_name', 'columns'],
  drop_column: ['table_name', 'column_name'],
  drop_constraint: ['constraint_name', 'table_name', 'type_'],
  drop_index: ['index_name', 'table_name'],
  drop_table: ['table_name'],
  drop_table_comment: ['table_name'],
  execute: ['sqltext'],
  rename_table: ['old_table_name', 'new_table_name'],
};

/** Inside `batch_alter_table` the table is not named again. */
const tableParameters: ReadonlySet<string> = new Set(['table_name', 'source_table']);

/** Where a directive of `op` has the table that one of `batch_alter_table` leaves out, and the name of its schema. */
export function tableParameterOf(name: string): {
  readonly name: string;
  readonly position: number;
  readonly schema: string;
} {
  const named = parameters[name] ?? [];
  const position = named.findIndex((parameter) => tableParameters.has(parameter));
  const table = named[position] ?? 'table_name';
  return { name: table, position, schema: table === 'source_table' ? 'source_schema' : 'schema' };
}

const changesNothing: ReadonlySet<string> = new Set([
  'batch_alter_table',
  'f',
  'get_bind',
  'get_context',
  'implementation_for',
  'register_operation',
]);

const opModule = 'alembic.op.';

/** The directive that a call is; undefined for calls of anything else, and for what changes nothing by itself. */
export function directiveOf(call: CallValue): Directive | undefined {
  const { callee, receiver } = call;
  if (callee?.startsWith(opModule)) {
    const name = callee.slice(opModule.length);
    return changesNothing.has(name) || name.includes('.') ? undefined : directive(name, call, undefined);
  }
  const batch = receiver && batchOf(receiver);
  const { callee: written } = call.at;
  if (batch === undefined || written.kind !== 'attribute') return undefined;
  return changesNothing.has(written.name) ? undefined : directive(written.name, call, batch);
}

/** The call of `batch_alter_table` that a value came from. */
function batchOf(value: Value): CallValue | undefined {
  return value.kind === 'call' && value.callee === `${opModule}batch_alter_table` ? value : undefined;
}

function directive(name: string, call: CallValue, batch: CallValue | undefined): Directive {
  const named = parameters[name] ?? [];
  const positions = batch === undefined ? named : named.filter((parameter) => !tableParameters.has(parameter));
  const rest = positions.indexOf('*');
  const given = new Map<string, Value>(batch === undefined ? [] : tableOf(batch, name));
  const fixed = rest < 0 ? positions.length : rest;
  call.positional.slice(0, fixed).forEach((value, index) => {
    const parameter = positions[index];
    if (parameter !== undefined) given.set(parameter, value);
  });
  for (const [keyword, value] of call.keywords) given.set(keyword, value);
  return { name, call, arguments: given, elements: call.positional.slice(fixed), batch };
}

function tableOf(batch: CallValue, name: string): readonly (readonly [string, Value])[] {
  const table = batch.positional[0] ?? batch.keywords.get('table_name');
  const schema = batch.positional[1] ?? batch.keywords.get('schema');
  const isKey = name === 'create_foreign_key';
  return [
    ...(table === undefined ? [] : [[isKey ? 'source_table' : 'table_name', table] as const]),
    ...(schema === undefined ? [] : [[isKey ? 'source_schema' : 'schema', schema] as const]),
  ];
}
