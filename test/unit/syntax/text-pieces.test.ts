import assert from 'node:assert/strict';
import { valueOfName } from '../../../server/src/syntax/evaluate.ts';
import { piecesOf } from '../../../server/src/syntax/evaluation/text-value.ts';
import { moduleScope } from '../../../server/src/syntax/scopes.ts';
import { pythonParser } from '../../support/python.ts';
import { alone } from '../../support/sql-calls.ts';

describe('texts of which a part is not known', () => {
  /** What is known of the name `x`, with `…` for every hole and `|` between the pieces. */
  async function check(text: string, expected: string | undefined): Promise<void> {
    const value = valueOfName('x', moduleScope((await pythonParser()).read(text), alone));
    const pieces = value && piecesOf(value);
    assert.equal(pieces?.map((piece) => piece.text ?? '…').join('|'), expected, text);
  }

  it('keep what is written', async () => {
    await check('x = "a" "b"', 'a|b');
    await check('x = f"a {y} b"', 'a |…| b');
    await check('x = "a " + y', 'a |…');
    await check('x = y + " b" + z', '…| b|…');
    await check('x = "%s a %d b %% %s" % ("t", y, z)', 't| a |…| b |%| |…');
    await check('x = "%(a)s b" % y', '…| b');
    await check('x = "{} b {c} {0.d}".format("t", **y)', '…| b |…| |…');
    await check('x = "{} b {c}".format("t", c=y)', 't| b |…');
    await check('x = ", ".join(["a", y])', 'a|, |…');
  });

  it('know values that are printed plainly only', async () => {
    await check('x = f"{1} {True} {None} {\'t\'!s}"', '1| |True| |None| |t');
    await check('x = f"{1!r} {2:>5} {3=}"', '…| |…| |…');
    await check('x = "%5d %r" % (1, 2)', '…| |…');
    await check('x = "{!r} {:>5}".format(1, 2)', '…| |…');
    await check('if y:\n  z = 1\nx = f"a {z}"', 'a |…');
  });

  it('go through methods and functions', async () => {
    await check('x = f"  a {y} b  ".strip()', 'a |…| b');
    await check('x = f"  a {y}  ".lstrip()', 'a |…|  ');
    await check('x = f"  a {y}  ".rstrip()', '  a |…');
    await check('x = f"a {y}".upper()', 'A |…');
    await check('import textwrap\nx = textwrap.dedent(f"""\n  a\n    {y}\n""")', '\n|a\n|  |…|\n');
    await check('x = "a b a".replace("a", "c")', 'c| b |c');
    await check('x = f"a {y}".replace("a", "c")', undefined);
    await check('t = "a {}"\nx = t.format(y)', 'a |…');
    await check('t = f"a {y}"\nx = t + " b"', '…| b');
  });

  it('are nothing where Python would refuse', async () => {
    await check('x = "a %s" % ()', undefined);
    await check('x = "%s" % ("a", "b")', undefined);
    await check('x = "{".format()', undefined);
    await check('x = "a" + 1', undefined);
    await check('x = b"a"', undefined);
  });
});
