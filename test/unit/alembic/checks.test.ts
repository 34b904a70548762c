import assert from 'node:assert/strict';
import { rules } from '../../../server/src/rules/registry.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { findingsIn, revisionText } from './check-revision.ts';

/** The checks that there are after a revision, by name with the columns that they are bound to. */
async function checksAfter(upgrade: string, settings = ''): Promise<readonly string[]> {
  const file = 'db/versions/a.py';
  const texts = new Map([
    [file, revisionText('aaaa', undefined, upgrade)],
    ['pyproject.toml', `[tool.stepwise]\n${settings}\n`],
  ]);
  const { workspace } = await openTexts(texts, rules);
  const items = workspace.projectOf(file).migration('aaaa')?.after.tables.get('items');
  assert.ok(items, 'there is no table');
  return [...items.constraints.values()].flatMap(({ kind, name, columns, provesNotNull }) =>
    kind === 'check'
      ? [`${name}: ${columns.join(', ')}${provesNotNull === undefined ? '' : ` (${provesNotNull} not null)`}`]
      : [],
  );
}

const columns = `sa.Column("a", sa.Integer()),
    sa.Column("b", sa.Integer()),
    sa.Column("length", sa.Integer()),
    sa.Column("Big", sa.Integer()),`;

function tableWith(...checks: readonly string[]): string {
  return `op.create_table(\n    "items",\n    ${columns}\n    ${checks.join(',\n    ')},\n)`;
}

describe('the columns of a check', () => {
  const conditions: readonly (readonly [condition: string, columns: string])[] = [
    ['"a > 0"', 'a'],
    ['sa.text("a > 0")', 'a'],
    ['"A > b"', 'a, b'],
    [`'"Big" > 0'`, 'Big'],
    [`"length('b') > 0 AND a::text <> 'b'"`, 'a'],
    [`"1 > 0 -- not a"`, ''],
    ['"a IS NOT NULL"', 'a (a not null)'],
    ['sa.column("a").is_not(None)', 'a (a not null)'],
    ['sa.column("a") > 0', 'a'],
    ['sa.column("a").in_([1, 2])', 'a'],
    ['0 < sa.column("a")', 'a'],
    ['~(sa.column("a") == sa.literal("b"))', 'a'],
    ['(sa.column("a") > 0) & (sa.column("b") > 0)', 'a, b'],
    ['sa.and_(sa.column("a") + sa.column("b") > 0, sa.text("length > 0"))', 'a, b, length'],
    ['sa.func.length(sa.column("a")) > 0', 'a'],
    ['sa.table("items", sa.column("b")).c.a > 0', 'a'],
    ['sa.table("items", sa.column("b")).c["a"] > 0', 'a'],
    ['sa.column("a") > sa.func.now()', 'a'],
    ['made_elsewhere()', ''],
    ['sa.and_(sa.column("a") > 0, made_elsewhere())', ''],
    ['sa.column(name_of_it) > sa.column("a")', ''],
  ];
  for (const [condition, expected] of conditions) {
    it(`are those that it reads: ${condition}`, async () => {
      const inTable = tableWith(`sa.CheckConstraint(${condition}, name="positive")`);
      assert.deepEqual(await checksAfter(inTable), [`positive: ${expected}`]);
      const apart = `${tableWith('').replace(
        /\n\s+,\n/,
        '\n',
      )}\nop.create_check_constraint("positive", "items", ${condition})`;
      assert.deepEqual(await checksAfter(apart), [`positive: ${expected}`]);
    });
  }

  it('are told by a keyword too', async () => {
    const upgrade = tableWith('sa.CheckConstraint(sqltext="a > 0", name="positive")');
    assert.deepEqual(await checksAfter(upgrade), ['positive: a']);
  });

  it('are several where the check of one column reads others', async () => {
    const upgrade = tableWith(
      'sa.Column("c", sa.Integer(), sa.CheckConstraint("c > a", name="more"))',
      'sa.Column("d", sa.Integer(), sa.CheckConstraint(unknown, name="of_d"))',
    );
    const added = 'op.add_column("items", sa.Column("e", sa.Integer(), sa.CheckConstraint("e > b", name="most")))';
    const batch = `with op.batch_alter_table("items") as batch_op:
    batch_op.add_column(sa.Column("f", sa.Integer(), sa.CheckConstraint(sa.column("f") > 0, name="last")))
    batch_op.create_check_constraint("least", sa.column("a") < sa.column("b"))`;
    assert.deepEqual(await checksAfter(`${upgrade}\n${added}\n${batch}`), [
      'more: a, c',
      'of_d: d',
      'most: b, e',
      'last: f',
      'least: a, b',
    ]);
  });

  it('make the name that PostgreSQL gives it', async () => {
    const upgrade = tableWith(
      'sa.CheckConstraint("a > 0")',
      'sa.CheckConstraint("a < 9")',
      'sa.CheckConstraint("a < b")',
    );
    assert.deepEqual(await checksAfter(upgrade), ['items_a_check: a', 'items_a_check1: a', 'items_check: a, b']);
  });

  it('count in any case but on PostgreSQL', async () => {
    const upgrade = tableWith('sa.CheckConstraint("BIG > `A`", name="more")');
    assert.deepEqual(await checksAfter(upgrade, 'database = "mysql"'), ['more: a, Big']);
  });
});

