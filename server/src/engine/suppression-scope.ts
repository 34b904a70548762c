import type { LineIndex } from '../base/line-index.ts';
import { containsSpan, type Span } from '../base/span.ts';
import type { DjangoMigration, DjangoOperation } from '../django/migration-file.ts';
import type { Migration } from '../schema/migration.ts';
import type { Comment, Statement } from '../syntax/module.ts';

/** A piece of a file that a suppression can stand on, above or inside. */
export interface Unit {
  readonly span: Span;
  /**
   * `attribute`: a statement of a class body, such as `operations = […]`. `block`: a statement that holds others.
   * A comment inside one of these is about what stands beside it there, not about the whole.
   */
  readonly kind: 'operation' | 'statement' | 'attribute' | 'block';
}

/** The operations and statements of a migration's file, outer ones before what they hold. */
export function unitsOf(migration: Migration, source: DjangoMigration | undefined): readonly Unit[] {
  const operations = [
    ...operationSpans(source?.operations ?? []),
    ...migration.forward.flatMap(({ origin }) => [...origin.within.map(({ span }) => span), origin.span]),
  ].map((span): Unit => ({ span, kind: 'operation' }));
  return [...statementUnits(migration.module.body, 'statement'), ...operations].sort(
    (one, other) => one.span.start - other.span.start || other.span.end - one.span.end,
  );
}

function operationSpans(operations: readonly DjangoOperation[]): readonly Span[] {
  return operations.flatMap((operation) => [
    ...(operation.call === undefined ? [] : [operation.call.span]),
    ...operationSpans(operation.databaseOperations),
    ...operationSpans(operation.stateOperations),
  ]);
}

function statementUnits(statements: readonly Statement[], plain: 'statement' | 'attribute'): readonly Unit[] {
  return statements.flatMap((statement) => {
    const inner = innerStatements(statement);
    if (inner === undefined) return [{ span: statement.span, kind: plain }];
    // A comment on `class Migration` is about the migration as a whole, not about each of its operations.
    if (statement.kind !== 'class') return [{ span: statement.span, kind: 'block' }, ...statementUnits(inner, plain)];
    const header = { start: statement.span.start, end: statement.nameSpan.end };
    return [{ span: header, kind: 'block' }, ...statementUnits(inner, 'attribute')];
  });
}

function innerStatements(statement: Statement): readonly Statement[] | undefined {
  switch (statement.kind) {
    case 'function':
    case 'class':
    case 'with':
      return statement.body;
    case 'if':
    case 'for':
    case 'while':
      return [...statement.body, ...statement.orElse];
    case 'try':
      return [...statement.body, ...statement.handlers.flat(), ...statement.orElse, ...statement.finally];
    case 'match':
      return statement.cases.flat();
    default:
      return undefined;
  }
}

/** The text that a suppression of kind `place` covers: a finding that begins in it is silenced. */
export function scopeOf(comment: Comment, text: string, lines: LineIndex, units: readonly Unit[]): Span {
  const line = comment.ownLine ? codeLineBelow(comment, text, lines) : lineBefore(comment, text, lines);
  const holder = units.findLast((unit) => unit.kind !== 'block' && containsSpan(unit.span, comment.span));
  const onLine = unitsOn(line, units, comment, holder);
  if (onLine.length > 0) return hullOf(line, onLine);
  if (holder === undefined) return line;
  const isWhole = holder.kind !== 'attribute' || (!comment.ownLine && startsIn(holder.span, line));
  return isWhole ? hullOf(line, [holder]) : line;
}

/** What begins on the line, or else ends there before a trailing comment; what holds the comment is left out. */
function unitsOn(line: Span, units: readonly Unit[], comment: Comment, holder: Unit | undefined): readonly Unit[] {
  const starting = units.filter((unit) => unit !== holder && startsIn(unit.span, line));
  // Below a comment inside an operation, only a nested operation can be meant: anything else is its argument.
  if (comment.ownLine && holder?.kind === 'operation') return starting.filter((unit) => unit.kind === 'operation');
  if (comment.ownLine || starting.length > 0) return starting;
  return units.filter((unit) => unit !== holder && unit.kind !== 'block' && endsIn(unit.span, line));
}

function startsIn(span: Span, line: Span): boolean {
  return line.start <= span.start && span.start < line.end;
}

function endsIn(span: Span, line: Span): boolean {
  return line.start < span.end && span.end <= line.end;
}

function hullOf(line: Span, units: readonly Unit[]): Span {
  return {
    start: Math.min(line.start, ...units.map(({ span }) => span.start)),
    end: Math.max(line.end, ...units.map(({ span }) => span.end)),
  };
}

/** What stands before a comment on its line, without the indentation. */
function lineBefore(comment: Comment, text: string, lines: LineIndex): Span {
  const start = lines.lineStart(lines.positionAt(comment.span.start).line);
  return trimmed({ start, end: comment.span.start }, text);
}

/** The next line below a comment that holds code; empty at the end of the file. */
function codeLineBelow(comment: Comment, text: string, lines: LineIndex): Span {
  for (let line = lines.positionAt(comment.span.start).line + 1; line < lines.lineCount; line++) {
    const span = trimmed({ start: lines.lineStart(line), end: lines.lineStart(line + 1) }, text);
    if (span.start < span.end && text[span.start] !== '#') return span;
  }
  return { start: text.length, end: text.length };
}

function trimmed({ start, end }: Span, text: string): Span {
  const line = text.slice(start, end);
  const first = start + line.length - line.trimStart().length;
  return { start: first, end: Math.max(first, start + line.trimEnd().length) };
}
