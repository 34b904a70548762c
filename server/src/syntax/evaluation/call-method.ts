import { cutPieces, holeCharacter, knownTextOf, replacePieces, type TextPiece } from '../text-piece.ts';
import type { CallValue, DictionaryValue, Value } from '../value.ts';
import { isSequence, unknownValue } from '../values.ts';
import { entryOf } from './entries.ts';
import { formatBraces } from './fill-text.ts';
import { filled, operandPieces, piecesOf, placeOf, wholeText } from './text-value.ts';

/** The result of a method of a text, list or dictionary, where it is known; undefined for everything else. */
export function callMethod(receiver: Value, method: string, call: CallValue): Value | undefined {
  if (receiver.conditional) return undefined;
  if (receiver.kind === 'string' || receiver.pieces !== undefined) return callTextMethod(receiver, method, call);
  if (call.partial) return undefined;
  if (receiver.kind === 'dictionary') return callDictionaryMethod(receiver, method, call);
  return isSequence(receiver) && method === 'copy' ? receiver : undefined;
}

/** Where only some of the text is known, the call stays a call and has the pieces. */
function callTextMethod(receiver: Value, method: string, call: CallValue): Value | undefined {
  if (method === 'split' || method === 'splitlines') return splitText(receiver, method, call);
  const pieces = textResult(receiver, method, call);
  if (pieces === undefined) return undefined;
  const value = wholeText(pieces);
  if (value === undefined) return { ...call, pieces };
  return { kind: 'string', at: call.at, module: call.module, value, pieces };
}

function textResult(receiver: Value, method: string, call: CallValue): readonly TextPiece[] | undefined {
  const [first, second] = call.positional;
  const pieces = piecesOf(receiver) ?? [];
  // Placeholders of `format` that are not certain to be filled are holes.
  if (method === 'format') return formatBraces(receiver, call.partial ? [] : call.positional, call.keywords);
  if (call.partial) return undefined;
  switch (method) {
    case 'join':
      return joined(pieces, first);
    case 'lower':
      return recased(pieces, (text) => text.toLowerCase());
    case 'upper':
      return recased(pieces, (text) => text.toUpperCase());
    case 'strip':
    case 'lstrip':
    case 'rstrip':
      return first === undefined ? stripped(pieces, method) : undefined;
    case 'decode':
    case 'encode':
      return pieces;
    case 'replace':
      return first === undefined || second === undefined || call.positional.length > 2
        ? undefined
        : replaced(pieces, first, second, receiver);
    default:
      return undefined;
  }
}

/** The parts of a text, as a list. */
function splitText(receiver: Value, method: 'split' | 'splitlines', call: CallValue): Value | undefined {
  const pieces = piecesOf(receiver) ?? [];
  const text = knownTextOf(pieces);
  const separator = separatorOf(method, call);
  // What is not known may hold the separator.
  if (separator === undefined || text.includes(holeCharacter)) return undefined;
  const { at, module } = call;
  const items: Value[] = [];
  let start = 0;
  for (const { index, 0: found } of [...text.matchAll(separator), { index: text.length, 0: '' }]) {
    const value = text.slice(start, index);
    // There are no empty words, and no line behind the last line break.
    const isNone = value === '' && (call.positional.length === 0 || method === 'splitlines');
    const isLine = method === 'splitlines' && index < text.length;
    if (!isNone || isLine) items.push({ kind: 'string', at, module, value, pieces: cutPieces(pieces, start, index) });
    start = index + found.length;
  }
  return { kind: 'list', at, module, items, partial: false };
}

function separatorOf(method: 'split' | 'splitlines', { positional, keywords, partial }: CallValue): RegExp | undefined {
  const [separator, ...others] = positional;
  if (partial || others.length > 0 || keywords.size > 0) return undefined;
  if (method === 'splitlines') return separator === undefined ? /\r\n|\r|\n/g : undefined;
  if (separator === undefined) return /\s+/g;
  return separator.kind === 'string' && separator.value !== '' && separator.conditional !== true
    ? literally(separator.value)
    : undefined;
}

function literally(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g');
}

function stripped(pieces: readonly TextPiece[], method: 'strip' | 'lstrip' | 'rstrip'): readonly TextPiece[] {
  const text = knownTextOf(pieces);
  const start = method === 'rstrip' ? 0 : text.length - text.trimStart().length;
  return cutPieces(pieces, start, method === 'lstrip' ? text.length : text.trimEnd().length);
}

/** Letters that change their number with their case are left alone. */
function recased(pieces: readonly TextPiece[], recase: (text: string) => string): readonly TextPiece[] | undefined {
  if (pieces.some(({ text }) => text !== undefined && recase(text).length !== text.length)) return undefined;
  return pieces.map((piece): TextPiece => {
    if (piece.kind === 'written') return { ...piece, text: recase(piece.text) };
    return piece.text === undefined ? piece : { ...piece, text: recase(piece.text) };
  });
}

function replaced(
  pieces: readonly TextPiece[],
  sought: Value,
  replacement: Value,
  receiver: Value,
): readonly TextPiece[] | undefined {
  if (sought.kind !== 'string' || sought.value === '' || sought.conditional === true) return undefined;
  // What is not known may hold what is sought.
  if (knownTextOf(pieces).includes(holeCharacter)) return undefined;
  return replacePieces(pieces, literally(sought.value), (_, matched) => [
    filled(replacement, placeOf(matched, receiver), 'replacement'),
  ]);
}

function joined(separator: readonly TextPiece[], items: Value | undefined): readonly TextPiece[] | undefined {
  if (!isSequence(items) || items.partial || items.conditional || items.kind === 'set') return undefined;
  return items.items.flatMap((item, index) => [...(index === 0 ? [] : separator), ...operandPieces(item, 'join')]);
}

function callDictionaryMethod(receiver: DictionaryValue, method: string, call: CallValue): Value | undefined {
  const { at, module } = call;
  const list = (items: readonly Value[]): Value => ({ kind: 'list', at, module, items, partial: receiver.partial });
  switch (method) {
    case 'items':
      return list(
        receiver.entries.map(({ key, value }) => ({ kind: 'tuple', at, module, items: [key, value], partial: false })),
      );
    case 'keys':
      return list(receiver.entries.map((entry) => entry.key));
    case 'values':
      return list(receiver.entries.map((entry) => entry.value));
    case 'copy':
      return receiver;
    case 'get': {
      const [key, fallback] = call.positional;
      if (key === undefined || receiver.partial) return undefined;
      return entryOf(receiver, key) ?? (fallback && isAbsent(receiver, key) ? fallback : unknownValue(at, module));
    }
    default:
      return undefined;
  }
}

function isAbsent(dictionary: DictionaryValue, key: Value): boolean {
  return (
    key.kind === 'string' &&
    dictionary.entries.every((entry) => entry.key.kind === 'string' && entry.key.value !== key.value)
  );
}
