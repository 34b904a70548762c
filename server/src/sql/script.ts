import type { Span } from '../base/span.ts';
import type { DatabaseKind } from '../base/target.ts';
import type { SqlText } from './literal-map.ts';
import { type PlaceholderStyle, substitutePlaceholders } from './placeholders.ts';
import { parseStatement, type ReadStatement, type StandIn } from './postgresql/parse-statement.ts';
import type { PostgresqlParser } from './postgresql/parser.ts';
import { type SqlPiece, splitSql } from './split.ts';
import { standInsIn } from './stand-in.ts';
import { shiftToken, type Token } from './token.ts';

/** An SQL text that is sent to the database in one go, read. */
export interface SqlScript {
  readonly sql: SqlText;
  readonly database: DatabaseKind;
  readonly statements: readonly ScriptStatement[];
}

export interface ScriptStatement {
  /** In the text of the script, from the first token to the last. */
  readonly span: Span;
  /** As it is sent; as long as the span. Offsets of the tokens are within it. */
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Comments before it and inside it. */
  readonly comments: readonly string[];
  /** What PostgreSQL's parser makes of it; undefined for other databases. */
  readonly read: ReadStatement | undefined;
}

export interface ScriptSetting {
  readonly database: DatabaseKind;
  readonly placeholders: PlaceholderStyle;
  /** Undefined until it is loaded. */
  readonly parser: PostgresqlParser | undefined;
}

/**
 * Reads a script. Undefined where PostgreSQL's parser is needed and not there: the caller says so and comes again.
 *
 * @throws {ParserDiedError} when the WebAssembly runtime of the parser aborts.
 */
export function readScript(sql: SqlText, setting: ScriptSetting): SqlScript | undefined {
  const { database, parser } = setting;
  const isPostgresql = database === 'postgresql';
  const { text, placeholders } = isPostgresql
    ? substitutePlaceholders(sql.text, setting.placeholders)
    : { text: sql.text, placeholders: [] };
  const pieces = splitSql(text, database).filter(({ tokens }) => tokens.length > 0);
  if (isPostgresql && parser === undefined && pieces.length > 0) return undefined;
  const statements = pieces.map((piece) =>
    statementOf(piece, text, (statement) => {
      if (!isPostgresql || parser === undefined) return undefined;
      return parseStatement(parser, statement, standInsOf(piece.statement, statement.text, placeholders));
    }),
  );
  return { sql, database, statements };
}

function statementOf(
  { statement: span, tokens, comments }: SqlPiece,
  script: string,
  read: (statement: Pick<ScriptStatement, 'text' | 'tokens'>) => ReadStatement | undefined,
): ScriptStatement {
  const text = script.slice(span.start, span.end);
  const shifted = span.start === 0 ? tokens : tokens.map((token) => shiftToken(token, -span.start));
  return {
    span,
    text,
    tokens: shifted,
    comments: comments.map(({ start, end }) => script.slice(start, end)),
    read: read({ text, tokens: shifted }),
  };
}

function standInsOf(span: Span, text: string, placeholders: readonly Span[]): readonly StandIn[] {
  const within = placeholders.filter(({ start, end }) => span.start <= start && end <= span.end);
  const holes = standInsIn(text).map((hole): StandIn => ({ ...hole, kind: 'hole' }));
  return [
    ...holes,
    ...within.map(
      ({ start, end }): StandIn => ({
        start: start - span.start,
        end: end - span.start,
        kind: 'placeholder',
      }),
    ),
  ].sort((one, other) => one.start - other.start);
}
