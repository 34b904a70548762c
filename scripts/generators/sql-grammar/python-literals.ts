import { closing, isTriple, type Literal, literals } from './literal.ts';
import { named, own, type Repository, type Rule } from './rule.ts';
import { capitalStatementStarts } from './words.ts';

const definition = 'punctuation.definition.string';

/** String literals of Python: `sql-literals` with SQL in them, `sql-below` with SQL from the line on that begins like it. */
export const sqlLiterals: Repository = {
  'sql-literals': { patterns: literals.map(sqlLiteral) },
  'sql-below': { patterns: literals.filter(isTriple).map(sqlBelow) },
};

function sqlLiteral(literal: Literal): Rule {
  return literal.isFormatted ? formatted(literal) : plain(literal);
}

function sqlBelow(literal: Literal): Rule {
  const { contentName, patterns, ...rule } = sqlLiteral(literal);
  const text = contentName?.replace(embedded(literal), '').trim();
  const sql: Rule = {
    contentName: embedded(literal),
    begin: `^(?=\\s*(?:${capitalStatementStarts.join('|')})(?:[\\s;]))`,
    end: closing(literal),
    ...(patterns && { patterns }),
  };
  return { ...rule, ...(text && { contentName: text }), patterns: [sql, own(`python-${literal.id}`)] };
}

/** The names are those of VS Code's Python grammar; only the content is another. */
function plain(literal: Literal): Rule {
  const { delimiter, isRaw } = literal;
  return {
    name: `string.quoted.${isRaw ? 'raw.' : ''}${lines(literal)}.python`,
    contentName: embedded(literal),
    begin: isRaw ? `\\b([rR])(${delimiter})` : `(?:\\b([uU]))?(${delimiter})`,
    beginCaptures: named('storage.type.string.python', `${definition}.begin.python`),
    end: ending(literal),
    endCaptures: named(`${definition}.end.python`, 'invalid.illegal.newline.python'),
    patterns: [own(`sql-${literal.id}`)],
  };
}

/** An f-string is no string to the Python grammar, but each of its parts is. */
function formatted(literal: Literal): Rule {
  const { delimiter, isRaw } = literal;
  const part = `string.interpolated.python string.quoted.${isRaw ? 'raw.' : ''}${lines(literal)}.python`;
  return {
    name: 'meta.fstring.python',
    contentName: `${part} ${embedded(literal)}`,
    begin: isRaw ? `\\b([rR][fF]|[fF][rR])(${delimiter})` : `\\b([fF])(${delimiter})`,
    beginCaptures: named(`${part} storage.type.string.python`, `${definition}.begin.python ${part}`),
    end: ending(literal),
    endCaptures: named(`${definition}.end.python ${part}`, 'invalid.illegal.newline.python'),
    patterns: [own(`sql-${literal.id}`)],
  };
}

/**
 * To VS Code the innermost name with "string" or "meta.embedded" in it tells whether this is a string or code.
 *
 * SQL over several lines is code, whose brackets are matched. In a literal of one line nobody misses that, but whoever
 * types its closing quote would get two. (No theme colors `source.sql.string`.)
 */
function embedded(literal: Literal): string {
  return `meta.embedded.inline.sql source.sql${isTriple(literal) ? '' : '.string'}`;
}

function lines(literal: Literal): string {
  return isTriple(literal) ? 'multi' : 'single';
}

/** A literal of one line that is not closed ends with the line. An escaped line end never gets here. */
function ending(literal: Literal): string {
  return isTriple(literal) ? `(${literal.delimiter})` : `(${literal.delimiter})|(\\n)`;
}
