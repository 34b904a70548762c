import assert from 'node:assert/strict';
import { rules } from '../../../server/src/rules/registry.ts';
import type { Migration, WayBack } from '../../../server/src/schema/migration.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { printChange } from '../django/print-change.ts';
import { revisionText } from './check-revision.ts';

const file = 'alembic/versions/aaaa_now.py';

async function wayBackOf(text: string): Promise<{ readonly migration: Migration; readonly back: WayBack }> {
  const { workspace } = await openTexts(new Map([[file, text]]), rules);
  const migration = workspace.projectOf(file).migration('aaaa')?.migration;
  const back = migration?.backward?.();
  assert.ok(migration && back, 'the text holds no revision');
  return { migration, back };
}

function printed(back: WayBack, text: string): readonly string[] {
  return back.changes.map((change) => printChange(change, text).replace(' [reverse written]', ''));
}

describe('the way back of a revision', () => {
  it('is what downgrade() does to the schema behind the revision', async () => {
    const text = revisionText(
      'aaaa',
      undefined,
      'op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))\nop.create_index("ix", "users", ["id"])',
      'op.drop_index("ix")\nop.drop_table("users")',
    );
    const { back, migration } = await wayBackOf(text);
    assert.deepEqual(printed(back, text), ['DropIndex users.ix @ op.drop_index', 'DropTable users @ op.drop_table']);
    assert.deepEqual([...back.after.tables.keys()], []);
    assert.equal(back.understood, true);
    assert.deepEqual(
      back.functions.map(({ name, at, does, takesBack }) => [name, text.slice(at.start, at.end), does, takesBack]),
      [['downgrade', 'downgrade', 'something', migration.forward]],
    );
  });

  it('is found out once', async () => {
    const { migration, back } = await wayBackOf(revisionText('aaaa', undefined, 'pass'));
    assert.equal(migration.backward?.(), back);
  });

  const deeds: readonly (readonly [string, string])[] = [
    ['pass', 'nothing'],
    ['"""There is no way back."""', 'nothing'],
    ['...', 'nothing'],
    ['return', 'nothing'],
    ['raise NotImplementedError', 'raises'],
    ['refuse()', 'raises'],
    ['if op.get_bind():\n    raise NotImplementedError', 'something'],
    ['print("back")', 'something'],
  ];
  for (const [body, does] of deeds) {
    it(`${JSON.stringify(body)}: ${does}`, async () => {
      const refuse = 'def refuse():\n    raise RuntimeError("no")\n';
      const { back } = await wayBackOf(`${revisionText('aaaa', undefined, 'pass', body)}\n\n${refuse}`);
      assert.deepEqual(
        back.functions.map((each) => each.does),
        [does],
      );
    });
  }

  it('is missing, or made elsewhere', async () => {
    const upgrade = 'revision = "aaaa"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n';
    const missing = await wayBackOf(upgrade);
    assert.deepEqual([missing.back.isMissing, missing.back.functions], [true, []]);
    const imported = await wayBackOf(`from shared import downgrade\n${upgrade}`);
    assert.deepEqual([imported.back.isMissing, imported.back.functions], [false, []]);
  });

  it('is told apart by database', async () => {
    const one = (engine: string, body: string): string => `def ${engine}():\n    ${body}\n\n\n`;
    const { back } = await wayBackOf(
      `from alembic import op\n\nrevision = "aaaa"\ndown_revision = None\n\n\n${one('upgrade_users', 'op.drop_table("a")')}${one('downgrade_users', 'pass')}${one('upgrade_orders', 'op.drop_table("b")')}${one('downgrade_orders', 'raise RuntimeError')}`,
    );
    assert.deepEqual(
      back.functions.map(({ name, does, takesBack }) => [name, does, takesBack.map(({ kind }) => kind)]),
      [
        ['downgrade_users', 'nothing', ['DropTable']],
        ['downgrade_orders', 'raises', ['DropTable']],
      ],
    );
  });

  const sights: readonly (readonly [string, boolean])[] = [
    ['op.drop_column("users", sa.Column("a", types.Money()).name)', true],
    ['session = sa.orm.Session(bind=op.get_bind())\nsession.commit()', true],
    ['sa.inspect(op.get_bind()).get_table_names()', true],
    ['drop_everything(op)', false],
    ['sa.MetaData().drop_all(op.get_bind())', false],
  ];
  for (const [body, understood] of sights) {
    it(`${understood ? 'stays in sight' : 'leads out of sight'}: ${JSON.stringify(body)}`, async () => {
      const text = revisionText('aaaa', undefined, 'pass', body);
      const { back } = await wayBackOf(`from app import types\nfrom app.tools import drop_everything\n${text}`);
      assert.equal(back.understood, understood);
    });
  }

  it('creates and drops the types of enums', async () => {
    const upgrade = `
status = postgresql.ENUM("a", "b", name="status", schema="app")
status.create(op.get_bind())
sa.Enum("x", name="kind").create(op.get_bind(), checkfirst=True)
op.create_table("users", sa.Column("mood", sa.Enum("c", name="mood")), sa.Column("other", sa.ARRAY(sa.Enum("c", name="mood"))))
op.create_table("orders", sa.Column("mood", sa.Enum("c", name="mood")))
`;
    const text = revisionText('aaaa', undefined, upgrade, 'sa.Enum(name="kind").drop(op.get_bind())');
    const { back, migration } = await wayBackOf(text);
    const types = migration.forward.flatMap((each) =>
      each.kind === 'AlterEnum' ? [[each.type, each.ifNotExists]] : [],
    );
    assert.deepEqual(types, [
      ['app.status', true],
      ['kind', true],
      ['mood', false],
    ]);
    assert.deepEqual(
      [...(back.after.enumTypes ?? [])].map(([name]) => name),
      ['app.status', 'mood'],
    );
  });
});
