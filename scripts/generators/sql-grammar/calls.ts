import { named, own, python, type Repository, type Rule } from './rule.ts';
import { capitalStatementStarts, statementStarts } from './words.ts';

/**
 * A statement of Python at the start of a line: no argument goes on there, so a call that is not closed yet ends.
 * Everything else that could begin a line could also be the next argument.
 */
const statement =
  '^(?=\\s*(?:@|(?:assert|async|class|def|del|import|raise|return|try|while|with)\\b|from\\s+\\S+\\s+import\\b))';

const functionName = 'meta.function-call.generic.python';
const argumentsBegin = 'punctuation.definition.arguments.begin.python';
const argumentsEnd = 'punctuation.definition.arguments.end.python';

/** What an object is called whose `execute` takes SQL. */
const receivers = [
  '\\b(?:schema_)?editor',
  'cursor',
  '\\b(?:cur|curs)',
  'connection',
  'conn',
  '\\bbind',
  '\\bop',
  'cursor\\(\\)',
  'get_bind\\(\\)',
];

/** Where a bare `text(…)` is SQLAlchemy's. */
const textContexts = ['server_default=', 'postgresql_where=', '\\bsa\\.', '\\bsqlalchemy\\.'];

const notDefined = '(?<!\\bclass\\s)(?<!\\bdef\\s)';
const quotes = '[rRuUfF]{0,2}(?:"""|\'\'\'|"|\')';
const statementEnd = '(?=[\\s;\\\\])';
const beginsAStatement = `${quotes}\\s*(?:--|/\\*|(?i:${statementStarts.join('|')})${statementEnd})`;
/** What cannot be seen from here begins on the next line. */
const goesOn = '[rRuUfF]{0,2}(?:"""|\'\'\')\\\\?\\s*$';

const keyword = named('variable.parameter.function-call.python', 'keyword.operator.assignment.python');
const keywordArgument: Rule = { match: '\\b([[:alpha:]_]\\w*)\\s*(=)(?!=)', captures: keyword };
const separator: Rule = { name: 'punctuation.separator.arguments.python', match: ',' };

/**
 * Constants and variables: what is named after SQL and begins like a statement, or goes on below; in capitals like a
 * constant, what begins with a statement in capitals, be it on the next line.
 */
export const assignments: readonly Rule[] = [
  assignment('(?:\\w*_)?(?i:sql)(?:_\\w*)?', `${beginsAStatement}|${goesOn}|[(\\[]\\s*$`, [
    'sql-literals',
    'statements',
  ]),
  assignment('[A-Z][A-Z\\d_]*', `${quotes}\\s*(?:${capitalStatementStarts.join('|')})${statementEnd}`, [
    'sql-literals',
  ]),
  assignment('[A-Z][A-Z\\d_]*', goesOn, ['sql-below']),
];

/** Calls that are SQL wherever they stand. */
export const calls: readonly Rule[] = [
  call(`${notDefined}\\b(RunSQL)\\s*(\\()`, 'run-sql-arguments'),
  call(`(?<=${receivers.map((name) => `${name}\\.`).join('|')})(execute(?:many|script)?)\\s*(\\()`, 'first-argument'),
  call(`(?<=${textContexts.join('|')})(text)\\s*(\\()`, 'first-argument'),
  call(`${notDefined}(?<![\\w.])(text)\\s*(\\()(?=\\s*${beginsAStatement})`, 'first-argument'),
];

