import assert from 'node:assert/strict';
import { blockingIndex } from '../../../server/src/rules/blocking-index.ts';
import { blockingRefresh } from '../../../server/src/rules/blocking-refresh.ts';
import { concurrentInMultiStatement } from '../../../server/src/rules/concurrent-in-multi-statement.ts';
import type { Rule } from '../../../server/src/rules/rule.ts';
import { sqlStringInterpolation } from '../../../server/src/rules/sql-string-interpolation.ts';
import { validatingCheck } from '../../../server/src/rules/validating-check.ts';
import { applyFix, openExample } from '../../support/rule-examples.ts';

const FILE = 'shop/migrations/0002_now.py';

/** The files after the first fix that a rule offers for a migration; undefined where it offers none. */
async function fixed(rule: Rule, operations: string, head = ''): Promise<ReadonlyMap<string, string> | undefined> {
  const text = `from django.db import migrations
${head}

class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]
    operations = [${operations}]
`;
  const texts = new Map([
    [FILE, text],
    ['shop/migrations/names.py', 'SQL = "CREATE INDEX a ON t (b)"\n'],
  ]);
  const workspace = await openExample(texts, rule);
  const findings = workspace.check(FILE);
  assert(findings.length > 0, `${rule.name} says nothing about ${operations}`);
  const [fix] = findings.flatMap((finding) => finding.fixes());
  return fix && applyFix(texts, fix);
}

/** What becomes of the operations, or of the lines before the class where `head` is given. */
async function checkFixed(rule: Rule, operations: string, expected: string, head?: readonly [string, string]) {
  const after = (await fixed(rule, operations, head?.[0]))?.get(FILE) ?? '';
  assert.equal(/ {4}operations = \[(.*)\]\n$/s.exec(after)?.[1], expected);
  if (head !== undefined) assert.equal(/migrations\n(.*)\n\nclass/s.exec(after)?.[1], head[1]);
}

async function checkRefused(rule: Rule, operations: string, head?: string): Promise<void> {
  assert.equal(await fixed(rule, operations, head), undefined, operations);
}

describe('fixes inside SQL strings', () => {
  const index = (sql: string) => `migrations.RunSQL(${sql}, migrations.RunSQL.noop)`;

  it('keep prefix, quotes, escapes and case', async () => {
    for (const [before, after] of [
      [`'CREATE INDEX "é\\'" ON t (b)'`, `'CREATE INDEX CONCURRENTLY "é\\'" ON t (b)'`],
      [`r"CREATE INDEX a ON t (b) WHERE c ~ '\\d'"`, `r"CREATE INDEX CONCURRENTLY a ON t (b) WHERE c ~ '\\d'"`],
      [`u'''create unique index\n a on t (b)'''`, `u'''create unique index concurrently\n a on t (b)'''`],
      [`"CREATE /* \\u2192 */ " "IN" "DEX a ON t (b)"`, `"CREATE /* \\u2192 */ " "IN" "DEX CONCURRENTLY a ON t (b)"`],
      [`f"CREATE INDEX a ON {'t'} (b)"`, `f"CREATE INDEX CONCURRENTLY a ON {'t'} (b)"`],
      [`["CREATE INDEX a ON t (b)"]`, `["CREATE INDEX CONCURRENTLY a ON t (b)"]`],
      [`[("CREATE INDEX a ON t ((b %% 2))", [])]`, `[("CREATE INDEX CONCURRENTLY a ON t ((b %% 2))", [])]`],
    ] as const) {
      await checkFixed(blockingIndex, index(before), index(after));
    }
  });

  it('refresh no view concurrently that has never been filled', async () => {
    for (const [end, count] of [
      [' WITH NO DATA', 0],
      ['', 1],
    ] as const) {
      const created = `"CREATE MATERIALIZED VIEW v AS SELECT 1 AS a${end}; CREATE UNIQUE INDEX i ON v (a)"`;
      const migration = (operation: string, dependencies: string) =>
        `from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [${dependencies}]\n    operations = [${operation}]\n`;
      const texts = new Map([
        ['shop/migrations/0001_initial.py', migration(index(created), '')],
        [FILE, migration(index('"REFRESH MATERIALIZED VIEW v"'), '("shop", "0001_initial")')],
      ]);
      const findings = (await openExample(texts, blockingRefresh)).check(FILE);
      assert.equal(findings.length, 1);
      assert.equal(findings.flatMap((finding) => finding.fixes()).length, count, end);
    }
  });

  it('edit a constant that is used here alone', async () => {
    const head = ['SQL = "CREATE INDEX a ON t (b)"\n', 'SQL = "CREATE INDEX CONCURRENTLY a ON t (b)"\n'] as const;
    await checkFixed(blockingIndex, index('SQL'), index('SQL'), head);
  });

  it('are refused where an edit would change something else', async () => {
    await checkRefused(blockingIndex, `migrations.RunSQL(SQL, SQL)`, 'SQL = "CREATE INDEX a ON t (b)"\n');
    await checkRefused(blockingIndex, index('SQL'), 'from .names import SQL\n');
    await checkRefused(blockingIndex, index('f"CREATE {KIND} a ON t (b)"'), 'KIND = "INDEX"\n');
    const loop = '*[migrations.RunSQL(f"CREATE INDEX {n} ON t (b)", migrations.RunSQL.noop) for n in ("x", "y")]';
    await checkRefused(blockingIndex, loop);
  });

  it('write what the literal needs', async () => {
    const check = (sql: string) => `migrations.RunSQL(${sql}, migrations.RunSQL.noop)`;
    // What has no name gets the one that PostgreSQL gives it: the next migration has to name it.
    await checkFixed(
      validatingCheck,
      check(`'ALTER TABLE "T" ADD CHECK (b > 0)'`),
      check(`'ALTER TABLE "T" ADD CONSTRAINT "T_b_check" CHECK (b > 0) NOT VALID'`),
    );
    await checkFixed(
      validatingCheck,
      check(`"ALTER TABLE \\"T\\" ADD CHECK (b > 0)"`),
      check(`"ALTER TABLE \\"T\\" ADD CONSTRAINT \\"T_b_check\\" CHECK (b > 0) NOT VALID"`),
    );
    await checkRefused(validatingCheck, check(`r"ALTER TABLE U&'d' ADD CHECK (b > 0)"`).replace("U&'d'", 'Ünit'));
    await checkFixed(
      validatingCheck,
      check(`"ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0), ADD COLUMN d int"`),
      check(`"ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID, ADD COLUMN d int"`),
    );
  });

  it('split a string without touching its text', async () => {
    const pair = 'DROP INDEX CONCURRENTLY a;';
    for (const [before, after] of [
      [`"${pair} ${pair}"`, `["${pair}", "${pair}"]`],
      [`["${pair}${pair}", "x"]`, `["${pair}", "${pair}", "x"]`],
      [`("${pair} "\n "${pair}")`, `["${pair} ",\n "${pair}"]`],
      [`r'''\n  ${pair} -- b\n\n ${pair}\n'''`, `[r'''\n  ${pair} -- b''',\n    r'''\n\n ${pair}\n''']`],
    ] as const) {
      await checkFixed(concurrentInMultiStatement, index(before), index(after));
    }
    await checkRefused(concurrentInMultiStatement, index(`[("${pair} DELETE FROM t WHERE a = %s", [1])]`));
    await checkRefused(concurrentInMultiStatement, index(`"${pair}" + X`), `X = "${pair}"\n`);
  });
});

