import type { LogicalLine, Scan } from './scan.ts';
import { tokenKind } from './token.ts';

/** A statement, or several of one line, by the lines that it consists of. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
  /** Of `@…` lines above a definition. */
  readonly decorators: readonly LogicalLine[];
  /** One for a simple statement, several for `if … elif … else`, `try … except`. */
  readonly clauses: readonly Clause[];
}

export interface Clause {
  readonly line: LogicalLine;
  /** Ends with a colon, or has a body though its colon is missing. */
  readonly opensBlock: boolean;
  readonly body: readonly LogicalLine[];
}

/** Cuts the lines of a block into statements, as their indentation says. */
export function piecesOf(scan: Scan, lines: readonly LogicalLine[], blockIndent: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let index = 0;
  while (index < lines.length) {
    const first = index;
    while (isDecorator(scan, lines[index]) && index + 1 < lines.length) index++;
    const decorators = lines.slice(first, index);
    const clauses: Clause[] = [];
    do {
      const clause = clauseAt(scan, lines, index, blockIndent);
      if (clause === undefined) break;
      clauses.push(clause);
      index += 1 + clause.body.length;
    } while (isCompound(scan, clauses[0]) && continues(scan, lines[index]));
    const last = clauses.at(-1);
    const firstLine = lines[first];
    if (last === undefined || firstLine === undefined) break;
    const end = (last.body.at(-1) ?? last.line).end;
    pieces.push({ start: firstLine.start, end, indent: firstLine.indent, decorators, clauses });
  }
  return pieces;
}

function clauseAt(scan: Scan, lines: readonly LogicalLine[], index: number, blockIndent: number): Clause | undefined {
  const line = lines[index];
  if (line === undefined) return undefined;
  const colon = colonOf(scan, line);
  const endsWithColon = colon === line.last - 1;
  const lacksColon = colon === undefined && compound.test(wordAt(scan, line));
  const opensBlock = endsWithColon || lacksColon;
  const next = lines[index + 1];
  const parentIndent = endsWithColon ? blockIndent : line.indent;
  if (!opensBlock || next === undefined || next.indent <= parentIndent) {
    return { line, opensBlock, body: [] };
  }
  let end = index + 1;
  while ((lines[end]?.indent ?? -1) >= next.indent) end++;
  return { line, opensBlock, body: lines.slice(index + 1, end) };
}

const compound = /^(?:async|class|def|if|elif|else|for|while|with|try|except|finally)$/;

function wordAt({ tokens }: Scan, { first }: LogicalLine): string {
  return tokens.text.slice(tokens.starts[first], tokens.ends[first]);
}

/** The index of the colon after which the body begins; undefined for simple statements. */
function colonOf(scan: Scan, line: LogicalLine): number | undefined {
  const { kinds } = scan.tokens;
  if (!compound.test(wordAt(scan, line))) {
    return kinds[line.last - 1] === tokenKind.colon ? line.last - 1 : undefined;
  }
  for (let index = line.first; index < line.last; index++) {
    if (kinds[index] === tokenKind.colon && !followsLambda(scan, line.first, index)) return index;
    if (kinds[index] !== tokenKind.open) continue;
    const closer = scan.closers[index] ?? index;
    index = closer < 0 ? ~closer - 1 : closer;
  }
  return undefined;
}

function followsLambda({ tokens }: Scan, first: number, colon: number): boolean {
  for (let index = colon - 1; index >= first; index--) {
    if (tokens.kinds[index] === tokenKind.colon) return false;
    if (tokens.text.startsWith('lambda', tokens.starts[index]) && tokens.kinds[index] === tokenKind.word) return true;
  }
  return false;
}

function isDecorator({ tokens }: Scan, line: LogicalLine | undefined): boolean {
  return line !== undefined && tokens.text.charAt(line.start) === '@';
}

function isCompound(scan: Scan, clause: Clause | undefined): boolean {
  return clause !== undefined && compound.test(wordAt(scan, clause.line));
}

function continues(scan: Scan, line: LogicalLine | undefined): boolean {
  return line !== undefined && /^(?:elif|else|except|finally)$/.test(wordAt(scan, line));
}