export const callRules: Repository = {
  // `RunSQL(sql, reverse_sql, …)`: every string but those of the other keywords.
  'run-sql-arguments': {
    patterns: [
      { match: '\\b(sql|reverse_sql)\\s*(=)(?!=)', captures: keyword },
      {
        begin: '\\b(?!(?:sql|reverse_sql)\\b)([[:alpha:]_]\\w*)\\s*(=)(?!=)',
        beginCaptures: keyword,
        end: `(?=[,)\\]}])|${statement}`,
        patterns: [python('expression')],
      },
      separator,
      ...sqlValue('statements'),
    ],
  },
  // `execute(sql, params)`
  'first-argument': { patterns: [own('parameters'), keywordArgument, ...sqlValue('statement')] },
  // `[statement, (statement, params), …]`
  statements: { patterns: brackets([separator, ...sqlValue('statement')]) },
  // `(statement, params)`, or parentheses around one that is long.
  statement: { patterns: brackets([own('parameters'), ...sqlValue('statement')]) },
  // Whatever follows the SQL.
  parameters: {
    begin: ',',
    beginCaptures: { 0: { name: 'punctuation.separator.arguments.python' } },
    end: `(?=[)\\]}])|${statement}`,
    patterns: [separator, keywordArgument, python('expression')],
  },
  // Text next to SQL that is none: what is compared, looped over, or filled in.
  'other-operand': {
    patterns: [
      operand('\\b(if)\\b', 'keyword.control.flow.python', '(?=\\belse\\b|[,)\\]}])'),
      operand('\\b(for)\\b', 'keyword.control.flow.python', '(?=[)\\]}])'),
      operand('(%)', 'keyword.operator.arithmetic.python', '(?=[+,)\\]}]|\\b(?:if|else|for)\\b)'),
    ],
  },
  // Calls that answer the SQL they are given.
  wrapper: {
    name: 'meta.function-call.python',
    contentName: 'meta.function-call.arguments.python',
    begin: '(?<!\\.)\\b(?:(?:textwrap|inspect|sql)(\\.))?(dedent|cleandoc|SQL|text)\\s*(\\()',
    beginCaptures: named('punctuation.separator.period.python', functionName, argumentsBegin),
    end: `(\\))|(?=[\\]}])|${statement}`,
    endCaptures: named(argumentsEnd),
    patterns: [own('first-argument')],
  },
};

function assignment(name: string, value: string, content: readonly string[]): Rule {
  return {
    begin: `^\\s*(${name})(?:\\s*(:)\\s*\\w+)?\\s+(=)\\s*(?=${value})`,
    beginCaptures: {
      1: { patterns: [python('expression')] },
      2: { name: 'punctuation.separator.colon.python' },
      3: { name: 'keyword.operator.assignment.python' },
    },
    end: '(?!\\G)',
    patterns: content.map(own),
  };
}

function call(begin: string, content: string): Rule {
  return {
    name: 'meta.function-call.python',
    contentName: 'meta.function-call.arguments.python',
    begin,
    beginCaptures: named(functionName, argumentsBegin),
    end: `(\\))|(?=[\\]}])|${statement}`,
    endCaptures: named(argumentsEnd),
    patterns: [own(content)],
  };
}

/** An expression whose strings are SQL; `group` says what brackets in it hold. */
function sqlValue(group: string): readonly Rule[] {
  return [
    python('comments'),
    own('sql-literals'),
    own('other-operand'),
    own('wrapper'),
    python('curly-braces'),
    own(group),
    python('expression'),
  ];
}

function brackets(patterns: readonly Rule[]): readonly Rule[] {
  // After a name or a bracket they call or look up.
  const fresh = '(?<![\\w\\])])';
  return [
    {
      begin: `${fresh}(\\()`,
      beginCaptures: named('punctuation.parenthesis.begin.python'),
      end: `(\\))|(?=[\\]}])|${statement}`,
      endCaptures: named('punctuation.parenthesis.end.python'),
      patterns,
    },
    {
      begin: `${fresh}(\\[)`,
      beginCaptures: named('punctuation.definition.list.begin.python'),
      end: `(\\])|(?=[)}])|${statement}`,
      endCaptures: named('punctuation.definition.list.end.python'),
      patterns,
    },
  ];
}

function operand(begin: string, name: string, end: string): Rule {
  return { begin, beginCaptures: named(name), end: `${end}|${statement}`, patterns: [python('expression')] };
}
