import type { Node } from 'web-tree-sitter';
import type { Span } from '../../base/span.ts';
import type { Expression, Statement } from '../module.ts';
import type { Hole } from './hole.ts';

/** One parse: the text that tree-sitter saw, how its offsets map to the file, and what was noticed while reading. */
export interface Source {
  readonly text: string;
  /** Offset in the file of an offset of `text` at which something begins. */
  readonly place: (offset: number) => number;
  /** The same for an offset at which something ends. */
  readonly placeEnd: (offset: number) => number;
  /** What was cut out of `text` and read by itself, by the offset at which it stood. */
  readonly holes: ReadonlyMap<number, Hole> | undefined;
  readonly notes: Notes;
  /** The readers of nested nodes; here because every kind of node holds others. */
  readonly expression: (source: Source, node: Node, depth: number) => Expression;
  readonly statement: (source: Source, node: Node, depth: number) => Statement;
}

/** For reading from the text of a whole file without a tree. */
export function textSource(text: string): Source {
  const place = (offset: number): number => offset;
  const noTree = (): never => {
    throw new TypeError('There is no tree.');
  };
  return { text, place, placeEnd: place, holes: undefined, notes: newNotes(), expression: noTree, statement: noTree };
}

/** Deeper nesting than any hand writes; reading it would overflow the stack here or in a caller. */
export const deepest = 400;

export interface Notes {
  /** Regions of the file that could not be read. */
  readonly broken: Span[];
  /** Valid, but it looks like two things of which one is half-typed: see {@link looksHalfTyped}. */
  isSuspicious: boolean;
  /** Python refuses it though tree-sitter does not. */
  isInvalid: boolean;
}

export function newNotes(): Notes {
  return { broken: [], isSuspicious: false, isInvalid: false };
}

export function spanIn(source: Source, start: number, end: number): Span {
  return { start: source.place(start), end: start === end ? source.place(end) : source.placeEnd(end) };
}

const hash = 35;
const backslash = 92;

/** Named children without comments and line continuations, which tree-sitter puts anywhere. */
export function childrenOf(source: Source, node: Node): readonly Node[] {
  const children = node.namedChildren;
  for (const child of children) {
    if (isExtra(source, child)) return children.filter((each) => !isExtra(source, each));
  }
  return children;
}

function isExtra(source: Source, node: Node): boolean {
  const code = source.text.charCodeAt(node.startIndex);
  return code === hash || code === backslash;
}

/**
 * Whether the white space between the two halves of an attribute or a call spans lines in the way that a half-typed
 * item and the next one do: `migrations.` with the name on the next line, or `)` with `(` on the next line. Newlines
 * mean nothing inside brackets, so Python (and tree-sitter) read these as one expression.
 */
export function looksHalfTyped(source: Source, start: number, end: number): boolean {
  if (end - start < 2) return false;
  const gap = source.text.slice(start, end);
  return gap.includes('\n') && !/^\s*\.\s*$/.test(gap.slice(gap.indexOf('\n')));
}
