import type { PgQueryRuntime, RawError } from './runtime.ts';

/** A statement of a PL/pgSQL body that runs SQL. */
export interface BodyStatement {
  /**
   * - `sql`: the text is a statement,
   * - `dynamic`: the text is the expression of an `EXECUTE`, whose value is a statement,
   * - `commit`, `rollback`: what the text says.
   */
  readonly kind: 'sql' | 'dynamic' | 'commit' | 'rollback';
  readonly text: string;
  /** Where the text begins in the body; undefined where it cannot be found again. */
  readonly start: number | undefined;
  /** Under an IF, a CASE or in an exception handler. */
  readonly conditional: boolean;
  readonly inLoop: boolean;
  /** Something before it raises an error unless a condition holds. */
  readonly guarded: boolean;
}

/**
 * The statements in the body of a `DO` or `CREATE FUNCTION` statement, in order; undefined for another language.
 *
 * @param body what stands between the quotes around the body
 */
export function readPlpgsql(
  runtime: PgQueryRuntime,
  statement: string,
  body: string,
): readonly BodyStatement[] | RawError | undefined {
  const parsed = runtime.parsePlpgsql(withoutRowTypes(statement)) as PlpgsqlResult | RawError;
  if ('message' in parsed) return parsed;
  const action = parsed.plpgsql_funcs[0]?.PLpgSQL_function?.action;
  if (action === undefined) return undefined;
  const walk: Walk = { body, position: 0, found: [] };
  walkAll([action], { conditional: false, inLoop: false, guarded: false }, walk);
  return walk.found;
}

