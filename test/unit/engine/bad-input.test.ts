import assert from 'node:assert/strict';
import type { CheckedWorkspace } from '../../../server/src/engine/checked-workspace.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import { applyFix, openTexts } from '../../support/rule-examples.ts';

type Texts = Readonly<Record<string, string>>;

const folder = 'shop/migrations';

function migration(dependencies: string, operations: readonly string[], head = ''): string {
  return `from django.db import migrations, models
from shop.fields import MoneyField


class Migration(migrations.Migration):
${head}    dependencies = [${dependencies}]

    operations = [
${operations.map((operation) => `        ${operation},\n`).join('')}    ]
`;
}

const order =
  'migrations.CreateModel("Order", [("id", models.BigAutoField(primary_key=True)), ("price", MoneyField())])';
const number = 'migrations.AddField("order", "number", models.IntegerField())';
const initial = migration('', [order]);

function open(texts: Texts): Promise<CheckedWorkspace> {
  const settings =
    'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": "lock_timeout=1"}}\n';
  return openTexts(new Map([['manage.py', ''], ['config/settings.py', settings], ...Object.entries(texts)]), rules);
}

/** What is said of a file, and what its fixes are called. */
async function said(texts: Texts, file: string) {
  const findings = (await open(texts)).check(`${folder}/${file}`);
  return findings.map(({ rule, message, fixes }) => ({
    rule: rule.name,
    message,
    fixes: fixes().map(({ title }) => title),
  }));
}

describe('bad input', () => {
  it('a parent is missing: that is said, and the rest is judged with what is known', async () => {
    const found = await said(
      { [`${folder}/0003_number.py`]: migration('("shop", "0002_gone")', [number]) },
      '0003_number.py',
    );
    assert.deepEqual(found, [
      {
        rule: 'unknown-parent',
        message: '"shop" has no migration 0002_gone: Django refuses to migrate.',
        fixes: [],
      },
      {
        rule: 'not-null-without-default',
        message: '"number" is NOT NULL and has no default: adding it fails as soon as "shop_order" has a row.',
        fixes: ['Add "number" nullable and fill it in batches; set NOT NULL in a later release'],
      },
    ]);
  });

  const squashed = {
    [`${folder}/0001_initial.py`]: initial,
    [`${folder}/0002_number.py`]: migration('("shop", "0001_initial")', [number]),
    [`${folder}/0001_squashed_0002_number.py`]: migration(
      '',
      [order, number],
      '    replaces = [("shop", "0001_initial"), ("shop", "0002_number")]\n',
    ),
    [`${folder}/0003_note.py`]: migration('("shop", "0002_number")', []),
  };

  it('a squash stands for the migration: no fix takes work out of it that the squash goes on doing', async () => {
    const found = await said(squashed, '0002_number.py');
    assert.deepEqual(
      found.map(({ rule, fixes }) => [rule, fixes]),
      [['not-null-without-default', []]],
    );
  });

  it('the history was squashed: what comes after the squash is fixed behind it', async () => {
    const file = `${folder}/0004_total.py`;
    const texts = {
      ...squashed,
      [file]: migration('("shop", "0003_note")', ['migrations.AddField("order", "total", models.IntegerField())']),
    };
    const [finding] = (await open(texts)).check(file);
    const [fix] = finding?.fixes() ?? [];
    assert(fix !== undefined);
    const after = await open(Object.fromEntries(applyFix(new Map(Object.entries(texts)), fix)));
    const rulesThatSpeak = after.migrationFiles().flatMap((each) => after.check(each).map(({ rule }) => rule.name));
    assert.deepEqual(rulesThatSpeak, ['not-null-without-default']);
  });

  it('the field class is unknown: nothing is concluded from its type, and no fix writes it anew by guessing', async () => {
    const change = [
      'migrations.AlterField("order", "price", MoneyField(currency="EUR"))',
      'migrations.AddField("order", "total", MoneyField(null=True))',
      'migrations.AlterField("order", "total", MoneyField(null=True, verbose_name="total"))',
    ];
    const texts = {
      [`${folder}/0001_initial.py`]: initial,
      [`${folder}/0002_total.py`]: migration('("shop", "0001_initial")', change),
    };
    assert.deepEqual(await said(texts, '0002_total.py'), []);
  });

  it('the app has two leaves: that is said once, no later step is offered, and fixes stay on their branch', async () => {
    const removal = 'migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("order", "price")])';
    const texts = {
      [`${folder}/0001_initial.py`]: initial,
      [`${folder}/0002_number.py`]: migration('("shop", "0001_initial")', [number]),
      [`${folder}/0002_price.py`]: migration('("shop", "0001_initial")', [removal]),
    };
    const workspace = await open(texts);
    const leaves = workspace.migrationFiles().flatMap((file) => workspace.check(file).map(({ rule }) => rule.name));
    assert.deepEqual(leaves.filter((rule) => rule === 'multiple-leaves').length, 1);
    const [owed] = workspace.offers(`${folder}/0002_price.py`);
    assert.match(owed?.owed ?? '', /^The column "price" of "shop_order" has left the state/);
    assert.deepEqual(owed?.fixes(), []);
    const [fix] = workspace.check(`${folder}/0002_number.py`).flatMap((finding) => finding.fixes());
    assert(fix !== undefined);
    const created = fix.edits.flatMap((edit) => (edit.kind === 'create' ? [edit] : []));
    assert.deepEqual(
      created.map(({ file }) => file),
      [`${folder}/0003_fill_order_number.py`],
    );
    assert.match(created[0]?.text ?? '', /dependencies = \[\s+\("shop", "0002_number"\),\s+\]/);
  });
});
