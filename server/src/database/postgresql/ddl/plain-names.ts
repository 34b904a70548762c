import { reservedWords } from '../reserved-words.ts';

/** SQLAlchemy quotes these as well, although PostgreSQL takes them as they are. */
const quotedAnyway: ReadonlySet<string> = new Set(['between', 'new', 'of', 'off', 'old', 'over']);

/** Takes the quotes off the names that SQLAlchemy writes without them. */
export function withPlainNames(sql: string): string {
  return sql.replaceAll(/'(?:[^']|'')*'|"([a-z_][a-z0-9_$]*)"/g, (quoted, name: string | undefined) =>
    name === undefined || reservedWords.has(name) || quotedAnyway.has(name) ? quoted : name,
  );
}
