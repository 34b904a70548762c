/** A rule of a TextMate grammar, as its JSON has it. */
export interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly captures?: Captures;
  readonly begin?: string;
  readonly beginCaptures?: Captures;
  readonly end?: string;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
  readonly include?: string;
}

/** Scopes by the number of the group. */
export type Captures = Readonly<Record<number, { readonly name?: string; readonly patterns?: readonly Rule[] }>>;

export type Repository = Readonly<Record<string, Rule>>;

/** A rule of this grammar's repository. */
export function own(name: string): Rule {
  return { include: `#${name}` };
}

/** A rule of the repository of VS Code's Python grammar. */
export function python(name: string): Rule {
  return { include: `source.python#${name}` };
}

/** Names for the groups of a pattern, from the first one on. */
export function named(...names: readonly string[]): Captures {
  return Object.fromEntries(names.map((name, index) => [index + 1, { name }]));
}
