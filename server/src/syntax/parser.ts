import { Language, Parser } from 'web-tree-sitter';
import type { Module } from './module.ts';
import { readComments } from './reading/read-comments.ts';
import { readExpression } from './reading/read-expression.ts';
import { readStatement } from './reading/read-statement.ts';
import { childrenOf, newNotes } from './reading/source.ts';
import { tokensOf } from './reading/token.ts';

/** The WebAssembly runtime aborted (in practice: it ran out of memory). No parser in this process works any more. */
export class ParserDiedError extends Error {
  override readonly name = 'ParserDiedError';
}

/** Reads Python text into plain data. No tree-sitter object leaves it. */
export interface PythonParser {
  /**
   * Never fails on broken Python: unreadable parts are missing from the result and named in its `broken`.
   *
   * @throws {ParserDiedError} when the WebAssembly runtime aborts.
   */
  read(text: string): Module;
}

/**
 * @param wasm the bytes of `web-tree-sitter.wasm` and of `tree-sitter-python.wasm`, which the caller reads.
 */
export async function loadPythonParser(wasm: {
  readonly runtime: Uint8Array;
  readonly python: Uint8Array;
}): Promise<PythonParser> {
  // The browser build looks for its file even when it is given the bytes, and throws where it cannot form an address.
  await Parser.init({ wasmBinary: wasm.runtime, locateFile: (name: string) => name });
  const parser = new Parser();
  parser.setLanguage(await Language.load(wasm.python));
  return { read: (text) => readModule(parser, text) };
}

function readModule(parser: Parser, text: string): Module {
  const tree = parse(parser, text);
  try {
    const source = {
      text,
      place: (offset: number) => offset,
      holes: undefined,
      notes: newNotes(),
      expression: readExpression,
      statement: readStatement,
    };
    const body = tree.rootNode.hasError
      ? []
      : childrenOf(source, tree.rootNode).map((child) => readStatement(source, child, 0));
    return { body, comments: commentsOf(text), broken: source.notes.broken, docstringEnd: docstringEndOf(body) };
  } finally {
    tree.delete();
  }
}

function commentsOf(text: string): Module['comments'] {
  return text.includes('#') ? readComments(tokensOf(text, 0, text.length)) : [];
}

function docstringEndOf([first]: Module['body']): number {
  return first?.kind === 'expression' && first.value.kind === 'string' ? first.span.end : 0;
}

function parse(parser: Parser, text: string) {
  try {
    const tree = parser.parse(text);
    if (tree === null) throw new TypeError('The parser has no language.');
    return tree;
  } catch (cause) {
    throw new ParserDiedError('The Python parser stopped working.', { cause });
  }
}