/** The parser knows no tables: to it a variable of a row type has no fields, but a RECORD may have any. */
function withoutRowTypes(statement: string): string {
  return statement.replaceAll(/[\w."]+%ROWTYPE\b/gi, (type) => (type.length < 6 ? type : 'RECORD'.padEnd(type.length)));
}

interface PlpgsqlResult {
  readonly plpgsql_funcs: readonly { readonly PLpgSQL_function?: { readonly action?: PlpgsqlNode } }[];
}

/** One key, `PLpgSQL_stmt_if` and the like, with the fields of the node. */
type PlpgsqlNode = Readonly<Record<string, PlpgsqlFields>>;

interface PlpgsqlFields {
  readonly sqlstmt?: PlpgsqlExpression;
  readonly query?: PlpgsqlExpression;
  readonly dynquery?: PlpgsqlExpression;
  readonly expr?: PlpgsqlExpression;
  readonly body?: readonly PlpgsqlNode[];
  readonly stmts?: readonly PlpgsqlNode[];
  readonly action?: readonly PlpgsqlNode[];
  readonly then_body?: readonly PlpgsqlNode[];
  readonly else_body?: readonly PlpgsqlNode[];
  readonly else_stmts?: readonly PlpgsqlNode[];
  readonly elsif_list?: readonly PlpgsqlNode[];
  readonly case_when_list?: readonly PlpgsqlNode[];
  readonly exceptions?: { readonly PLpgSQL_exception_block?: { readonly exc_list?: readonly PlpgsqlNode[] } };
  readonly elog_level?: number;
}

interface PlpgsqlExpression {
  readonly PLpgSQL_expr?: { readonly query?: string };
}

interface Walk {
  readonly body: string;
  /** Where the text of the next statement is looked for: they come in the order in which they are written. */
  position: number;
  readonly found: BodyStatement[];
}

type Circumstances = Pick<BodyStatement, 'conditional' | 'inLoop' | 'guarded'>;

/** Goes through a block and returns the circumstances behind it. */
function walkAll(nodes: readonly PlpgsqlNode[], at: Circumstances, walk: Walk): void {
  let here = at;
  for (const node of nodes) {
    for (const [kind, fields] of Object.entries(node)) {
      walkStatement(kind, fields, here, walk);
      if (raisesOnCondition(kind, fields)) here = { ...here, guarded: true };
    }
  }
}

/** `RAISE EXCEPTION` */
const errorLevel = 21;

function raisesOnCondition(kind: string, { then_body: body = [], elsif_list: more, else_body: orElse }: PlpgsqlFields) {
  if (kind === 'PLpgSQL_stmt_assert') return true;
  if (kind !== 'PLpgSQL_stmt_if' || more !== undefined || orElse !== undefined) return false;
  return body.some((node) => node['PLpgSQL_stmt_raise']?.elog_level === errorLevel);
}

function walkStatement(kind: string, fields: PlpgsqlFields, at: Circumstances, walk: Walk): void {
  switch (kind) {
    case 'PLpgSQL_stmt_execsql':
      add('sql', fields.sqlstmt, at, walk);
      break;
    case 'PLpgSQL_stmt_perform':
    case 'PLpgSQL_stmt_call':
      add('sql', fields.expr, at, walk);
      break;
    case 'PLpgSQL_stmt_dynexecute':
      add('dynamic', fields.query, at, walk);
      break;
    case 'PLpgSQL_stmt_commit':
    case 'PLpgSQL_stmt_rollback':
      addControl(kind === 'PLpgSQL_stmt_commit' ? 'commit' : 'rollback', at, walk);
      break;
    case 'PLpgSQL_stmt_dynfors':
      add('dynamic', fields.query, at, walk);
      break;
    default:
      add('sql', fields.query, at, walk);
      add('dynamic', fields.dynquery, at, walk);
  }
  walkInside(kind, fields, at, walk);
}

const loops = new Set(
  ['dynfors', 'forc', 'foreach_a', 'fori', 'fors', 'loop', 'while'].map((name) => `PLpgSQL_stmt_${name}`),
);

function walkInside(kind: string, fields: PlpgsqlFields, at: Circumstances, walk: Walk): void {
  const inside: Circumstances = loops.has(kind) ? { ...at, inLoop: true } : at;
  const branch: Circumstances = { ...at, conditional: true };
  if (fields.body !== undefined) walkAll(fields.body, inside, walk);
  const branches = [
    fields.then_body,
    fields.elsif_list,
    fields.case_when_list,
    fields.stmts,
    fields.else_body,
    fields.else_stmts,
    fields.exceptions?.PLpgSQL_exception_block?.exc_list,
    fields.action,
  ];
  for (const nodes of branches) if (nodes !== undefined) walkAll(nodes, branch, walk);
}

function add(
  kind: BodyStatement['kind'],
  expression: PlpgsqlExpression | undefined,
  at: Circumstances,
  walk: Walk,
): void {
  const text = expression?.PLpgSQL_expr?.query;
  if (text === undefined) return;
  const found = findText(walk, text);
  if (found.start !== undefined) walk.position = found.start + found.text.length;
  walk.found.push({ kind, ...found, ...at });
}

function addControl(kind: 'commit' | 'rollback', at: Circumstances, walk: Walk): void {
  const match = new RegExp(`\\b${kind}\\b`, 'gi');
  match.lastIndex = walk.position;
  const found = match.exec(walk.body);
  if (found !== null) walk.position = match.lastIndex;
  walk.found.push({ kind, text: found?.[0] ?? kind, start: found?.index, ...at });
}

/** What PL/pgSQL puts in the place of `PERFORM`: the text is otherwise as it is written. */
const performed = 'SELECT ';

/** The parser names lines only. It keeps the text as it is, but for blanks in the place of `INTO target`. */
function findText(walk: Walk, text: string): Pick<BodyStatement, 'text' | 'start'> {
  const { body, position } = walk;
  const exact = body.indexOf(text, position);
  const perform = text.startsWith(performed) ? findPerform(walk, text.slice(performed.length)) : undefined;
  if (perform !== undefined && (exact < 0 || perform.start < exact)) return perform;
  if (exact >= 0) return { text, start: exact };
  const beginning = /^.*?(?=\s{4})/s.exec(text)?.[0];
  const found = beginning === undefined ? -1 : body.indexOf(beginning, position);
  return { text, start: found < 0 ? undefined : found };
}

/** The query with blanks for what `PERFORM` is longer than `SELECT`. */
function findPerform(
  { body, position }: Walk,
  rest: string,
): { readonly text: string; readonly start: number } | undefined {
  const found = body.indexOf(rest, position);
  const keyword = found < 0 ? undefined : /perform\s+$/i.exec(body.slice(position, found));
  if (!keyword) return undefined;
  return { text: performed.padEnd(keyword[0].length) + rest, start: position + keyword.index };
}
