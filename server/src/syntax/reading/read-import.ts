import type { Node } from 'web-tree-sitter';
import type { ImportedName, ImportFromStatement } from '../module.ts';
import { childrenOf, type Source, spanIn } from './source.ts';

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
