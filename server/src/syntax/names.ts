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
  for (const [index, kind] of kinds.entries()) {
    const [start, end] = [starts[index] ?? 0, ends[index] ?? 0];
    const word = text.slice(start, end);
    if (kind === tokenKind.string) {
      for (const field of fieldsOf(word)) collect(field, names);
    } else if (kind === tokenKind.word && /^[^\d.]/.test(word) && !/^\s*=(?!=)/.test(text.slice(end))) {
      const [name = word] = word.split('.');
      const paths = names.get(name) ?? new Set();
      names.set(name, paths.add(word));
    }
  }
}

/** What an f-string computes between its braces. */
function fieldsOf(literal: string): readonly string[] {
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
