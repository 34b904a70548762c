import type { Span } from '../../base/span.ts';
import { shortStandIn } from '../stand-in.ts';
import { tokensOf } from '../token.ts';
import type { ParsedStatement, PostgresqlParser, StatementText } from './parser.ts';

/** Something in a statement that is only known when the migration runs. */
export interface StandIn extends Span {
  /** A `hole` may be any text, a `placeholder` one value. */
  readonly kind: 'hole' | 'placeholder';
}

export interface ReadStatement extends StatementText {
  readonly parsed: ParsedStatement;
  /** Stand-ins that something else was put in the place of: nothing may be concluded from what it is. */
  readonly guesses: readonly Span[];
  /** A hole was left out to make sense of the rest: conditions, or a CONCURRENTLY, may have been in it. */
  readonly omits: boolean;
}

type Fill = (length: number) => string;

const text: Fill = (length) => `'${"'".padStart(length - 1)}`;
const name: Fill = (length) => shortStandIn.repeat(length);
/** More digits would not be a whole number any more. */
const wholeNumber: Fill = (length) => '1'.padEnd(Math.min(length, 9), '0').padEnd(length);
const definition: Fill = (length) => `${shortStandIn} ${name(length - 2)}`;
const query: Fill = (length) => `TABLE ${name(length - 6)}`;
const nothing: Fill = (length) => ''.padEnd(length);

/**
 * What a stand-in may stand for where a name or a parameter does not fit: a text (`INTERVAL %s`), a number
 * (`varchar({n})`), the definition of a column, a query, nothing at all. Each with the shortest length that it has room in.
 */
const alternatives: Readonly<Record<StandIn['kind'], readonly (readonly [shortest: number, fill: Fill])[]>> = {
  hole: [
    [2, text],
    [1, wholeNumber],
    [3, definition],
    [7, query],
    [1, nothing],
  ],
  placeholder: [
    [2, text],
    [1, wholeNumber],
    [1, name],
  ],
};

const mostAttempts = 30;

/** Reads a statement with stand-ins in it; each keeps its length, whatever it is taken for. */
export function parseStatement(
  parser: PostgresqlParser,
  statement: StatementText,
  standIns: readonly StandIn[],
): ReadStatement {
  if (isNothingButHoles(statement.text, standIns)) {
    return { ...statement, parsed: unknownUntilRun, guesses: [], omits: false };
  }
  let best: ReadStatement = { ...statement, parsed: parser.parse(statement), guesses: [], omits: false };
  let attempts = 0;
  const open = [...standIns];
  while (best.parsed.kind === 'problem' && attempts < mostAttempts) {
    const reached = best.parsed.offset ?? statement.text.length;
    const index = open.findLastIndex(({ start }) => start <= reached);
    const [culprit] = index < 0 ? [] : open.splice(index, 1);
    if (culprit === undefined) break;
    attempts += alternatives[culprit.kind].length;
    best = withAlternative(parser, best, culprit, reached) ?? best;
  }
  return best.parsed.kind === 'problem' && isUncertain(best.parsed.offset, standIns)
    ? { ...best, parsed: unknownUntilRun }
    : best;
}

const unknownUntilRun: ParsedStatement = { kind: 'unreadable', reason: 'some of it is only known when it runs' };

function isNothingButHoles(text: string, standIns: readonly StandIn[]): boolean {
  let position = 0;
  for (const { start, end } of standIns) {
    if (text.slice(position, start).trim() !== '') return false;
    position = end;
  }
  return text.slice(position).trim() === '';
}

/** The first alternative with which the parser gets further. */
function withAlternative(
  parser: PostgresqlParser,
  read: ReadStatement,
  culprit: StandIn,
  reached: number,
): ReadStatement | undefined {
  const length = culprit.end - culprit.start;
  for (const [shortest, fill] of alternatives[culprit.kind]) {
    if (length < shortest) continue;
    const tried = read.text.slice(0, culprit.start) + fill(length) + read.text.slice(culprit.end);
    const tokens = tokensOf(tried, 'postgresql').filter(({ kind }) => kind !== 'comment');
    const parsed = parser.parse({ text: tried, tokens });
    const isFurther = parsed.kind === 'problem' && (parsed.offset ?? 0) > reached;
    if (parsed.kind === 'tree' || isFurther)
      return {
        text: tried,
        tokens,
        parsed,
        guesses: [...read.guesses, culprit],
        omits: read.omits || fill === nothing,
      };
  }
  return undefined;
}

/** An error in front of everything that is not known is an error, whatever that is. */
function isUncertain(offset: number | undefined, standIns: readonly StandIn[]): boolean {
  return standIns.some(
    ({ start, end, kind }) =>
      offset === undefined || (kind === 'hole' ? start <= offset : start <= offset && offset <= end + 1),
  );
}
