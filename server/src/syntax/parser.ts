import { Language, Parser, type Tree } from 'web-tree-sitter';
import { applyEdits, type TextEdit } from '../base/text-edit.ts';
import type { Module } from './module.ts';
import { earlierReading } from './reading/earlier.ts';
import { readModuleInPieces, readWholeModule } from './reading/read-module.ts';
import { followedBy, type Replacement, replacementBetween } from './reading/replacement.ts';
import { retokenized } from './reading/retokenize.ts';
import type { TokenBuffer } from './reading/token.ts';

/** The WebAssembly runtime aborted (in practice: it ran out of memory). No parser in this process works any more. */
export class ParserDiedError extends Error {
  override readonly name = 'ParserDiedError';
}

/**
 * Reads Python text into plain data. Never fails on broken Python: unreadable parts are missing from the result and
 * named in its `broken`. No tree-sitter object leaves the parser, and none stays alive in it.
 *
 * Its functions, and `module` of an open document, throw a {@link ParserDiedError} when the WebAssembly runtime aborts.
 */
export interface PythonParser {
  read(text: string): Module;
  open(text: string): OpenDocument;
}

/** A text that is being edited. What an edit does not touch is not read again. */
export interface OpenDocument {
  readonly text: string;
  /**
   * The text as data, read when it is first asked for after an edit. Statements, items of lists, arguments and entries
   * whose text and position are the same as before are the same objects as before.
   */
  readonly module: Module;
  /** Replaces one region. Of several edits each counts from the text that the ones before it left. */
  edit(edit: TextEdit): void;
  replaceText(text: string): void;
}

/**
 * @param wasm the bytes of `web-tree-sitter.wasm` and of `tree-sitter-python.wasm`, which the caller reads.
 */
export async function loadPythonParser(wasm: {
  readonly runtime: Uint8Array;
  readonly python: Uint8Array;
}): Promise<PythonParser> {
  await startRuntime(wasm.runtime);
  const parser = new Parser();
  parser.setLanguage(await Language.load(wasm.python));
  const parse = (text: string): Tree => parseText(parser, text);
  return {
    read: (text) => readText(parse, text),
    open: (text) => openDocument(parse, text),
  };
}

/** web-tree-sitter has one runtime: a second that begins to load meanwhile would take the place of the first. */
let starting: Promise<void> | undefined;

async function startRuntime(wasmBinary: Uint8Array): Promise<void> {
  // The browser build looks for its file even when it is given the bytes, and throws where it cannot form an address.
  starting ??= Parser.init({ wasmBinary, locateFile: (name: string) => name });
  try {
    await starting;
  } catch (error) {
    starting = undefined;
    throw error;
  }
}

type Parse = (text: string) => Tree;

function parseText(parser: Parser, text: string): Tree {
  try {
    const tree = parser.parse(text);
    if (tree === null) throw new TypeError('The parser has no language.');
    return tree;
  } catch (cause) {
    throw new ParserDiedError('The Python parser stopped working.', { cause });
  }
}

function readText(parse: Parse, text: string): Module {
  return readWholeModule(parse, text) ?? readModuleInPieces(parse, text, undefined, undefined).module;
}

/** What is known of the text as it was when it was read last. */
interface Known {
  readonly text: string;
  readonly module: Module;
  readonly tokens: TokenBuffer | undefined;
}

function openDocument(parse: Parse, initialText: string): OpenDocument {
  let text = initialText;
  let known: Known | undefined;
  let change: Replacement | undefined;

  const read = (): Known => {
    if (known === undefined) return { text, module: readText(parse, text), tokens: undefined };
    if (change === undefined) return known;
    const earlier = earlierReading(known.module, known.text, text, change);
    const tokens = known.tokens && retokenized(known.tokens, text, change);
    return { text, ...readModuleInPieces(parse, text, earlier, tokens) };
  };
  const replaced = (next: Replacement): void => {
    change = change === undefined ? next : followedBy(change, next);
  };

  return {
    get text() {
      return text;
    },
    get module() {
      known = read();
      change = undefined;
      return known.module;
    },
    edit: (edit) => {
      const { start, end } = edit.span;
      text = applyEdits(text, [edit]);
      replaced({ start, oldEnd: end, newEnd: start + edit.newText.length });
    },
    replaceText: (newText) => {
      const next = replacementBetween(text, newText);
      text = newText;
      if (next.oldEnd > next.start || next.newEnd > next.start) replaced(next);
    },
  };
}
