import assert from 'node:assert/strict';
import { directModelImport } from '../../../server/src/rules/direct-model-import.ts';
import { irreversibleRunPython } from '../../../server/src/rules/irreversible-run-python.ts';
import type { Rule } from '../../../server/src/rules/rule.ts';
import { unbatchedDataMigration } from '../../../server/src/rules/unbatched-data-migration.ts';
import { openExample } from '../../support/rule-examples.ts';

const FILE = 'shop/migrations/0002_now.py';

const initial = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField(null=True))],
        ),
    ]
`;

interface Given {
  readonly rule: Rule;
  /** The body of `forwards`. */
  readonly body: string;
  readonly head?: string;
  readonly operations?: string;
  readonly models?: string;
}

/** `safe noop`, `review Write the reverse …`: what is offered, with the beginning of its title. */
async function offered({ rule, body, head, operations, models }: Given): Promise<readonly string[]> {
  const text = `from django.db import migrations
from django.db import models as fields
${head ?? ''}

def forwards(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
${body.replaceAll(/^/gm, '    ')}


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        ${operations ?? ''}
        migrations.RunPython(forwards${rule === irreversibleRunPython ? '' : ', migrations.RunPython.noop'}),
    ]
`;
  const texts = new Map([
    ['shop/migrations/0001_initial.py', initial],
    ...(models === undefined ? [] : ([['shop/models.py', models]] as const)),
    [FILE, text],
  ]);
  const workspace = await openExample(texts, rule);
  const findings = workspace.check(FILE).filter((finding) => finding.rule.name === rule.name);
  return findings.flatMap((finding) => finding.fixes().map(({ safety, title }) => `${safety} ${title}`));
}

async function checkOffered(given: Given, ...expected: readonly string[]): Promise<void> {
  const titles = await offered(given);
  assert.equal(titles.length, expected.length, titles.join(' | '));
  for (const [index, beginning] of expected.entries())
    assert.ok(titles[index]?.startsWith(beginning), titles.join(' | '));
}

describe('reverse_code', () => {
  const rule = irreversibleRunPython;
  const noop = 'Allow migrating back';
  const raise = 'Write a reverse function that says why';

  it('is a noop, safely, where nothing that was there is written and nothing is added twice', async () => {
    await checkOffered({ rule, body: 'print(Order.objects.count())' }, `safe ${noop}`);
    await checkOffered({ rule, body: 'Order.objects.get_or_create(total=Order.objects.count())' }, `safe ${noop}`);
  });

  it('is a noop for review where migrating forward again adds rows again', async () => {
    await checkOffered({ rule, body: 'Order.objects.create(total=Order.objects.count())' }, `review ${noop}`);
    await checkOffered(
      { rule, body: 'Order.objects.create(total=1, pk="a")' },
      'review Write the reverse function "reverse_forwards"',
      `review ${noop}`,
    );
  });

  it('is a noop for review where what was filled goes with the migration', async () => {
    const operations = 'migrations.AddField("order", "net", fields.IntegerField(null=True)),';
    await checkOffered({ rule, body: 'Order.objects.update(net=1)', operations }, `review ${noop}`);
    await checkOffered({ rule, body: 'Order.objects.update(net=1, total=2)', operations }, `review ${raise}`);
  });

  it('raises where it cannot be told what was done', async () => {
    await checkOffered({ rule, head: 'from lib import work', body: 'work(Order)' }, `review ${raise}`);
    await checkOffered({ rule, body: 'schema_editor.execute("DELETE FROM shop_order")' }, `review ${raise}`);
  });

  it('is not derived from code with conditions, early returns or helpers', async () => {
    const exchange = 'Order.objects.filter(total=1).update(total=2)';
    await checkOffered({ rule, body: exchange }, 'review Write the reverse function');
    await checkOffered({ rule, body: `if Order.objects.exists():\n    ${exchange}` }, `review ${raise}`);
    await checkOffered({ rule, body: `if not Order.objects.exists():\n    return\n${exchange}` }, `review ${raise}`);
    await checkOffered({ rule, body: `def inner():\n    ${exchange}\ninner()` }, `review ${raise}`);
    await checkOffered({ rule, body: 'Order.objects.filter(total=1).update(total=len(str(1)))' }, `review ${raise}`);
    await checkOffered({ rule, body: 'Order.objects.filter(total__gt=1).update(total=2)' }, `review ${raise}`);
  });
});

describe('the historical model', () => {
  const rule = directModelImport;
  const head = 'from shop.models import Order as Live';
  const title = 'Take "Order" from the historical models';
  const plain = 'from django.db import models\nclass Order(models.Model):\n    total = models.IntegerField()\n';

  it('is safe for a plain class', async () => {
    await checkOffered(
      { rule, head, body: 'Live.objects.filter(total=0).update(total=1)', models: plain },
      `safe ${title}`,
    );
  });

  it('is for review where the class writes in its own way, or is not at hand', async () => {
    const body = 'Live.objects.filter(total=0).update(total=1)';
    await checkOffered({ rule, head, body }, `review ${title}`);
    const manager = `${plain}    objects = OrderManager()\n`;
    await checkOffered({ rule, head, body, models: manager }, `review ${title}`);
    const save = `${plain}    def save(self, **kwargs):\n        super().save(**kwargs)\n`;
    await checkOffered({ rule, head, body, models: save }, `review ${title}`);
    const base = plain.replace('models.Model', 'Base');
    await checkOffered({ rule, head, body, models: base }, `review ${title}`);
  });

  it('is refused where the function needs what only the live class has', async () => {
    await checkOffered({ rule, head, body: 'Live.objects.unpaid().delete()', models: plain });
    await checkOffered({ rule, head, body: 'Live.recalculate()' });
    const method = `${plain}    def pay(self):\n        pass\n`;
    await checkOffered({ rule, head, body: 'Live.objects.get(pk=1).pay()', models: method });
  });
});

describe('writing in batches', () => {
  const rule = unbatchedDataMigration;
  const batches = 'review Write the rows in batches of 1000';
  const loop = (...lines: readonly string[]): string =>
    ['for order in Order.objects.all():', ...lines.map((line) => `    ${line}`)].join('\n');

  it('knows the fields from assignments, changes in place or update_fields', async () => {
    await checkOffered({ rule, body: loop('order.total = 1 + order.pk', 'order.save()') }, batches);
    await checkOffered({ rule, body: loop('order.data["a"] = order.pk', 'order.save()') }, batches);
    await checkOffered({ rule, body: loop('fill(order)', 'order.save(update_fields=["total"])') }, batches);
  });

  it('is refused where it cannot be told what is saved, or when', async () => {
    for (const body of [
      loop('fill(order)', 'order.save()'),
      loop('order.save()'),
      loop('order.total = order.pk', 'if order.total == 3:', '    return', 'order.save()'),
      loop('order.total = order.pk', 'order.save()', 'order.save()'),
      loop('order.total = order.pk', 'order.tags.clear()', 'order.save()'),
      'orders = list(Order.objects.all())\nfor order in orders:\n    order.total = order.pk\n    order.save()',
      'count = Order.objects.update(total=fields.F("pk"))',
    ]) {
      await checkOffered({ rule, body });
    }
  });
});