describe('a check in a table', () => {
  const table = revisionText(
    'aaaa',
    undefined,
    `
op.create_table(
    "items",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("qty", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
    sa.Column("code", sa.Integer()),
    sa.CheckConstraint("qty > 0", name=op.f("ck_items_qty_positive")),
)
`,
    'op.drop_table("items")',
  );

  async function toldOf(upgrade: string, downgrade: string): Promise<readonly string[]> {
    const texts = new Map([
      ['db/versions/a.py', table],
      ['db/versions/b.py', revisionText('bbbb', 'aaaa', upgrade, downgrade)],
    ]);
    const found = await findingsIn(texts);
    return found.flatMap((each) => /^db\/versions\/b\.py (?!missing-lock-timeout)([\w-]+):/.exec(each)?.[1] ?? []);
  }

  const added =
    'op.add_column("items", sa.Column("qty", sa.SmallInteger(), server_default=sa.text("1"), nullable=False))';
  const checked = 'op.create_check_constraint(op.f("ck_items_qty_positive"), "items", "qty > 0")';

  it('goes with its column, and is made again on the way back', async () => {
    const told = await toldOf('op.drop_column("items", "qty")', `${added}\n${checked}`);
    assert.deepEqual(told, ['drop-column']);
  });

  it('is made again by the downgrade that is written', async () => {
    const file = 'db/versions/b.py';
    const texts = new Map([
      ['db/versions/a.py', table],
      [file, revisionText('bbbb', 'aaaa', 'op.drop_column("items", "qty")')],
    ]);
    const checked = await openTexts(texts, rules);
    const [fix] = checked
      .check(file)
      .filter(({ rule }) => rule.name === 'irreversible-downgrade')
      .flatMap((finding) => finding.fixes());
    assert.ok(fix, 'there is no fix');
    const written = JSON.stringify(fix.edits.map((edit) => ('edits' in edit ? edit.edits : [])));
    assert.match(written, /create_check_constraint\(.*ck_items_qty_positive.*qty > 0/);
  });

  it('does not depend on the other columns', async () => {
    const typed = (type: string, was: string): string =>
      `op.alter_column("items", "code", existing_type=${was}, type_=${type})`;
    const texts = new Map([
      ['db/versions/a.py', table],
      [
        'db/versions/b.py',
        revisionText(
          'bbbb',
          'aaaa',
          typed('sa.BigInteger()', 'sa.Integer()'),
          typed('sa.Integer()', 'sa.BigInteger()'),
        ),
      ],
    ]);
    const checked = await openTexts(texts, rules);
    const findings = checked.check('db/versions/b.py').filter(({ rule }) => rule.name === 'rewriting-type-change');
    assert.deepEqual(
      findings.map((finding) => [finding.refusals(), finding.fixes().length > 0]),
      [[[], true]],
    );
  });
});
