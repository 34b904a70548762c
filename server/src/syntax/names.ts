import { tokenKind, tokensOf } from './reading/token.ts';

/**
 * The names that a piece of Python text uses, annotations included, each with the dotted paths under which it does:
 * `models` → `models.Q`. What is only assigned or named as an argument (`name=`) is left out, and so are attributes.
 */
export function namesIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  collect(text, names);
  return names;
}

function collect(text: string, names: Map<string, Set<string>>): void {
  const { kinds, starts, ends } = tokensOf(text);
  for (let index = 0; index < kinds.length; index++) {
    const [start, end] = [starts[index] ?? 0, ends[index] ?? 0];
    if (kinds[index] === tokenKind.string) {
      for (const field of fieldsOf(text, start, end)) collect(field, names);
    } else if (kinds[index] === tokenKind.word && startsName(text.charCodeAt(start)) && !isAssigned(text, end)) {
      addName(text.slice(start, end), names);
    }
  }
}

function addName(path: string, names: Map<string, Set<string>>): void {
  const dot = path.indexOf('.');
  const name = dot < 0 ? path : path.slice(0, dot);
  const paths = names.get(name);
  if (paths === undefined) names.set(name, new Set([path]));
  else paths.add(path);
}

/** Neither a number nor what follows a bracket. */
function startsName(code: number): boolean {
  return code !== 46 && (code < 48 || code > 57);
}

/** Whether `=` comes next, and not `==`. */
function isAssigned(text: string, end: number): boolean {
  let next = end;
  while (isSpace.test(text.charAt(next))) next++;
  return text[next] === '=' && text[next + 1] !== '=';
}

const isSpace = /\s/;

/** What an f-string computes between its braces. */
function fieldsOf(text: string, start: number, end: number): readonly string[] {
  if (text[start] === '"' || text[start] === "'") return [];
  const literal = text.slice(start, end);
  if (!/^[a-z]*f/i.test(literal)) return [];
  return [...literal.matchAll(/\{([^{}]+)\}/g)].map(([, field = '']) => field);
}

/** The lines of a text, counted from 0, that begin inside a string: their white space is a part of it. */
export function linesInStrings(text: string): ReadonlySet<number> {
  const lines = new Set<number>();
  const { kinds, starts, ends } = tokensOf(text);
  let line = 0;
  let position = 0;
  const countTo = (offset: number): void => {
    for (; position < offset; position++) if (text.charAt(position) === '\n') line++;
  };
  for (const [index, kind] of kinds.entries()) {
    if (kind !== tokenKind.string) continue;
    countTo(starts[index] ?? 0);
    const first = line;
    countTo(ends[index] ?? 0);
    for (let inside = first + 1; inside <= line; inside++) lines.add(inside);
  }
  return lines;
}
