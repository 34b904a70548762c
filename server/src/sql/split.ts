import type { Span } from '../base/span.ts';
import type { DatabaseKind } from '../base/target.ts';
import { type Token, tokensOf } from './token.ts';

/** A stretch of SQL text that holds one statement, or none. Offsets are in the whole text. */
export interface SqlPiece {
  /**
   * With the white space and comments before it and its `;`. Side by side these are the text; what follows the last
   * statement is a piece of its own.
   */
  readonly whole: Span;
  /** From the first token to the last, without `;` and comments around it; empty where there is no statement. */
  readonly statement: Span;
  /** Comments left out. */
  readonly tokens: readonly Token[];
  readonly comments: readonly Token[];
}

/** Cuts SQL text at the `;` between statements. Never fails: what is not closed belongs to the last statement. */
export function splitSql(text: string, database: DatabaseKind): readonly SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let start = 0;
  let current: Token[] = [];
  let nesting = newNesting(database);
  for (const token of tokensOf(text, database)) {
    const isEnd = text.charAt(token.start) === ';' && token.kind === 'symbol' && !nesting.isInside();
    if (!isEnd) {
      current.push(token);
      if (token.kind !== 'comment') nesting.enter(token, text);
      continue;
    }
    pieces.push(pieceOf(start, token.start, token.end, current));
    start = token.end;
    current = [];
    nesting = newNesting(database);
  }
  if (start < text.length || pieces.length === 0) pieces.push(pieceOf(start, text.length, text.length, current));
  return pieces;
}

function pieceOf(start: number, end: number, wholeEnd: number, all: readonly Token[]): SqlPiece {
  const tokens = all.filter(({ kind }) => kind !== 'comment');
  const first = tokens[0]?.start ?? end;
  return {
    whole: { start, end: wholeEnd },
    statement: { start: first, end: tokens.at(-1)?.end ?? end },
    tokens,
    comments: all.filter(({ kind }) => kind === 'comment'),
  };
}

/** Follows a statement into the bodies that have `;` of their own. */
interface Nesting {
  enter(token: Token, text: string): void;
  isInside(): boolean;
}

/** `END IF` and the like close what `END` alone does not count. */
const closedByName = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT']);

/**
 * The body of `CREATE FUNCTION … BEGIN ATOMIC … END`, of triggers and routines on MySQL and SQLite, and the commands in
 * the parentheses of `CREATE RULE`. Everywhere else a `;` ends the statement, whatever is still open.
 */
function newNesting(database: DatabaseKind): Nesting {
  let seen = 0;
  let kind: 'plain' | 'unknown' | 'routine' | 'rule' = 'unknown';
  let depth = 0;
  let previous = '';
  return {
    isInside: () => depth > 0,
    enter(token, text) {
      if (kind === 'plain') return;
      seen++;
      const word = token.kind === 'word' ? text.slice(token.start, token.end).toUpperCase() : '';
      if (kind === 'unknown') kind = kindAfter(word, seen, database);
      else if (kind === 'rule') depth += parenthesis(text.charAt(token.start), token.kind);
      else depth = Math.max(0, depth + blockStep(word, previous, depth));
      previous = word;
    },
  };
}

/** How far into the statement its kind must be told: `CREATE DEFINER = 'a'@'b' SQL SECURITY DEFINER PROCEDURE`. */
const longestHead = 12;

function kindAfter(word: string, seen: number, database: DatabaseKind): 'plain' | 'unknown' | 'routine' | 'rule' {
  if (seen === 1) return word === 'CREATE' ? 'unknown' : 'plain';
  switch (word) {
    case 'FUNCTION':
    case 'PROCEDURE':
      return 'routine';
    case 'TRIGGER':
    case 'EVENT':
      return database === 'postgresql' ? 'plain' : 'routine';
    case 'RULE':
      return 'rule';
    case 'TABLE':
    case 'INDEX':
    case 'VIEW':
      return 'plain';
    default:
      return seen < longestHead ? 'unknown' : 'plain';
  }
}

function parenthesis(character: string, kind: Token['kind']): number {
  if (kind !== 'symbol') return 0;
  if (character === '(') return 1;
  return character === ')' ? -1 : 0;
}

function blockStep(word: string, previous: string, depth: number): number {
  if (closedByName.has(word) && previous === 'END') return 1;
  switch (word) {
    case 'BEGIN':
      return 1;
    case 'CASE':
      return depth > 0 && previous !== 'END' ? 1 : 0;
    case 'END':
      return -1;
    default:
      return 0;
  }
}
