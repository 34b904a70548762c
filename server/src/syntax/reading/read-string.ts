import type { Node } from 'web-tree-sitter';
import type { StringExpression, StringPart } from '../module.ts';
import { decodeLiteral, isFormatted } from './decode-string.ts';
import { childrenOf, type Source, spanIn } from './source.ts';

/** A literal that is one `string` node; its prefix and quotes are read from the text, which saves tree-sitter calls. */
export function readString(source: Source, node: Node, end: number, depth: number): StringExpression {
  const part = readPart(source, node, end, depth);
  return { kind: 'string', span: part.span, value: textOf([part]), parts: [part] };
}

/** A literal without fields and escapes that ends where its text says. */
export function readPlainString(source: Source, start: number, end: number): StringExpression {
  const part = plainPart(source, start, end);
  return { kind: 'string', span: part.span, value: part.literals[0], parts: [part] };
}

/** `"a" "b"`; the span is that of the parentheses around it where there are some. */
export function readConcatenation(
  source: Source,
  node: Node,
  start: number,
  end: number,
  depth: number,
): StringExpression {
  const parts = childrenOf(source, node).map((child) => readPart(source, child, child.endIndex, depth));
  return { kind: 'string', span: spanIn(source, start, end), value: textOf(parts), parts };
}

function textOf(parts: readonly StringPart[]): string | undefined {
  let value = '';
  for (const part of parts) {
    const literal = part.literals[0];
    if (part.fields.length > 0 || literal === undefined) return undefined;
    value += literal;
  }
  return value;
}

const opening = /[a-zA-Z]*("""|'''|["'])/y;
const noFields: StringPart['fields'] = [];

function readPart(source: Source, node: Node, end: number, depth: number): StringPart {
  const plain = plainPart(source, node.startIndex, end);
  if (!isFormatted(plain.prefix)) return plain;
  const holders = childrenOf(source, node).filter((child) => child.type === 'interpolation');
  if (holders.length === 0) return plain;
  const { contentStart, contentEnd } = contentOf(source.text, node.startIndex, end);
  const literals: (string | undefined)[] = [];
  let position = contentStart;
  const fields = holders.map((holder) => {
    const fieldEnd = holder.endIndex;
    literals.push(decodeLiteral(source.text.slice(position, holder.startIndex), plain.prefix));
    position = fieldEnd;
    return readField(source, holder, fieldEnd, depth);
  });
  literals.push(decodeLiteral(source.text.slice(position, contentEnd), plain.prefix));
  return { ...plain, fields, literals };
}

function readField(source: Source, node: Node, end: number, depth: number): StringPart['fields'][number] {
  const expression = childrenOf(source, node)[0];
  const value =
    expression === undefined
      ? { kind: 'other' as const, span: spanIn(source, node.startIndex, end), children: [] }
      : source.expression(source, expression, depth + 1);
  const suffix = source.text.slice(expression?.endIndex ?? end - 1, end - 1).trim();
  return { span: spanIn(source, node.startIndex, end), value, suffix };
}

function plainPart(source: Source, start: number, end: number): StringPart {
  const { prefix, quote, contentStart, contentEnd } = contentOf(source.text, start, end);
  // tree-sitter lets a string go on behind a quote that ends its line.
  if (quote.length === 1 && source.text.charCodeAt(contentStart) === 10) source.notes.isInvalid = true;
  return {
    span: spanIn(source, start, end),
    contentSpan: spanIn(source, contentStart, contentEnd),
    prefix,
    quote,
    fields: noFields,
    literals: [decodeLiteral(source.text.slice(contentStart, contentEnd), prefix)],
  };
}

function contentOf(text: string, start: number, end: number) {
  opening.lastIndex = start;
  const match = opening.exec(text);
  const quote = match?.[1] ?? '';
  const contentStart = start + (match?.[0].length ?? 0);
  const prefix = text.slice(start, contentStart - quote.length).toLowerCase();
  return {
    prefix: prefix.length > 1 ? [...prefix].sort().join('') : prefix,
    quote,
    contentStart,
    contentEnd: Math.max(contentStart, end - quote.length),
  };
}
