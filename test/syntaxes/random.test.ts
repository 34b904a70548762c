import assert from 'node:assert/strict';
import { seededRandom } from '../support/random.ts';
import { plainPython, pythonGrammar, pythonWithSql, type Token, tokensOf } from './python-grammar.ts';

const delimiters = ['"""', "'''", '"', "'"];
const prefixes = ['', 'u', 'r', 'R', 'f', 'F', 'rf', 'fR'];

/** What opens something in SQL or in Python, and what closes it; a quote that would end the literal gets a backslash. */
const pieces = [
  ...["'", '"', "''", '""', '`', "E'", 'U&"', '$$', '$a$', '$a', 'AS $$', 'DO $a$', '--', '/*', '*/', '/', ';', '#'],
  ...[
    '(',
    ')',
    '[',
    ']',
    '{{',
    '}}',
    '%',
    '%%',
    '%s',
    '%(a)s',
    '%(',
    ':a',
    '::',
    '\\\\',
    '\\x41',
    '\\n',
    '\\N{DIGIT ONE}',
  ],
  ...['SELECT', 'comment', '1.5e3', 'a.b', 'é', '😀', ' ', '-- squawk-ignore a', '# stepwise: ignore[a]', 'RunSQL("'],
];
const fields = ['{a}', '{a!r:>10}', '{a.b(c)}', '{a[0]}'];

describe('SQL in any literal', () => {
  const registry = pythonWithSql();

  it('never reaches beyond the literal', async () => {
    const grammar = await pythonGrammar(registry);
    const random = seededRandom(7);
    const rest = '); name = "select"';
    const expected = await scopesOf(plainPython(), `RunSQL(""${rest}`, rest);
    for (let count = 0; count < 1500; count += 1) {
      const literal = randomLiteral(random);
      const text = `RunSQL(${literal.text}${rest}\nname = "select"\n`;
      const lines = tokensOf(grammar, text);
      const last = lines.at(-3) ?? [];
      const end = (text.split('\n').at(-3) ?? '').length - rest.length;
      const after = last.filter((token) => token.start >= end).map((token) => token.scopes.join(' '));
      assert.deepEqual(after, expected, `after ${literal.text}`);
      assert.equal(last.find((token) => token.start >= end)?.start, end, `the end of ${literal.text}`);
      assert.deepEqual(lines.at(-2), tokensOf(grammar, 'name = "select"')[0], `the line after ${literal.text}`);
      assertAllSql(text, lines, 'RunSQL('.length + literal.prefix.length, end - literal.delimiter.length, literal.text);
    }
  });
});

interface RandomLiteral {
  readonly text: string;
  /** With the opening quotes. */
  readonly prefix: string;
  readonly delimiter: string;
}

function randomLiteral(random: (limit: number) => number): RandomLiteral {
  const delimiter = delimiters[random(delimiters.length)] ?? '"';
  const prefix = prefixes[random(prefixes.length)] ?? '';
  const isRaw = /r/i.test(prefix);
  const choice = [
    ...pieces.filter((piece) => !isRaw || !/^\\[nxN]/.test(piece)),
    ...(/f/i.test(prefix) ? fields : []),
    ...(delimiter.length === 3 ? ['\n', '\n'] : ['\\\n']),
  ];
  const quote = delimiter.charAt(0);
  let content = '';
  for (let left = random(12); left > 0; left -= 1) {
    content += choice[random(choice.length)]?.replaceAll(quote, `\\${quote}`) ?? '';
  }
  return { text: `${prefix}${delimiter}${content}${delimiter}`, prefix: `${prefix}${delimiter}`, delimiter };
}

async function scopesOf(
  registry: ReturnType<typeof plainPython>,
  text: string,
  rest: string,
): Promise<readonly string[]> {
  const tokens = tokensOf(await pythonGrammar(registry), text)[0] ?? [];
  return tokens.filter((token) => token.start >= text.length - rest.length).map((token) => token.scopes.join(' '));
}

/** Every token between the quotes is SQL; the first line begins at `start`, the last one ends at `end`. */
function assertAllSql(
  text: string,
  lines: readonly (readonly Token[])[],
  start: number,
  end: number,
  literal: string,
): void {
  const last = text.split('\n').length - 3;
  for (const [index, tokens] of lines.slice(0, last + 1).entries()) {
    for (const token of tokens) {
      if (token.end <= token.start || (index === 0 && token.start < start) || (index === last && token.start >= end)) {
        continue;
      }
      assert(
        token.scopes.includes('meta.embedded.inline.sql'),
        `line ${index} of ${literal}: ${token.scopes.join(' ')}`,
      );
    }
  }
}
