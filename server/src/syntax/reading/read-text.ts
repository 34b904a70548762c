import type { Expression, NumberExpression } from '../module.ts';
import { readPlainString } from './read-string.ts';
import { type Source, spanIn } from './source.ts';

const dotted = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const plainString = /^[rRuUbB]{0,2}(?:"[^"\\\n]*"|'[^'\\\n]*'|"""[^"\\]*""")$/;
const number = /^\d[\w.]*$/;

/** Expressions whose text alone says what they are; `undefined` for all others. */
export function readByText(source: Source, start: number, end: number): Expression | undefined {
  const code = source.text.charCodeAt(start);
  const slice = source.text.slice(start, end);
  if (isNameStart(code) && dotted.test(slice)) return readDotted(source, slice, start, end);
  if (isDigit(code)) return number.test(slice) ? readNumber(source, slice, start, end) : undefined;
  return plainString.test(slice) && !slice.includes('\r') ? readPlainString(source, start, end) : undefined;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function readDotted(source: Source, slice: string, start: number, end: number): Expression | undefined {
  const firstDot = slice.indexOf('.');
  if (firstDot < 0) return readWord(source, slice, start, end);
  let dot = firstDot;
  let expression: Expression = {
    kind: 'name',
    span: spanIn(source, start, start + dot),
    name: slice.slice(0, dot),
  };
  while (dot < slice.length) {
    const next = slice.indexOf('.', dot + 1);
    const partEnd = next < 0 ? slice.length : next;
    expression = {
      kind: 'attribute',
      span: spanIn(source, start, start + partEnd),
      object: expression,
      name: slice.slice(dot + 1, partEnd),
      nameSpan: spanIn(source, start + dot + 1, start + partEnd),
    };
    dot = partEnd;
  }
  return expression;
}

function readWord(source: Source, word: string, start: number, end: number): Expression | undefined {
  const span = spanIn(source, start, end);
  if (word === 'True') return { kind: 'constant', span, value: true };
  if (word === 'False') return { kind: 'constant', span, value: false };
  if (word === 'None') return { kind: 'constant', span, value: null };
  if (word === 'yield') return undefined;
  return { kind: 'name', span, name: word };
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
