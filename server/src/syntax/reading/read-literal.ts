import type { Expression, NumberExpression } from '../module.ts';
import { readPlainString } from './read-string.ts';
import { type Source, spanIn } from './source.ts';

/** What was read from the text alone, and where it ends. */
export interface TextReading {
  readonly expression: Expression;
  readonly end: number;
}

const dotted = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y;
const number = /\d[\w.]*/y;
const plainString = /[rRuUbB]{0,2}(?:"""[^"\\\r]*"""|'''[^'\\\r]*'''|"[^"\\\r\n]*"|'[^'\\\r\n]*')/y;

/** Words that begin or continue something longer, or stand in no expression. */
const keywords = new Set(
  (
    'and as assert async await break class continue def del elif else except finally for from global if import in is ' +
    'lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** A name, a chain of names, a number or a literal without escapes and fields, at an offset. */
export function readLiteral(source: Source, start: number): TextReading | undefined {
  const code = source.text.charCodeAt(start);
  if (isNameStart(code)) return readWords(source, start) ?? readStringAt(source, start);
  return isDigit(code) ? readDigits(source, start) : readStringAt(source, start);
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function readWords(source: Source, start: number): TextReading | undefined {
  const { text } = source;
  dotted.lastIndex = start;
  dotted.test(text);
  const end = dotted.lastIndex;
  const next = text.charCodeAt(end);
  // Quotes: it is the prefix of a string. Beyond ASCII: the name goes on.
  if (next === 34 || next === 39 || next > 127) return undefined;
  const words = text.slice(start, end);
  const dot = words.indexOf('.');
  if (dot >= 0) return { expression: readDotted(source, words, dot, start), end };
  return keywords.has(words) ? undefined : { expression: readWord(source, words, start, end), end };
}

function readDotted(source: Source, words: string, firstDot: number, start: number): Expression {
  let dot = firstDot;
  let expression: Expression = { kind: 'name', span: spanIn(source, start, start + dot), name: words.slice(0, dot) };
  while (dot < words.length) {
    const next = words.indexOf('.', dot + 1);
    const end = next < 0 ? words.length : next;
    expression = {
      kind: 'attribute',
      span: spanIn(source, start, start + end),
      object: expression,
      name: words.slice(dot + 1, end),
      nameSpan: spanIn(source, start + dot + 1, start + end),
    };
    dot = end;
  }
  return expression;
}

function readWord(source: Source, word: string, start: number, end: number): Expression {
  const span = spanIn(source, start, end);
  if (word === 'True') return { kind: 'constant', span, value: true };
  if (word === 'False') return { kind: 'constant', span, value: false };
  if (word === 'None') return { kind: 'constant', span, value: null };
  return { kind: 'name', span, name: word };
}

function readDigits(source: Source, start: number): TextReading | undefined {
  number.lastIndex = start;
  number.test(source.text);
  const end = number.lastIndex;
  const expression = readNumber(source, source.text.slice(start, end), start, end);
  return Number.isNaN(expression.value) ? undefined : { expression, end };
}

const wholeNumber = /^(?:0|[1-9]\d*|0x[\da-f]+|0o[0-7]+|0b[01]+|0+)$/;
const fraction = /^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/;

export function readNumber(source: Source, text: string, start: number, end: number): NumberExpression {
  return { kind: 'number', span: spanIn(source, start, end), text, value: numberOf(text) };
}

function numberOf(text: string): number {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (wholeNumber.test(plain)) {
    const value = Number(plain);
    return Number.isSafeInteger(value) ? value : Number.NaN;
  }
  return fraction.test(plain) && !/^0\d+$/.test(plain) ? Number(plain) : Number.NaN;
}

function readStringAt(source: Source, start: number): TextReading | undefined {
  plainString.lastIndex = start;
  if (!plainString.test(source.text)) return undefined;
  const end = plainString.lastIndex;
  return { expression: readPlainString(source, start, end), end };
}
