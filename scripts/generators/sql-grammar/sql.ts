import { closing, isTriple, type Literal, quote } from './literal.ts';
import { named, own, python, type Repository, type Rule } from './rule.ts';
import { capitalKeywords, constants, functions, keywords, types } from './words.ts';

/** SQL as it stands in one form of literal: `sql-<id>` and what it is made of. */
export function sqlIn(literal: Literal): Repository {
  const { id } = literal;
  return {
    [`sql-${id}`]: {
      patterns: [
        lineComment(literal),
        own(`block-comment-${id}`),
        ...dollarQuotes(literal),
        ...strings(literal),
        ...formatFields(literal),
        own('outer-placeholders'),
        own(`python-${id}`),
        own('sql-words'),
      ],
    },
    // What Python reads in the literal, wherever in the SQL it stands.
    [`python-${id}`]: { patterns: [...fields(literal), own('inner-placeholders'), ...escapes(literal)] },
    // Block comments nest in PostgreSQL.
    [`block-comment-${id}`]: {
      name: 'comment.block.sql',
      begin: '/\\*',
      beginCaptures: { 0: { name: 'punctuation.definition.comment.begin.sql' } },
      end: `${closing(literal)}|(\\*/)`,
      endCaptures: named('punctuation.definition.comment.end.sql'),
      patterns: [own(`block-comment-${id}`), own(`python-${id}`)],
    },
  };
}

const severalWords = [
  'double\\s+precision',
  'character\\s+varying',
  'bit\\s+varying',
  '(?:time|timestamp)(?:\\s*\\(\\s*\\d\\s*\\))?\\s+with(?:out)?\\s+time\\s+zone',
].join('|');

/** What is the same in every form of literal. */
export const sharedSql: Repository = {
  'sql-words': {
    patterns: [
      // What follows a period is a name, whatever it is called.
      { match: '(\\.)[[:alpha:]_]\\w*', captures: named('punctuation.separator.period.sql') },
      { name: 'variable.parameter.sql', match: '\\$\\d+' },
      { name: 'keyword.operator.cast.sql', match: '::' },
      {
        name: 'variable.parameter.bind.sql',
        match: '(?<![:\\w\\])])(:)[[:alpha:]_]\\w*',
        captures: named('punctuation.definition.parameter.sql'),
      },
      { name: 'support.function.sql', match: `${anyCase(functions)}(?=\\s*\\()` },
      { name: 'storage.type.sql', match: `(?i:${severalWords})(?![\\w$])` },
      { name: 'storage.type.sql', match: anyCase(types) },
      { name: 'constant.language.sql', match: anyCase(constants) },
      {
        name: 'keyword.other.sql',
        match: '(?i:(?:primary|foreign)\\s+key|comment\\s+on|at\\s+time\\s+zone)(?![\\w$])',
      },
      { name: 'keyword.other.sql', match: anyCase(keywords) },
      { name: 'keyword.other.sql', match: `(?:${capitalKeywords.join('|')})(?![\\w$])` },
      { name: 'constant.numeric.sql', match: '\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?(?!\\w)' },
      // Names are read whole: that is why no word above needs to look back, where the `n` of a `\n` may stand.
      { match: '[[:alpha:]_][\\w$]*' },
      { name: 'keyword.operator.sql', match: ':=|[-+*/<>=~!@#%^&|?]' },
      { name: 'punctuation.terminator.statement.sql', match: ';' },
    ],
  },
  'squawk-ignore': {
    match: '(?<=--)\\s*(squawk-ignore(?:-file)?)(?:\\s+([\\w-]+(?:\\s*,\\s*[\\w-]+)*))?(?![\\w-])',
    captures: { ...named('keyword.control.directive.sql'), 2: { patterns: [own('rule-name')] } },
  },
  // What `.format()` fills.
  'format-field': {
    name: 'meta.format.brace.python',
    match: '(\\{\\w*(?:\\.\\w+|\\[\\w+\\])*(?:![rsa])?(?::[^{}\'"\\n]*)?\\})',
    captures: named('constant.character.format.placeholder.other.python'),
  },
  // Outside of SQL's own quotes only Python's formatting has these forms.
  'outer-placeholders': {
    patterns: [
      percent('%(?:\\([^()\\n"\']*\\))?[-+#0]*\\d*(?:\\.\\d+)?[diouxXeEfFgGcrsab](?![[:alnum:]])|%%'),
      percent('%s|%\\([^()\\n"\']*\\)s'),
    ],
  },
  // Inside them `'%start%'` and `'{}'` are text, so only what cannot be anything else is marked.
  'inner-placeholders': percent('%%|%\\(\\w+\\)s|%s(?![[:alnum:]])'),
};

function anyCase(words: readonly string[]): string {
  return `(?i:${words.join('|')})(?![\\w$])`;
}

function percent(match: string): Rule {
  return {
    name: 'meta.format.percent.python',
    match: `(${match})`,
    captures: named('constant.character.format.placeholder.other.python'),
  };
}

