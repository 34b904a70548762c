import type { Node } from 'web-tree-sitter';
import type { Span } from '../../base/span.ts';
import type { ImportedName, ImportFromStatement } from '../module.ts';
import { childrenOf, type Source, spanIn } from './source.ts';

const simpleImport = /^from ((\.*)[\w.]*) import (\w+(?: as \w+)?(?:, ?\w+(?: as \w+)?)*)$/;

/** The common form of an import on one line, from its text alone. */
export function readImportText(
  source: Source,
  start: number,
  end: number,
  span: Span,
): ImportFromStatement | undefined {
  if (!source.text.startsWith('from ', start)) return undefined;
  const match = simpleImport.exec(source.text.slice(start, end));
  const [, path = '', dots = '', list] = match ?? [];
  if (list === undefined) return undefined;
  const names = namesIn(list, end - list.length, (from, to) => spanIn(source, from, to));
  return { kind: 'import-from', span, broken: false, module: path.slice(dots.length), level: dots.length, names };
}

/** The complete names of a list of imports that begins at an offset; half-typed ones are left out. */
export function namesIn(
  list: string,
  offset: number,
  place: (start: number, end: number) => Span,
): readonly ImportedName[] {
  const names: ImportedName[] = [];
  let start = offset;
  for (const part of list.split(',')) {
    const match = /^\s*(([\w.]+)(?:\s+as\s+(\w+))?)\s*$/.exec(part);
    if (match?.[1] !== undefined && match[2] !== undefined) {
      const from = start + part.indexOf(match[1]);
      names.push({ span: place(from, from + match[1].length), name: match[2], alias: match[3] });
    }
    start += part.length + 1;
  }
  return names;
}

export function readImport(source: Source, node: Node): readonly ImportedName[] {
  return childrenOf(source, node).map((child) => readImportedName(source, child));
}

export function readImportFrom(source: Source, node: Node): Pick<ImportFromStatement, 'module' | 'level' | 'names'> {
  const children = childrenOf(source, node);
  if (node.type === 'future_import_statement') {
    return { module: '__future__', level: 0, names: children.map((child) => readImportedName(source, child)) };
  }
  const [module, ...names] = children;
  const path = module === undefined ? '' : textOf(source, module).replace(/\s+/g, '');
  const level = /^\.*/.exec(path)?.[0].length ?? 0;
  return { module: path.slice(level), level, names: names.map((child) => readImportedName(source, child)) };
}

/** `dotted_name`, `aliased_import` or `wildcard_import`; the shape is plain in the text. */
function readImportedName(source: Source, node: Node): ImportedName {
  const text = textOf(source, node);
  const match = /^([^\s]+)\s+as\s+(\S+)$/.exec(text);
  return {
    span: spanIn(source, node.startIndex, node.endIndex),
    name: match?.[1] ?? text.replace(/\s+/g, ''),
    alias: match?.[2],
  };
}

function textOf(source: Source, node: Node): string {
  return source.text.slice(node.startIndex, node.endIndex);
}
