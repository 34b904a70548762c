import type { Node } from 'libpg-query';
import { nestingDepthOf } from '../nesting-depth.ts';
import { type Token, tokensOf } from '../token.ts';
import { type BodyStatement, readPlpgsql } from './plpgsql.ts';
import { positionsIn } from './positions.ts';
import { loadRuntime, type PgQueryRuntime } from './runtime.ts';

/** Reads SQL as PostgreSQL 18 does. Synchronous once it is loaded. */
export interface PostgresqlParser {
  /**
   * Reads one statement.
   *
   * @throws {ParserDiedError} when the WebAssembly runtime aborts.
   */
  parse(statement: StatementText): ParsedStatement;
  /**
   * Reads a `DO` or `CREATE FUNCTION` statement whose body is in PL/pgSQL.
   *
   * @param body what stands between the quotes around the body
   * @throws {ParserDiedError} when the WebAssembly runtime aborts.
   */
  parseBody(statement: StatementText, body: string): ParsedBody;
}

export interface StatementText {
  /** From its first token to its last. */
  readonly text: string;
  /** Its tokens; their offsets are `shift` larger than those in `text`. */
  readonly tokens: readonly Token[];
}

export type ParsedStatement = SyntaxTree | SyntaxProblem | Unreadable;

export type ParsedBody =
  | { readonly kind: 'body'; readonly statements: readonly BodyStatement[] }
  | SyntaxProblem
  | Unreadable;

export interface SyntaxTree {
  readonly kind: 'tree';
  readonly node: Node;
  /** The UTF-16 offset in the statement of a `location` in its tree. */
  offsetOf(location: number | undefined): number;
}

/** PostgreSQL rejects the statement. */
export interface SyntaxProblem {
  readonly kind: 'problem';
  /** In PostgreSQL's own words. */
  readonly message: string;
  /** UTF-16 offset in the statement; undefined where PostgreSQL names no place. */
  readonly offset: number | undefined;
}

/** Nothing can be said about it; the reason is a clause. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly reason: string;
}

/** Statements nested deeper than this overflow the stack of the parser, which does not survive it. */
const deepest = 1500;

const mostRemembered = 1000;

/**
 * @param wasm the bytes of `libpg-query.wasm`, which the caller reads.
 */
export async function loadPostgresqlParser(wasm: Uint8Array): Promise<PostgresqlParser> {
  const runtime = await loadRuntime(wasm);
  const statements = new Map<string, ParsedStatement>();
  const bodies = new Map<string, ParsedBody>();
  return {
    parse: (statement) => remembered(statements, statement, () => parse(runtime, statement.text)),
    parseBody: (statement, body) => remembered(bodies, statement, () => parseBody(runtime, statement.text, body)),
  };
}

/** While somebody types in one statement, all others of the file are as they were. */
function remembered<T>(known: Map<string, T | Unreadable>, statement: StatementText, read: () => T): T | Unreadable {
  const { text } = statement;
  const before = known.get(text);
  if (before !== undefined) return before;
  const result = refused(statement) ?? read();
  if (known.size >= mostRemembered) known.clear();
  known.set(text, result);
  return result;
}

function refused({ text, tokens }: StatementText): Unreadable | undefined {
  if (text.includes('\0')) return unreadable('it holds a character that PostgreSQL does not take');
  return nestingDepthOf(text, tokens) > deepest ? unreadable('its expressions are nested too deeply') : undefined;
}

function unreadable(reason: string): Unreadable {
  return { kind: 'unreadable', reason };
}

function parse(runtime: PgQueryRuntime, text: string): ParsedStatement {
  const positions = positionsIn(text);
  const result = runtime.parse(text);
  if ('message' in result) {
    const { message, codePoint } = result;
    return { kind: 'problem', message, offset: codePoint === undefined ? undefined : positions.ofCodePoint(codePoint) };
  }
  const node = result.stmts?.[0]?.stmt;
  if (node === undefined) return unreadable('it holds no statement');
  return { kind: 'tree', node, offsetOf: (location) => positions.ofByte(location ?? 0) };
}

/**
 * Errors of syntax. All others are about names and types, of which the parser knows nothing here: it takes the variable
 * of a row type for one without fields.
 */
const aboutSyntax =
  /^(?:syntax error|unterminated|unexpected end|missing |mismatched|invalid syntax|end label|too (?:few|many) parameters)/;

function parseBody(runtime: PgQueryRuntime, text: string, body: string): ParsedBody {
  if (nestingDepthOf(body, tokensOf(body, 'postgresql')) > deepest) return unreadable('its body is nested too deeply');
  const result = readPlpgsql(runtime, text, body);
  if (result === undefined) return unreadable('its body is not in PL/pgSQL');
  if (!('message' in result)) return { kind: 'body', statements: result };
  return aboutSyntax.test(result.message)
    ? { kind: 'problem', message: result.message, offset: undefined }
    : unreadable('its body cannot be read without the database');
}
