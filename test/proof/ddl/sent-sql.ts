import { splitSql } from '../../../server/src/sql/split.ts';

/** The statements of a text, without the frame of a transaction and Alembic's bookkeeping, and without comments around them. */
export function statementsIn(sql: string): readonly string[] {
  return splitSql(sql, 'postgresql')
    .map(({ statement }) => sql.slice(statement.start, statement.end))
    .filter((statement) => statement !== '' && statement !== 'BEGIN' && statement !== 'COMMIT')
    .filter((statement) => !/^(?:CREATE TABLE|INSERT INTO|UPDATE|DELETE FROM) alembic_version\b/.test(statement));
}

/**
 * A statement without what makes no difference: white space, the case of words, parentheses in parentheses, words
 * that go without saying, the type that Django's driver names behind a literal, percent signs that Django 4.2 doubles. The one place that says
 * what makes none, with {@link withoutDigests}.
 */
export function normalized(statement: string): string {
  const plain = outsideLiterals(statement.replaceAll(/%+/g, '%'), (code) =>
    code
      .replaceAll(/--[^\n]*/g, '')
      .toLowerCase()
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/\bfloat\b/g, 'double precision')
      .replaceAll(/ without time zone|(?<=\[\])\[\]/g, '')
      .replaceAll(/(?<=rename) column\b/g, '')
      .replaceAll(' using btree', '')
      .replaceAll(/ ?([(),=]) ?/g, '$1')
      .replaceAll(
        /^::(?:timestamptz|timestamp|date|time|interval|uuid|jsonb|json|int2|int4|int8|numeric|float8|text|bytea)(?:\[\])?/g,
        '',
      ),
  );
  // Of a text with an open quote the semicolon is a part.
  return withoutDoubleParentheses(plain.trim().replace(/;$/, ''));
}

/** With the keys and indexes that a directive adds together in one order: Alembic has them in a set. */
export function inOneOrder<T>(statements: readonly T[]): readonly T[] {
  const ordered: T[] = [];
  let together: T[] = [];
  let what = '';
  for (const statement of statements) {
    const added =
      typeof statement === 'string'
        ? (/^(?:create (?:unique )?index|alter table \S+ add (?!column))/.exec(statement)?.[0] ?? '')
        : '';
    if (added !== what) {
      ordered.push(...together.sort());
      together = [];
    }
    what = added;
    if (added === '') ordered.push(statement);
    else together.push(statement);
  }
  return [...ordered, ...together.sort()];
}

/** Names that are made up from others end in a digest of them; after a rename it is that of the names before. */
export function withoutDigests(statement: string): string {
  return statement
    .replaceAll(/"(\w+?)_[0-9a-f]{8}(_\w+)?"/g, '"made up"')
    .replaceAll(/"\w+_(?:key|uniq|check|pkey|seq)"/g, '"made up"');
}

/** @param change is given what stands between literals and quoted names */
function outsideLiterals(text: string, change: (code: string) => string): string {
  return partsOf(text)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('');
}

function withoutDoubleParentheses(text: string): string {
  const doubled = /\(\(((?:[^()]|\([^()]*\))*)\)\)/;
  const once = text.replace(doubled, '($1)');
  return once === text ? text : withoutDoubleParentheses(once);
}

/** Whether `theirs` is what `ours` says; a variable (`:default`) in ours stands for anything. */
export function isSame(ours: string, theirs: string): boolean {
  const pattern = partsOf(ours)
    .map((part, index) => (index % 2 === 1 ? escaped(part) : part.split(variable).map(escaped).join('.+?')))
    .join('');
  return new RegExp(`^${pattern}$`, 's').test(theirs);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const variable = /(?<!:):[a-z]+/;

/** A variable stands for what is only known when the migration runs. */
export function hasVariables(statement: string): boolean {
  return partsOf(statement).some((part, index) => index % 2 === 0 && variable.test(part));
}

/** Code at even places, literals and quoted names at odd ones. */
function partsOf(text: string): readonly string[] {
  return text.split(/(E?'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*")/);
}
