import type { Node } from 'web-tree-sitter';
import type { Parameter } from '../module.ts';
import { childrenOf, type Source, spanIn } from './source.ts';

/** Of `parameters` or `lambda_parameters`; the separators `/` and `*` are left out. */
export function readParameters(source: Source, list: Node, depth: number): readonly Parameter[] {
  return childrenOf(source, list).flatMap((node) => readParameter(source, node, depth) ?? []);
}

function readParameter(source: Source, node: Node, depth: number): Parameter | undefined {
  const span = spanIn(source, node.startIndex, node.endIndex);
  const children = childrenOf(source, node);
  switch (node.type) {
    case 'identifier':
      return { span, name: textOf(source, node), default: undefined, form: 'plain' };
    case 'default_parameter':
    case 'typed_default_parameter': {
      const value = children.at(-1);
      if (children[0] === undefined || value === undefined) return undefined;
      return {
        span,
        name: textOf(source, children[0]),
        default: source.expression(source, value, depth),
        form: 'plain',
      };
    }
    case 'typed_parameter':
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern': {
      const match = /^(\*{0,2})\s*([^\s:]*)/.exec(textOf(source, node));
      return { span, name: match?.[2] ?? '', default: undefined, form: formOf(match?.[1] ?? '') };
    }
    default:
      return undefined;
  }
}

function formOf(stars: string): Parameter['form'] {
  if (stars === '') return 'plain';
  return stars === '*' ? 'star' : 'double-star';
}

function textOf(source: Source, node: Node): string {
  return source.text.slice(node.startIndex, node.endIndex);
}
