/** The forms of a Python string literal in which SQL can stand. */
export interface Literal {
  /** Part of the names of its rules. */
  readonly id: string;
  readonly delimiter: '"""' | "'''" | '"' | "'";
  readonly isRaw: boolean;
  readonly isFormatted: boolean;
}

/** Longer delimiters come first: three quotes also begin with one. */
const delimiters = { 'triple-double': '"""', 'triple-single': "'''", double: '"', single: "'" } as const;

const prefixes = [
  { id: 'plain', isRaw: false, isFormatted: false },
  { id: 'raw', isRaw: true, isFormatted: false },
  { id: 'f', isRaw: false, isFormatted: true },
  { id: 'raw-f', isRaw: true, isFormatted: true },
];

export const literals: readonly Literal[] = Object.entries(delimiters).flatMap(([name, delimiter]) =>
  prefixes.map(({ id, ...prefix }) => ({ id: `${id}-${name}`, delimiter, ...prefix })),
);

export function isTriple({ delimiter }: Literal): boolean {
  return delimiter.length === 3;
}

/**
 * A place at which Python ends the literal.
 *
 * Every rule inside a literal ends there too: TextMate looks only at the innermost open rule, so one that waits for the
 * quote or the end of a comment of its SQL would run on into the Python after the literal.
 */
export function closing(literal: Literal): string {
  return isTriple(literal) ? `(?=${literal.delimiter})` : `(?=${literal.delimiter}|\\n)`;
}

/** How a quote of SQL is written here; one that would end the literal has a backslash. */
export function quote(character: '"' | "'", { delimiter, isRaw }: Literal): string {
  if (delimiter === character) return `\\\\${character}`;
  return isRaw ? character : `\\\\?${character}`;
}