describe('binding parameters', () => {
  const body = (statement: string) =>
    `import random\n\ndef f(apps, schema_editor):\n    x = random.choice(["a"])\n    y = x\n    ${statement}\n`;
  const operation = 'migrations.RunPython(f, migrations.RunPython.noop)';
  const check = (before: string, after: string) =>
    checkFixed(sqlStringInterpolation, operation, operation, [body(before), body(after)]);

  it('takes values out of the text', async () => {
    await check(
      `schema_editor.execute(f"UPDATE t SET a = '{x}' WHERE b > {x}")`,
      `schema_editor.execute("UPDATE t SET a = %s WHERE b > %s", [x, x])`,
    );
    await check(
      `schema_editor.execute("DELETE FROM t WHERE a = %s AND b = '%s'" % (x, x))`,
      `schema_editor.execute("DELETE FROM t WHERE a = %s AND b = %s", (x, x))`,
    );
  });

  it('takes the arguments of format', async () => {
    await check(
      `schema_editor.execute("DELETE FROM t WHERE a = '{}' AND b = {}".format(x, y))`,
      `schema_editor.execute("DELETE FROM t WHERE a = %s AND b = %s", [x, y])`,
    );
    for (const sql of [
      `"DELETE FROM t WHERE a = '{0}'".format(x)`,
      `"DELETE FROM {} WHERE a = {}".format(x, x)`,
      `"DELETE FROM t WHERE a LIKE '%' OR b = {}".format(x)`,
      `("DELETE FROM t WHERE a = {}".format(x))`,
    ]) {
      await checkRefused(sqlStringInterpolation, operation, body(`schema_editor.execute(${sql})`));
    }
  });

  it('is refused for names, parts of strings and statements that take none', async () => {
    for (const sql of [
      `f"UPDATE {x} SET a = 1"`,
      `f"DELETE FROM t WHERE a = '%{x}%'"`,
      `f"ALTER TABLE t ALTER a SET DEFAULT '{x}'"`,
      `f"DELETE FROM t WHERE a = {x!r}"`,
      `"DELETE FROM %s WHERE a = %s" % (x, x)`,
    ]) {
      await checkRefused(sqlStringInterpolation, operation, body(`schema_editor.execute(${sql})`));
    }
  });
});
