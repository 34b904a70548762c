import type { Span } from '../../base/span.ts';
import type { Statement } from '../module.ts';
import type { Hole } from './hole.ts';
import { lineStartOf } from './indentation.ts';
import { type Clause, type Piece, piecesOf } from './pieces.ts';
import { copyWithHoles } from './read-brackets.ts';
import { readStatementText } from './read-statement.ts';
import { deepestCut, hasConflict, hasOwnConflict, longestPiece, type Reading, readPart } from './reading.ts';
import { assignedBracket, salvageCompound, salvageImport } from './salvage.ts';
import type { LogicalLine } from './scan.ts';
import { newSkeleton, type Skeleton } from './skeleton.ts';
import { childrenOf } from './source.ts';

type Block = Extract<Hole, { kind: 'block' }>;

/** Reads the lines of a block, or of a file, statement by statement. */
export function readLines(reading: Reading, lines: readonly LogicalLine[], blockIndent: number, depth: number): Block {
  const pieces = piecesOf(reading.scan, lines, blockIndent);
  const read = pieces.map((piece) => readPiece(reading, piece, depth));
  const [first, last] = [pieces[0], pieces.at(-1)];
  const span = { start: first?.start ?? 0, end: last?.end ?? 0 };
  const statements = read.flatMap((each) => each ?? []);
  const isBroken = read.includes(undefined) || statements.some((statement) => statement.broken);
  return { kind: 'block', span, statements, broken: isBroken || hasOwnConflict(reading, span, pieces) };
}

/** A piece that was read part by part. */
interface Parted {
  /** Undefined where what holds the parts together cannot be parsed. */
  readonly statements: readonly Statement[] | undefined;
  /** What is certain all the same. */
  salvage(): Statement | undefined;
}

/** The statements of a piece; undefined for one that could not be read. */
function readPiece(reading: Reading, piece: Piece, depth: number): readonly Statement[] | undefined {
  const known = reading.earlier?.statement(piece.start, piece.end);
  if (known !== undefined) return [known];
  const isShort = piece.end - piece.start <= longestPiece && !hasConflict(reading, piece);
  const whole = isShort ? readWhole(reading, piece) : undefined;
  if (whole !== undefined) return whole;
  const brokenBefore = reading.broken.length;
  const isCompound = piece.decorators.length > 0 || piece.clauses.some((clause) => clause.opensBlock);
  const parted = isCompound ? readCompound(reading, piece, depth) : readSimple(reading, piece);
  const isWellFormed = !isShort && reading.broken.length === brokenBefore;
  const read = parted.statements ?? (isWellFormed ? readWhole(reading, piece) : undefined);
  const salvaged = read === undefined ? parted.salvage() : undefined;
  const last = salvaged === undefined ? read : [salvaged];
  if (last === undefined) {
    reading.broken.length = brokenBefore;
    reading.broken.push({ start: piece.start, end: piece.end });
    return undefined;
  }
  const isBroken = reading.broken.length > brokenBefore || hasConflict(reading, piece);
  return isBroken ? last.map((statement) => ({ ...statement, broken: true })) : last;
}

/** Parses the piece as it stands; inside a block of its own, since its lines may be indented less than its first. */
function readWhole(reading: Reading, piece: Piece): readonly Statement[] | undefined {
  const simple = readStatementText(reading.source, piece.start, piece.end);
  if (simple !== undefined) return [simple];
  const { text } = reading.scan;
  const skeleton = newSkeleton(text);
  const isIndented = piece.indent > 0 && text.lastIndexOf('\n', piece.end - 1) >= piece.start;
  if (isIndented) skeleton.insert(`if 1:\n${text.slice(lineStartOf(text, piece.start), piece.start)}`, piece.start);
  skeleton.copy(piece.start, piece.end);
  skeleton.insert('\n', piece.end);
  return readStatements(reading, skeleton.build(), isIndented ? 'indented' : 'flat', 'doubting');
}

function readStatements(
  reading: Reading,
  skeleton: Skeleton,
  layout: 'indented' | 'flat',
  trusting: 'trusting' | 'doubting',
): readonly Statement[] | undefined {
  return readPart(reading, skeleton, trusting, (source, root) => {
    const block = layout === 'flat' ? root : root.namedChild(0)?.childForFieldName('consequence');
    const nodes = block === null || block === undefined ? [] : childrenOf(source, block);
    return nodes.length === 0 ? undefined : nodes.map((node) => source.statement(source, node, 0));
  });
}

/** `operations = [ … ]`: the brackets are read item by item. */
function readSimple(reading: Reading, piece: Piece): Parted {
  const line = piece.clauses[0]?.line;
  if (line === undefined) return { statements: undefined, salvage: () => undefined };
  const builder = newSkeleton(reading.scan.text);
  const holes = copyWithHoles(reading, builder, line.first, line.last, 0);
  builder.insert('\n', piece.end);
  const skeleton = builder.build();
  const statements = hasOwnConflict(reading, piece, holes)
    ? undefined
    : readStatements(reading, skeleton, 'flat', 'trusting');
  return { statements, salvage: () => salvageAssignment(reading, piece, skeleton) ?? salvageImport(reading, piece) };
}

function salvageAssignment(reading: Reading, piece: Piece, skeleton: Skeleton): Statement | undefined {
  const certain = assignedBracket.exec(skeleton.text)?.[0];
  if (certain === undefined) return undefined;
  const [statement] = readStatements(reading, { ...skeleton, text: `${certain}\n` }, 'flat', 'trusting') ?? [];
  if (statement === undefined) return undefined;
  reading.broken.push({ start: skeleton.placeEnd(certain.length), end: piece.end });
  return { ...statement, span: { start: piece.start, end: piece.end } };
}

/** `class …:` and the like: the header is parsed with an empty body, the bodies are read statement by statement. */
function readCompound(reading: Reading, piece: Piece, depth: number): Parted {
  const skeleton = newSkeleton(reading.scan.text);
  for (const line of piece.decorators) {
    skeleton.copy(line.start, line.end);
    skeleton.insert('\n', line.end);
  }
  const blocks = piece.clauses.map((clause) => {
    const { line } = clause;
    skeleton.copy(line.start, line.end);
    const block = depth < deepestCut ? readBody(reading, clause, depth + 1) : undefined;
    if (block !== undefined) {
      skeleton.insert(hasColon(reading, line) ? ' ' : ': ', line.end);
      skeleton.put(block);
      skeleton.insert('pass', line.end);
    }
    skeleton.insert('\n', line.end);
    return block;
  });
  const bodies: readonly Span[] = blocks.flatMap((block) => block?.span ?? []);
  const isUnclear = hasOwnConflict(reading, { start: piece.start, end: bodies.at(-1)?.start ?? piece.end }, bodies);
  return {
    statements: isUnclear ? undefined : readStatements(reading, skeleton.build(), 'flat', 'trusting'),
    salvage: () => salvageCompound(reading, piece, blocks),
  };
}

function hasColon(reading: Reading, line: LogicalLine): boolean {
  return reading.scan.text.charAt(line.end - 1) === ':';
}

function readBody(reading: Reading, { line, body }: Clause, depth: number): Block | undefined {
  const [first] = body;
  if (first === undefined) return undefined;
  if (!hasColon(reading, line)) reading.broken.push({ start: line.end, end: line.end });
  return readLines(reading, body, first.indent, depth);
}
