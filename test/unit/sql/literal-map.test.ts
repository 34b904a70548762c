import assert from 'node:assert/strict';
import { randomOf } from '../../../bench/random.ts';
import { fileSpanOf, isWrittenIn, sqlOffsetOf } from '../../../server/src/sql/literal-map.ts';
import { decodeLiteral } from '../../../server/src/syntax/reading/decode-string.ts';
import { readSqlText } from './check-sql.ts';

describe('the map from SQL to the file', () => {
  /** The file text that stands for a part of the SQL that the name `x` is worth. */
  async function checkPart(text: string, part: string, expected: string | undefined, within = part): Promise<void> {
    const { sql, module } = await readSqlText(text);
    const spanIn = (whole: string, wanted: string) => {
      const start = whole.indexOf(wanted);
      assert.ok(start >= 0, `${wanted} is not in ${whole}`);
      return { start, end: start + wanted.length };
    };
    const span = fileSpanOf(sql, spanIn(sql.text, part), module, spanIn(sql.text, within));
    assert.equal(span && text.slice(span.start, span.end), expected, text);
  }

  it('finds parts of a literal', async () => {
    await checkPart('x = "DROP TABLE a"', 'TABLE', 'TABLE');
    await checkPart('x = """\n  DROP TABLE a;\n"""', 'DROP TABLE a', 'DROP TABLE a');
    await checkPart("x = r'DROP \\TABLE a'", '\\TABLE', '\\TABLE');
    await checkPart("x = 'DROP \\x54ABLE a'", 'TABLE', '\\x54ABLE');
    await checkPart("x = 'it\\'s \\n é😀 b'", "it's \n é😀", "it\\'s \\n é😀");
    await checkPart('x = "DROP \\\n TABLE a"', 'DROP  TABLE', 'DROP \\\n TABLE');
    await checkPart('x = """a\r\nb"""', 'a\nb', 'a\r\nb');
  });

  it('reaches over literals that stand side by side', async () => {
    await checkPart('x = "DROP " "TABLE" \' a\'', 'TABLE', 'TABLE');
    await checkPart('x = ("DROP "\n  r"TABLE a")', 'DROP TABLE', 'DROP "\n  r"TABLE');
  });

  it('names the field, not what fills it', async () => {
    await checkPart('T = "orders"\nx = f"DROP TABLE {T};"', 'orders', '{T}', 'DROP TABLE orders');
    await checkPart('T = "orders"\nx = f"DROP TABLE {T};"', 'TABLE orders', 'TABLE {T}');
    await checkPart('x = f"DROP {{}} {name} b"', '{} ', '{{}} ');
    await checkPart('T = "orders"\nx = "DROP TABLE %s;" % T', 'orders;', '%s;');
    await checkPart('T = "orders"\nx = "DROP TABLE {t};".format(t=T)', 'TABLE orders', 'TABLE {t}');
    await checkPart('x = "a%% {}".format("b") % ()', '% b', '%% {}');
  });

  it('goes into the constant where the part is all in there', async () => {
    await checkPart('S = "DROP TABLE a"\nx = S', 'TABLE', 'TABLE');
    await checkPart('S = "DROP "\nx = S + "TABLE a"', 'DROP', 'DROP');
    await checkPart('S = "DROP "\nx = S + "TABLE a"', 'DROP TABLE', 'S + "TABLE');
    await checkPart('A = "DROP TABLE a;"\nB = f"{A} SELECT 1"\nx = B', 'TABLE', 'TABLE');
    await checkPart('A = "DROP TABLE a;"\nB = f"{A} SELECT 1"\nx = B', 'a; SELECT', '{A} SELECT');
  });

  it('follows what methods and functions do to texts', async () => {
    await checkPart('x = "  DROP TABLE a  ".strip()', 'DROP TABLE a', 'DROP TABLE a');
    await checkPart('x = "drop TABLE a".upper()', 'DROP', 'drop');
    await checkPart('x = "DROP TABLE t".replace("t", "a")', 'TABLE a', 'TABLE t');
    await checkPart('x = "; ".join(["DROP TABLE a", "DROP TABLE b"])', 'DROP TABLE b', 'DROP TABLE b');
    const dedented = 'import textwrap\nx = textwrap.dedent("""\n    SELECT\n      1;\n""")';
    await checkPart(dedented, 'SELECT\n  1', 'SELECT\n      1');
  });

  it('tells what is not known', async () => {
    const text = 'x = f"DELETE FROM {model._meta.db_table} WHERE a = \'{a}\' AND b = {b:d}"';
    const { sql } = await readSqlText(text);
    assert.deepEqual(
      sql.holes.map(({ at, by }) => `${by} ${text.slice(at.start, at.end)}`),
      ['field {model._meta.db_table}', 'field {a}', 'field {b:d}'],
    );
    for (const { start, end, at } of sql.holes) assert.equal(end - start, at.end - at.start);
  });

  it('tells where an edit changes the SQL and nothing else', async () => {
    const { sql, module } = await readSqlText('T = "orders"\nx = f"DROP TABLE {T};" "SELECT 1"');
    const editable = (part: string): boolean => {
      const start = sql.text.indexOf(part);
      return isWrittenIn(sql, { start, end: start + part.length }, module);
    };
    assert.ok(editable('DROP TABLE'));
    assert.ok(editable('SELECT'));
    assert.ok(!editable('orders'));
    assert.ok(!editable('TABLE orders'));
  });

  it('is right for every character of random literals', async () => {
    const random = randomOf(3);
    const plain = ['a', 'B ', '7', ';', '--', '\n', 'é', '😀', '中', '%s', ':n', '{{', '}}'];
    const escaped = ['\\n', '\\\\', '\\x41', '\\u00e9', '\\U0001F600', '\\101', "\\'", '\\"', '\\\n'];
    for (let round = 0; round < 400; round++) {
      const parts = Array.from({ length: 1 + random.below(4) }, () => {
        const prefix = random.pick(['', 'r', 'f', 'u', 'rf', 'R', 'F']);
        const quote = random.pick(['"""', "'''"]);
        const scraps = /r/i.test(prefix) ? plain : [...plain, ...escaped];
        const content = Array.from({ length: random.below(10) }, () => random.pick(scraps)).join('');
        return { prefix: prefix.toLowerCase(), content, text: `${prefix}${quote}${content}${quote}` };
      });
      const whole = parts.map(({ content, prefix }) => decodeLiteral(content, prefix) ?? '').join('');
      if (whole === '') continue;
      await checkLiterals(
        `# é😀\nx = (${parts.map(({ text }) => text).join(random.pick([' ', '\n  ']))})\n`,
        whole,
        parts,
      );
    }
  });

  async function checkLiterals(
    text: string,
    whole: string,
    parts: readonly { readonly prefix: string; readonly content: string; readonly text: string }[],
  ): Promise<void> {
    const { sql, module } = await readSqlText(text);
    assert.equal(sql.text, whole, text);
    const prefixes = parts.flatMap(({ prefix, content }) =>
      [...(decodeLiteral(content, prefix) ?? '')].flatMap((each) => Array(each.length).fill(prefix) as string[]),
    );
    const spans = [...whole]
      .flatMap((character) => Array.from({ length: character.length }))
      .map((_, offset) => fileSpanOf(sql, { start: offset, end: offset + 1 }, module));
    for (const [offset, span] of spans.entries()) {
      assert.ok(span, text);
      const decoded = decodeLiteral(text.slice(span.start, span.end), prefixes[offset] ?? '') ?? '';
      assert.ok(decoded.includes(whole.charAt(offset)), `${text} at ${offset}`);
      const back = sqlOffsetOf(sql, span.start, module);
      assert.ok(back === offset || (back === offset - 1 && decoded.length === 2), `${text} back at ${offset}`);
    }
    const [first, last] = [spans[0], spans.at(-1)];
    assert.deepEqual(fileSpanOf(sql, { start: 0, end: whole.length }, module), { start: first?.start, end: last?.end });
  }
});