/** To the end of the line, which in a literal may be written as an escape. */
function lineComment(literal: Literal): Rule {
  const lineEnd = literal.isRaw ? '(?=\\n)' : '(?=\\n|\\\\[nr])';
  return {
    name: 'comment.line.double-dash.sql',
    begin: '--',
    beginCaptures: { 0: { name: 'punctuation.definition.comment.sql' } },
    end: `${lineEnd}|${closing(literal)}`,
    patterns: [own('squawk-ignore'), own(`python-${literal.id}`)],
  };
}

function strings(literal: Literal): readonly Rule[] {
  const end = closing(literal);
  const inside = [own(`python-${literal.id}`)];
  const single = quote("'", literal);
  const double = quote('"', literal);
  const quoted = (name: string, begin: string, character: string, patterns: readonly Rule[]): Rule => ({
    name: `string.quoted.${name}.sql`,
    begin,
    beginCaptures: named('storage.type.string.sql', 'punctuation.definition.string.begin.sql'),
    end: `${end}|(${character})`,
    endCaptures: named('punctuation.definition.string.end.sql'),
    patterns,
  });
  return [
    quoted('single', `([eE])(${single})`, single, [escapeOfSql(literal), ...inside]),
    quoted('single', `((?i:[bnx]|u&))?(${single})`, single, inside),
    quoted('double', `((?i:u&))?(${double})`, double, [...formatFields(literal), ...inside]),
    quoted('other.backtick', '()(`)', '`', [...formatFields(literal), ...inside]),
  ];
}

/** In an `E''` string a backslash escapes what follows; in a literal that is not raw the backslash itself is escaped. */
function escapeOfSql(literal: Literal): Rule {
  const name = 'constant.character.escape.sql';
  if (literal.isRaw) return { name, match: '\\\\[^\\n]' };
  return { name, match: `\\\\\\\\(?:\\\\\\\\|(?!${literal.delimiter})${quote("'", literal)}|[^\\\\'"\\n])` };
}

/** Code after `AS` or `DO` and over several lines; otherwise text. */
function dollarQuotes(literal: Literal): readonly Rule[] {
  const tag = '(\\$(?:[[:alpha:]_]\\w*)?\\$)';
  const lineEnd = literal.isRaw ? '\\s*\\n' : '\\s*(?:\\n|\\\\n)';
  const quoted = (contentName: string, begin: string, content: string): Rule => ({
    contentName,
    begin,
    beginCaptures: named('keyword.other.sql', 'string.other.dollar.sql punctuation.definition.string.begin.sql'),
    end: `${closing(literal)}|(\\2)`,
    endCaptures: named('string.other.dollar.sql punctuation.definition.string.end.sql'),
    patterns: [own(`${content}-${literal.id}`)],
  });
  const code = 'meta.dollar-quoted.sql';
  const text = 'string.other.dollar.sql';
  return [
    quoted(code, `((?i:as|do))\\s+${tag}`, 'sql'),
    quoted(code, `()${tag}(?=${lineEnd})`, 'sql'),
    quoted(text, `()${tag}`, 'python'),
  ];
}

/**
 * The fields of an f-string, as the Python grammar reads them; but one that is not closed ends with the literal.
 *
 * Inside a field that is closed, the literal's own quotes may stand (since Python 3.12).
 */
function fields(literal: Literal): readonly Rule[] {
  if (!literal.isFormatted) return [];
  return [
    python('fstring-formatting-braces'),
    ...(isTriple(literal) ? [field(literal, 'multi', '(\\{)')] : oneLine(literal)),
  ];
}

function oneLine(literal: Literal): readonly Rule[] {
  const closed: Rule = {
    name: 'meta.embedded.expression.python',
    begin: '(?=\\{)',
    end: '(?!\\G)',
    patterns: [python('fstring-single-brace')],
  };
  return [field(literal, 'single', '(\\{)(?=[^}\\n]*\\n)'), closed];
}

function field(literal: Literal, lines: 'single' | 'multi', begin: string): Rule {
  const brace = 'constant.character.format.placeholder.other.python';
  return {
    name: 'meta.embedded.expression.python',
    begin,
    beginCaptures: named(brace),
    end: `(\\})|${closing(literal)}`,
    endCaptures: named(brace),
    patterns: [python(`fstring-terminator-${lines}`), python('f-expression')],
  };
}

function formatFields({ isFormatted }: Literal): readonly Rule[] {
  return isFormatted ? [] : [own('format-field')];
}

/** Escapes of Python. Any other backslash takes along what follows it, as far as that would end the literal. */
function escapes({ isRaw, delimiter }: Literal): readonly Rule[] {
  if (isRaw) return [{ match: `\\\\[\\n\\\\${delimiter[0]}]` }];
  const continuation: Rule = { match: '(\\\\)\\n', captures: named('constant.language.python') };
  return [python('escape-sequence-unicode'), python('escape-sequence'), continuation, { match: '\\\\.' }];
}
