import type { AST } from 'toml-eslint-parser';
import { ParseError, parseTOML } from 'toml-eslint-parser';
import type { Span } from '../base/span.ts';

/** A TOML document by its keys, each with its place. Dotted keys, headers and inline tables look the same here. */
export interface TomlTable {
  readonly kind: 'table';
  /** Of the header, key or inline table that first named it. */
  readonly span: Span;
  readonly entries: ReadonlyMap<string, TomlEntry>;
}

export interface TomlEntry {
  readonly keySpan: Span;
  readonly value: TomlTable | TomlArray | TomlValue;
}

export interface TomlArray {
  readonly kind: 'array';
  readonly span: Span;
  readonly items: readonly (TomlTable | TomlArray | TomlValue)[];
}

export interface TomlValue {
  readonly kind: 'value';
  readonly span: Span;
  readonly value: string | number | boolean | Date;
}

export interface TomlFault {
  readonly kind: 'fault';
  readonly span: Span;
  /** The parser's words: «Unexpected character». */
  readonly message: string;
}

interface GrowingTable extends TomlTable {
  readonly entries: Map<string, TomlEntry>;
}

type Keys = readonly (AST.TOMLBare | AST.TOMLQuoted)[];

export function readToml(text: string): TomlTable | TomlFault {
  const root: GrowingTable = { kind: 'table', span: { start: 0, end: 0 }, entries: new Map() };
  try {
    for (const node of parseTOML(text).body[0].body) {
      if (node.type === 'TOMLKeyValue') addPair(root, node);
      else if (node.kind === 'array') addArrayItem(root, node);
      else addPairs(descend(root, node.key.keys), node.body);
    }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return (
      openHeader(text, error.index) ?? { kind: 'fault', span: restOfLine(text, error.index), message: saidOf(error) }
    );
  }
  return root;
}

/** The parser comes upon a header without its bracket a line later, and says something else. */
function openHeader(text: string, end: number): TomlFault | undefined {
  const lines = [...text.slice(0, end).matchAll(/^[ \t]*(?:(\[\[)[\w. \t-]+\]?|\[[\w. \t-]+)(?=\r?$)/gm)];
  const last = lines.at(-1);
  const isLast = last !== undefined && text.slice(last.index + last[0].length, end).trim() === '';
  if (!isLast) return undefined;
  const start = last.index + last[0].search(/\[/);
  const header = last[0].trim();
  const message = `the header ${header} is not closed, ${last[1] === undefined || header.endsWith(']') ? ']' : ']]'} is missing`;
  return { kind: 'fault', span: { start, end: start + header.length }, message };
}

/** What is missing, where the parser says it in words of its own. */
const complaints: Readonly<Record<string, string>> = {
  'Expected comma (,) token': 'a comma or a closing bracket is missing before this',
  'Expected equal (=) token': 'an equals sign is missing before this',
  'Unexpected character': 'a value, a comma or a closing bracket is missing here',
  'Unspecified values are invalid': 'the value is missing',
  'Unterminated inline table': 'an inline table is not closed, } is missing',
  'Unterminated string constant': 'a text is not closed, its quote is missing',
};

function saidOf({ message }: ParseError): string {
  return complaints[message] ?? message;
}

/** From the offset to the end of its line, or the whole line where nothing is left of it. */
function restOfLine(text: string, offset: number): Span {
  const lineEnd = text.slice(offset).search(/[\r\n]|$/) + Math.min(offset, text.length);
  if (offset < lineEnd) return { start: offset, end: lineEnd };
  const lineStart = Math.max(text.lastIndexOf('\n', lineEnd - 1), text.lastIndexOf('\r', lineEnd - 1)) + 1;
  return { start: lineStart, end: lineEnd };
}

function addPairs(table: GrowingTable, pairs: readonly AST.TOMLKeyValue[]): GrowingTable {
  for (const pair of pairs) addPair(table, pair);
  return table;
}

function addPair(table: GrowingTable, pair: AST.TOMLKeyValue): void {
  const last = pair.key.keys.at(-1);
  if (last === undefined) return;
  const parent = descend(table, pair.key.keys.slice(0, -1));
  parent.entries.set(nameOf(last), { keySpan: spanOf(last), value: valueIn(pair.value) });
}

/** `[[key]]`: what follows is one more item. */
function addArrayItem(root: GrowingTable, node: AST.TOMLTable): void {
  const last = node.key.keys.at(-1);
  if (last === undefined) return;
  const parent = descend(root, node.key.keys.slice(0, -1));
  const existing = parent.entries.get(nameOf(last))?.value;
  const item = addPairs({ kind: 'table', span: spanOf(node.key), entries: new Map() }, node.body);
  const items = existing?.kind === 'array' ? [...existing.items, item] : [item];
  parent.entries.set(nameOf(last), { keySpan: spanOf(last), value: { kind: 'array', span: spanOf(node.key), items } });
}

/** The table under the keys, made where it is not there yet. Inside an array of tables it is that of the last item. */
function descend(table: GrowingTable, keys: Keys): GrowingTable {
  let current = table;
  for (const key of keys) {
    const existing = current.entries.get(nameOf(key))?.value;
    const known = existing?.kind === 'array' ? existing.items.at(-1) : existing;
    const next: GrowingTable =
      known?.kind === 'table' ? (known as GrowingTable) : { kind: 'table', span: spanOf(key), entries: new Map() };
    if (known !== next) current.entries.set(nameOf(key), { keySpan: spanOf(key), value: next });
    current = next;
  }
  return current;
}

function valueIn(node: AST.TOMLContentNode): TomlTable | TomlArray | TomlValue {
  if (node.type === 'TOMLInlineTable') {
    return addPairs({ kind: 'table', span: spanOf(node), entries: new Map() }, node.body);
  }
  if (node.type === 'TOMLArray') return { kind: 'array', span: spanOf(node), items: node.elements.map(valueIn) };
  return { kind: 'value', span: spanOf(node), value: node.value };
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function spanOf(node: { readonly range: readonly [number, number] }): Span {
  return { start: node.range[0], end: node.range[1] };
}
