import type { SqlOrigin } from '../schema/change.ts';
import { contentOf } from './string-content.ts';
import type { Token } from './token.ts';

/** The string constants that are cast where they stand: `'red'::color`, `CAST('red' AS app.color)`, `color 'red'`. */
export function castStringsIn(text: string, tokens: readonly Token[]): SqlOrigin['castStrings'] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'string') return [];
    const type = typeBehind(text, tokens, index) ?? typeBefore(text, tokens, index);
    return type === undefined ? [] : [{ value: contentOf(text, token).text, type }];
  });
}

function typeBehind(text: string, tokens: readonly Token[], index: number): string | undefined {
  const [one, two] = [textAt(text, tokens[index + 1]), textAt(text, tokens[index + 2])];
  if (one === ':' && two === ':') return nameFrom(text, tokens, index + 3);
  const isCast = textAt(text, tokens[index - 1]) === '(' && textAt(text, tokens[index - 2]).toUpperCase() === 'CAST';
  return isCast && one.toUpperCase() === 'AS' ? nameFrom(text, tokens, index + 2) : undefined;
}

/** A keyword may stand there as well: it is the name of no type. */
function typeBefore(text: string, tokens: readonly Token[], index: number): string | undefined {
  return nameAt(text, tokens[index - 1]);
}

/** The last part of a name that may have a schema in front. */
function nameFrom(text: string, tokens: readonly Token[], index: number): string | undefined {
  const hasSchema = textAt(text, tokens[index + 1]) === '.';
  return nameAt(text, tokens[hasSchema ? index + 2 : index]);
}

function nameAt(text: string, token: Token | undefined): string | undefined {
  if (token?.kind === 'quoted') return contentOf(text, token).text;
  return token?.kind === 'word' ? textAt(text, token).toLowerCase() : undefined;
}

function textAt(text: string, token: Token | undefined): string {
  return token === undefined ? '' : text.slice(token.start, token.end);
}
