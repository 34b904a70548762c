import assert from 'node:assert/strict';
import { plainPython, pythonGrammar, pythonWithSql, tokensOf } from './python-grammar.ts';

const typed = `class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            sql=f"""
                UPDATE "a_{name}" SET b = 'it''s' -- {note}
            """, reverse_sql=('SELECT \\'a\\'' "FROM b"),
            hints={"a": ["b"]},
        ),
        migrations.RunSQL([("SELECT %s" % "a", ["b"]), text("SELECT 1")]),
        cursor.execute(dedent('''DO $$ BEGIN /* a */ END $$'''.format("b")), ["c"] if "d" else rf"E'\\e'"),
    ]`;
const after = '\n\nclass After:\n    name = "select"';

describe('SQL that is being typed', () => {
  it('colors nothing of what comes after it that Python does not take for part of a literal', async () => {
    const plain = await pythonGrammar(plainPython());
    const sql = await pythonGrammar(pythonWithSql());
    let compared = 0;
    for (let length = 0; length <= typed.length; length += 3) {
      const text = typed.slice(0, length) + after;
      const wanted = tokensOf(plain, text).at(-1) ?? [];
      // An open literal of several lines takes everything, to Python as well.
      if (wanted.some(({ scopes }) => /fstring|multi/.test(scopes.join(' ')))) continue;
      compared += 1;
      const found = tokensOf(sql, text).at(-1) ?? [];
      assert(!found.some(({ scopes }) => scopes.join(' ').includes('.sql')), text);
    }
    assert(compared > typed.length / 6, `${compared}`);
  });
});
