import type { A_Expr, Node } from 'libpg-query';
import { isStandIn } from '../stand-in.ts';
import { asKind, lastNameIn, namesIn, nodesWithin } from './node.ts';

/** The columns that an expression reads, each once, in order. */
export function columnsIn(node: Node | undefined): readonly string[] {
  const columns = new Set<string>();
  for (const each of nodesWithin(node)) {
    const reference = asKind(each, 'ColumnRef');
    const name = reference && namesIn(reference.fields).at(-1);
    if (name !== undefined && !isStandIn(name)) columns.add(name);
  }
  return [...columns];
}

/** The column, if the expression is nothing but one. */
export function columnOnly(node: Node | undefined): string | undefined {
  const reference = asKind(node, 'ColumnRef');
  return reference && namesIn(reference.fields).at(-1);
}

/** The column of `c IS NOT NULL`; undefined for any other expression. */
export function notNullColumn(node: Node | undefined): string | undefined {
  const test = asKind(node, 'NullTest');
  if (test !== undefined) return test.nulltesttype === 'IS_NOT_NULL' ? columnOnly(test.arg) : undefined;
  const not = asKind(node, 'BoolExpr');
  if (not?.boolop !== 'NOT_EXPR') return undefined;
  const inner = asKind(not.args?.[0], 'NullTest');
  return inner?.nulltesttype === 'IS_NULL' ? columnOnly(inner.arg) : undefined;
}

/** The columns that a condition keeps from NULL by itself or as one of the parts that AND joins. */
export function notNullColumns(node: Node | undefined): readonly string[] {
  const logic = asKind(node, 'BoolExpr');
  if (logic?.boolop === 'AND_EXPR') return (logic.args ?? []).flatMap(notNullColumns);
  const column = notNullColumn(node);
  return column === undefined ? [] : [column];
}

/** Whether a condition holds for every row: `true`, `1 = 1`, `true OR …`; no condition does. */
export function isAlwaysTrue(node: Node | undefined): boolean {
  return node === undefined || truthOf(node) === true;
}

function truthOf(node: Node | undefined): boolean | undefined {
  const constant = asKind(node, 'A_Const');
  if (constant?.boolval !== undefined) return constant.boolval.boolval === true;
  const cast = asKind(node, 'TypeCast');
  if (cast !== undefined && lastNameIn(cast.typeName?.names) === 'bool') return truthOfText(cast.arg);
  const logic = asKind(node, 'BoolExpr');
  if (logic !== undefined) return truthOfLogic(logic.boolop, (logic.args ?? []).map(truthOf));
  const comparison = asKind(node, 'A_Expr');
  return comparison === undefined ? undefined : truthOfComparison(comparison);
}

function truthOfText(node: Node | undefined): boolean | undefined {
  const text = asKind(node, 'A_Const')?.sval?.sval?.toLowerCase();
  if (text === undefined) return undefined;
  if (['t', 'true', 'y', 'yes', 'on', '1'].includes(text)) return true;
  return ['f', 'false', 'n', 'no', 'off', '0'].includes(text) ? false : undefined;
}

function truthOfLogic(operator: string | undefined, parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (operator === 'NOT_EXPR') return parts[0] === undefined ? undefined : !parts[0];
  const decisive = operator === 'OR_EXPR';
  if (parts.includes(decisive)) return decisive;
  return parts.includes(undefined) ? undefined : !decisive;
}

function truthOfComparison({ kind, name, lexpr, rexpr }: A_Expr): boolean | undefined {
  const [left, right] = [plainConstant(lexpr), plainConstant(rexpr)];
  if (kind !== 'AEXPR_OP' || left === undefined || right === undefined) return undefined;
  switch (lastNameIn(name)) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    default:
      return undefined;
  }
}

/** A constant that is compared by what it is written as; NULL is equal to nothing. */
function plainConstant(node: Node | undefined): string | undefined {
  const constant = asKind(node, 'A_Const');
  if (constant === undefined || constant.isnull === true) return undefined;
  const { ival, sval, fval, boolval } = constant;
  return JSON.stringify([ival, sval, fval, boolval]);
}

/** The names of the functions that an expression calls, without their schemas. */
export function functionsIn(node: Node | undefined): readonly string[] {
  return [...nodesWithin(node)].flatMap((each) => {
    const call = asKind(each, 'FuncCall');
    return call === undefined ? [] : [lastNameIn(call.funcname)];
  });
}

/** Whether the value is the same for every row: it reads no column and no table. */
export function isSameForAllRows(node: Node | undefined): boolean {
  for (const each of nodesWithin(node)) {
    if (asKind(each, 'ColumnRef') !== undefined || asKind(each, 'SubLink') !== undefined) return false;
  }
  return !functionsIn(node).some(isVolatile);
}

/** Functions that give each row a value of its own. Volatile by PostgreSQL's catalog (`pg_proc.provolatile`), 18. */
const volatileFunctions: ReadonlySet<string> = new Set([
  'clock_timestamp',
  'currval',
  'gen_random_bytes',
  'gen_random_uuid',
  'gen_salt',
  'lastval',
  'nextval',
  'random',
  'random_normal',
  'setval',
  'timeofday',
  'uuid_generate_v1',
  'uuid_generate_v1mc',
  'uuid_generate_v4',
  'uuidv4',
  'uuidv7',
]);

/** Functions whose value is the same within one statement, or for the same arguments. */
const stableFunctions: ReadonlySet<string> = new Set([
  ...[
    'abs',
    'age',
    'array_append',
    'array_cat',
    'array_fill',
    'array_to_json',
    'btrim',
    'ceil',
    'ceiling',
    'char_length',
  ],
  ...['chr', 'coalesce', 'concat', 'concat_ws', 'current_database', 'current_schema', 'current_setting', 'date_part'],
  ...['date_trunc', 'decode', 'encode', 'extract', 'floor', 'format', 'hstore', 'inet_client_addr', 'initcap'],
  ...['int4range', 'int8range', 'json_build_array', 'json_build_object', 'jsonb_build_array', 'jsonb_build_object'],
  ...['left', 'length', 'lower', 'lpad', 'ltrim', 'make_date', 'make_interval', 'make_timestamp', 'make_timestamptz'],
  ...['md5', 'now', 'numrange', 'power', 'repeat', 'replace', 'reverse', 'right', 'round', 'rpad', 'rtrim', 'sha256'],
  ...['split_part', 'statement_timestamp', 'string_to_array', 'strpos', 'substr', 'substring', 'timezone', 'to_char'],
  ...['to_date', 'to_json', 'to_jsonb', 'to_number', 'to_timestamp', 'to_tsvector', 'transaction_timestamp', 'trim'],
  ...['trunc', 'tsrange', 'tstzrange', 'upper', 'uuid_nil', 'daterange', 'current_user', 'session_user', 'version'],
]);

export function isVolatile(name: string): boolean {
  return volatileFunctions.has(name);
}

export function isKnownFunction(name: string): boolean {
  return volatileFunctions.has(name) || stableFunctions.has(name);
}
