import assert from 'node:assert/strict';
import type { RunCode, WriteRows } from '../../../server/src/schema/change.ts';
import { changesOf } from '../../../server/src/schema/change.ts';
import { type Around, lowerFiles } from './lower-files.ts';

const models = `
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(primary_key=True)),
                ('paid', models.BooleanField()),
                ('total', models.IntegerField()),
                ('buyer', models.ForeignKey('shop.Customer', models.CASCADE)),
            ],
        ),
        migrations.CreateModel(name='Customer', fields=[('id', models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name='Line', fields=[('id', models.BigAutoField(primary_key=True))], options={'db_table': 'lines'},
        ),
    ]
`;

interface Read {
  readonly code: RunCode;
  readonly writes: readonly WriteRows[];
  readonly text: string;
}

/** What is read of a migration file (`operation` runs in it) beside the modules given. */
async function read(
  module: string,
  operation = 'migrations.RunPython(forwards)',
  others: Readonly<Record<string, string>> = {},
  around: Around = {},
): Promise<Read> {
  const text = `from django.db import migrations\n${module}\n\nclass Migration(migrations.Migration):\n    operations = [${operation}]\n`;
  const file = 'shop/migrations/0002_now.py';
  const files = new Map([['shop/migrations/0001_initial.py', models], ...Object.entries(others), [file, text]]);
  const lowered = (await lowerFiles(files, around)).at(-1);
  assert.ok(lowered?.source.file === file);
  const [code] = changesOf(lowered.migration.forward, 'RunCode');
  assert.ok(code);
  return { code, writes: [...changesOf(lowered.migration.forward, 'WriteRows')], text };
}

function print(write: WriteRows, text: string): string {
  const columns = write.assignments.map(({ column, value }) => `${column}=${value}`).join(' ');
  return [
    `${write.operation} ${write.rows} ${write.table?.name ?? `?${write.label}`}`,
    columns,
    write.method === 'set' ? '' : write.method,
    write.batched ? 'batched' : '',
    write.guarded ? 'guarded' : '',
    write.certainty === 'conditional' ? 'conditional' : '',
    `@ ${text.slice(write.at.start, write.at.end)}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const head = `
def forwards(apps, schema_editor):
    Order = apps.get_model('shop', 'Order')
`;

/** The writes of a function whose body begins with getting `Order`. */
async function checkWrites(body: string, ...expected: readonly string[]): Promise<void> {
  const lines = body.trim().split('\n');
  const indented = lines.map((line) => `    ${line}`).join('\n');
  const found = await read(
    `import os\nfrom django.conf import settings\nfrom django.db import models\n${head}${indented}`,
  );
  assert.deepEqual(
    found.writes.map((write) => print(write, found.text)),
    expected,
  );
}

describe('reading a data function', () => {
  describe('which rows', () => {
    it('all of them', async () => {
      const all = 'Order.objects.all().delete()';
      await checkWrites(all, `delete all shop_order @ ${all}`);
      for (const rows of [
        'Order.objects.filter()',
        "Order.objects.using('default').all()",
        'Order._base_manager.all()',
        "Order.objects.order_by('pk').select_related('buyer')",
        'Order.objects.filter(pk__isnull=False)',
      ]) {
        await checkWrites(`${rows}.delete()`, `delete all shop_order @ ${rows}.delete()`);
      }
    });

    it('some of them', async () => {
      for (const rows of [
        'Order.objects.filter(total=0)',
        'Order.objects.exclude(total=0)',
        'Order.objects.all()[:10]',
        'Order.objects.get(pk=1)',
        'Order.objects.filter(models.Q(total=1) | models.Q(total=2))',
        'Order.objects.first()',
      ]) {
        const method = /get|first/.test(rows) ? ' each' : '';
        await checkWrites(`${rows}.delete()`, `delete filtered shop_order${method} @ ${rows}.delete()`);
      }
    });

    it('through variables, managers and other ways to name a model', async () => {
      const manager = 'manager = Order.objects\nrows = manager.all()\nrows = rows.order_by("pk")\nrows.delete()';
      await checkWrites(manager, 'delete all shop_order @ rows.delete()');
      await checkWrites(
        "apps.get_model('shop.Line').objects.all()._raw_delete('default')",
        "delete all lines @ apps.get_model('shop.Line').objects.all()._raw_delete",
      );
      const keywords = "X = apps.get_model(model_name='Customer', app_label='shop')\nX.objects.all().delete()";
      await checkWrites(keywords, 'delete all shop_customer @ X.objects.all().delete()');
      const user = 'User = apps.get_model(settings.AUTH_USER_MODEL)\nUser.objects.all().delete()';
      await checkWrites(user, 'delete all auth_user @ User.objects.all().delete()');
      const split = "User = apps.get_model(*settings.AUTH_USER_MODEL.split('.'))\nUser.objects.all().delete()";
      await checkWrites(split, 'delete all auth_user @ User.objects.all().delete()');
    });

    it('of models that cannot be told', async () => {
      await checkWrites(
        'for model in apps.get_models():\n    model.objects.all().delete()',
        'delete all ?model @ model.objects.all().delete()',
      );
      await checkWrites(
        'Any = apps.get_model(find_app(), find_model())\nAny.objects.all().delete()',
        'delete all ?Any @ Any.objects.all().delete()',
      );
      await checkWrites(
        "apps.get_app_config('shop').get_model('order').objects.all().delete()",
        "delete all shop_order @ apps.get_app_config('shop').get_model('order').objects.all().delete()",
      );
    });

    it('of several models in a loop over literals', async () => {
      await checkWrites(
        "for name in ['Order', 'Line']:\n    apps.get_model('shop', name).objects.all().delete()",
        "delete all shop_order @ apps.get_model('shop', name).objects.all().delete()",
        "delete all lines @ apps.get_model('shop', name).objects.all().delete()",
      );
      await checkWrites(
        "for app, name in (('shop', 'Customer'),):\n    apps.get_model(app, name).objects.all().delete()",
        'delete all shop_customer @ apps.get_model(app, name).objects.all().delete()',
      );
    });

    it('nothing of a list that only looks like rows', async () => {
      await checkWrites('names = {"a": 1}\nnames.update({"b": 2})\nnames.clear()');
      await checkWrites(
        'for order in Order.objects.all():\n    order.data.update({"a": 1})\n    order.tags.remove("x")',
      );
    });
  });

  describe('what is written', () => {
    it('constants and expressions', async () => {
      await checkWrites(
        "Order.objects.update(paid=True, total=models.F('total') + 1, buyer=None)",
        'update all shop_order paid=constant total=expression buyer_id=constant @ Order.objects.update',
      );
      await checkWrites(
        'for order in Order.objects.all():\n    order.paid = True\n    order.total = order.total + 1\n    order.save()',
        'update all shop_order paid=constant total=expression each @ order.save()',
      );
    });

    it('a constant on some ways only is none', async () => {
      await checkWrites(
        'for order in Order.objects.all():\n    if order.total:\n        order.paid = True\n    order.save()',
        'update all shop_order paid=unknown each @ order.save()',
      );
      await checkWrites(
        'for order in Order.objects.all():\n    order.paid = order.total > 3\n    order.total = len(str(order))\n    order.save()',
        'update all shop_order paid=expression total=expression each @ order.save()',
      );
    });

    it('new rows', async () => {
      await checkWrites('Order.objects.create(total=1)', 'insert all shop_order each @ Order.objects.create');
      await checkWrites('Order(total=1).save()', 'insert all shop_order each @ Order(total=1).save()');
      await checkWrites(
        'Order.objects.get_or_create(total=1)',
        'insert all shop_order each @ Order.objects.get_or_create',
      );
      await checkWrites(
        'Order.objects.update_or_create(total=1)',
        'update filtered shop_order each @ Order.objects.update_or_create',
      );
      await checkWrites(
        'Order.objects.bulk_create([Order(total=n) for n in range(3)])',
        'insert all shop_order bulk @ Order.objects.bulk_create',
      );
    });

    it('in bulk', async () => {
      await checkWrites(
        'orders = list(Order.objects.all())\nfor order in orders:\n    order.paid = True\nOrder.objects.bulk_update(orders, ["paid"])',
        'update all shop_order paid=constant bulk @ Order.objects.bulk_update',
      );
      await checkWrites(
        'changed = []\nfor order in Order.objects.filter(total=0):\n    order.total = 1\n    changed.append(order)\nif changed:\n    Order.objects.bulk_update(changed, fields=["total"])',
        'update filtered shop_order total=constant bulk @ Order.objects.bulk_update',
      );
    });

    it('rows reached through a row', async () => {
      await checkWrites(
        'for order in Order.objects.all():\n    order.lines.all().delete()\n    order.lines.filter(a=1).update(b=2)\n    order.notes.create()',
        'delete filtered ?lines @ order.lines.all().delete()',
        'update filtered ?lines b=constant @ order.lines.filter(a=1).update',
        'insert all ?notes each @ order.notes.create()',
      );
    });

    it('a row that a condition picks out of all', async () => {
      await checkWrites(
        'for order in Order.objects.all():\n    if order.total == 0:\n        order.delete()',
        'delete filtered shop_order each @ order.delete()',
      );
      await checkWrites(
        'for order in Order.objects.all():\n    if order.total:\n        continue\n    order.delete()',
        'delete filtered shop_order each @ order.delete()',
      );
      await checkWrites(
        '[order.delete() for order in Order.objects.all() if order.total]',
        'delete filtered shop_order each @ order.delete()',
      );
      await checkWrites(
        'for order in Order.objects.all():\n    order.delete()',
        'delete all shop_order each @ order.delete()',
      );
    });
  });

  describe('in slices', () => {
    it('streamed by an iterator', async () => {
      await checkWrites(
        'for order in Order.objects.iterator(chunk_size=500):\n    order.paid = True\n    order.save()',
        'update all shop_order paid=constant each batched @ order.save()',
      );
    });

    it('by keys', async () => {
      await checkWrites(
        `
start = 0
while True:
    pks = list(Order.objects.order_by('pk').filter(pk__gt=start).values_list('pk', flat=True)[:500])
    if not pks:
        break
    Order.objects.filter(pk__in=pks).update(paid=True)
    start = pks[-1]`,
        'update all shop_order paid=constant batched @ Order.objects.filter(pk__in=pks).update',
      );
      await checkWrites(
        'while Order.objects.exists():\n    Order.objects.filter(pk__in=Order.objects.all()[:500]).delete()',
        'delete all shop_order batched @ Order.objects.filter(pk__in=Order.objects.all()[:500]).delete()',
      );
    });

    it('by a helper that yields keys', async () => {
      const found = await read(`
BATCH = 500

def batches(queryset):
    start = 0
    while True:
        rows = queryset.filter(pk__gt=start)[:BATCH]
        pks = list(rows.values_list("pk", flat=True))
        if not pks:
            break
        yield pks
        start = pks[-1]
${head}
    for pks in batches(Order.objects.order_by("pk")):
        orders = Order.objects.filter(pk__in=pks)
        for order in orders:
            order.total = 3
        Order.objects.bulk_update(orders, ["total"])
`);
      assert.deepEqual(
        found.writes.map((write) => print(write, found.text)),
        ['update all shop_order total=unknown bulk batched @ Order.objects.bulk_update'],
      );
    });

    it('by slices and pages', async () => {
      await checkWrites(
        'for i in range(0, Order.objects.count(), 100):\n    for order in Order.objects.all()[i:i + 100]:\n        order.save()',
        'update all shop_order each batched @ order.save()',
      );
      await checkWrites(
        'from django.core.paginator import Paginator\nfor page in Paginator(Order.objects.all(), 50):\n    for order in page.object_list:\n        order.save()',
        'update all shop_order each batched @ order.save()',
      );
    });
  });

  describe('behind a guard', () => {
    const wipe = 'Order.objects.all().delete()';

    it('that raises or returns unless a flag is set', async () => {
      for (const guard of [
        'if not os.environ.get("ALLOW_WIPE"):\n    raise RuntimeError("no")',
        'if os.getenv("ALLOW_WIPE") != "1":\n    return',
        'if os.environ["ENVIRONMENT"] == "production":\n    raise RuntimeError("no")',
        'if not settings.DEBUG:\n    return',
        'if not getattr(settings, "ALLOW_WIPE", False):\n    raise RuntimeError("no")',
        'environment = os.getenv("ENVIRONMENT", "development")\nif environment == "production":\n    return',
        'if Order.objects.filter(paid=True).exists():\n    raise RuntimeError("no")',
      ]) {
        await checkWrites(`${guard}\n${wipe}`, `delete all shop_order guarded @ ${wipe}`);
      }
    });

    it('around the write', async () => {
      await checkWrites(`if os.environ.get("ALLOW_WIPE"):\n    ${wipe}`, `delete all shop_order guarded @ ${wipe}`);
      await checkWrites(`if settings.DEBUG and True:\n    ${wipe}`, `delete all shop_order guarded @ ${wipe}`);
      const orElse = `if os.environ.get("ENV") == "production":\n    pass\nelse:\n    ${wipe}`;
      await checkWrites(orElse, `delete all shop_order guarded @ ${wipe}`);
    });

    it('but not where one may opt out, or asks whether there is something to do', async () => {
      for (const noGuard of [
        'if settings.TESTING:\n    return',
        'if os.environ.get("SKIP"):\n    return',
        'if not Order.objects.exists():\n    return',
        'if schema_editor.connection.alias != "default":\n    return',
        'if schema_editor.connection.vendor != "postgresql":\n    return',
      ]) {
        await checkWrites(`${noGuard}\n${wipe}`, `delete all shop_order @ ${wipe}`);
      }
    });

    it('that a helper raises', async () => {
      const guard = 'def check():\n    if not os.environ.get("WIPE"):\n        raise RuntimeError("no")\n';
      const found = await read(`import os\n${guard}${head}    check()\n    ${wipe}`);
      assert.equal(found.writes[0]?.guarded, true);
      const alone = await read(`import os\n${guard}`, 'migrations.RunPython(lambda apps, schema_editor: check())');
      assert.deepEqual([alone.code.isGuard, alone.code.writesExistingRows], [true, false]);
      assert.equal(found.code.isGuard, false);
    });

    it('under another condition it is uncertain', async () => {
      await checkWrites(`if is_old(apps):\n    ${wipe}`, `delete all shop_order conditional @ ${wipe}`);
      await checkWrites(
        `try:\n    pass\nexcept Exception:\n    ${wipe}`,
        `delete all shop_order conditional @ ${wipe}`,
      );
    });

    it('a vendor that is not ours is passed over', async () => {
      await checkWrites(`if schema_editor.connection.vendor == "mysql":\n    ${wipe}`);
      await checkWrites(
        `if schema_editor.connection.vendor == "mysql":\n    return\n${wipe}`,
        `delete all shop_order @ ${wipe}`,
      );
    });
  });
});

describe('finding a data function', () => {
  const wipe = "apps.get_model('shop', 'Order').objects.all().delete()";

  async function checkWipes(
    module: string,
    operation: string,
    others: Readonly<Record<string, string>> = {},
  ): Promise<Read> {
    const found = await read(module, operation, others);
    assert.deepEqual(
      found.writes.map(({ table, rows, operation: kind }) => [table?.name, rows, kind]),
      [['shop_order', 'all', 'delete']],
      operation,
    );
    return found;
  }

  it('in the file: function, lambda, partial, factory, nested function, helper', async () => {
    await checkWipes(`def f(apps, schema_editor):\n    ${wipe}`, 'migrations.RunPython(f)');
    await checkWipes('', `migrations.RunPython(lambda apps, schema_editor: ${wipe})`);
    const three = `from functools import partial\ndef f(apps, schema_editor, name):\n    apps.get_model('shop', name).objects.all().delete()`;
    await checkWipes(three, "migrations.RunPython(partial(f, name='Order'))");
    const factory = `def make(name):\n    def inner(apps, schema_editor):\n        apps.get_model('shop', name).objects.all().delete()\n    return inner`;
    await checkWipes(factory, "migrations.RunPython(make('Order'))");
    const helper = `def wipe(model):\n    model.objects.all().delete()\ndef f(apps, schema_editor):\n    def inner():\n        wipe(apps.get_model('shop', 'Order'))\n    inner()`;
    await checkWipes(helper, 'migrations.RunPython(f)');
  });

  it('as a method of the Migration class', async () => {
    const text = `from django.db import migrations\nclass Migration(migrations.Migration):\n    def f(apps, schema_editor):\n        ${wipe}\n    operations = [migrations.RunPython(f)]\n`;
    const [lowered] = await lowerFiles(new Map([['shop/migrations/0002_now.py', text]]));
    const [write] = changesOf(lowered?.migration.forward ?? [], 'WriteRows');
    assert.equal(write?.rows, 'all');
  });

  it('in a module beside it: the argument is underlined', async () => {
    const others = { 'shop/migrations/_data.py': `def f(apps, schema_editor):\n    ${wipe}\n` };
    for (const [module, argument] of [
      ['from ._data import f', 'f'],
      ['from . import _data', '_data.f'],
      ['from shop.migrations._data import f as g', 'g'],
    ] as const) {
      const found = await checkWipes(module, `migrations.RunPython(${argument})`, others);
      const [write] = found.writes;
      assert.equal(found.text.slice(write?.at.start, write?.at.end), argument);
      assert.equal(write?.code?.file, 'shop/migrations/_data.py');
      assert.equal(found.code.file, 'shop/migrations/_data.py');
    }
  });

  it('made in the class body by a function that returns several', async () => {
    const text = `from django.db import migrations
def make(name):
    def forwards(apps, schema_editor):
        apps.get_model('shop', name).objects.all().delete()
    def backwards(apps, schema_editor):
        pass
    return forwards, backwards
class Migration(migrations.Migration):
    forwards, backwards = make('Order')
    operations = [migrations.RunPython(forwards, backwards)]
`;
    const [lowered] = await lowerFiles(new Map([['shop/migrations/0002_now.py', text]]));
    const [write] = changesOf(lowered?.migration.forward ?? [], 'WriteRows');
    assert.deepEqual([write?.table?.name, write?.rows], ['shop_order', 'all']);
  });

  it('through functions that call each other without end', async () => {
    const module = `def f(apps, schema_editor):\n    ${wipe}\n    g(apps)\ndef g(apps):\n    f(apps, None)`;
    await checkWipes(module, 'migrations.RunPython(f)');
  });

  it('in an object that gets the models', async () => {
    const module = `class Wipe:\n    def __init__(self, apps):\n        self.model = apps.get_model('shop', 'Order')\n    def run(self):\n        self.model.objects.all().delete()\ndef f(apps, schema_editor):\n    Wipe(apps).run()`;
    await checkWipes(module, 'migrations.RunPython(f)');
  });
});

describe('what is known of a data function', () => {
  it('nothing is done by noop and empty functions', async () => {
    for (const operation of [
      'migrations.RunPython(migrations.RunPython.noop)',
      'migrations.RunPython(lambda apps, schema_editor: None)',
      'migrations.RunPython(forwards)',
    ]) {
      const { code } = await read('def forwards(apps, schema_editor):\n    """Nothing."""\n    pass', operation);
      assert.deepEqual([code.isNoop, code.understood, code.writesExistingRows], [true, true, false], operation);
    }
  });

  it('whether it writes rows that were there', async () => {
    const cases: readonly (readonly [string, RunCode['writesExistingRows']])[] = [
      ['Order.objects.create(total=1)', false],
      ['Order.objects.filter(total=1).delete()', true],
      ['print(Order.objects.count())', false],
      ['schema_editor.execute("UPDATE shop_order SET total = 1")', true],
      ['with schema_editor.connection.cursor() as cursor:\n        cursor.execute("DELETE FROM shop_order")', true],
      ['send.delay(1)', 'unknown'],
      ['normalize(Order.objects.all())', 'unknown'],
      ['Order.objects.first().tags.clear()', 'unknown'],
    ];
    for (const [body, expected] of cases) {
      const { code } = await read(`from somewhere import normalize, send\n${head}    ${body}`);
      assert.equal(code.writesExistingRows, expected, body);
    }
  });

  it('a handler that is only connected has not run', async () => {
    const { code, writes } = await read(`
from django.apps import apps as registry
from django.db.models.signals import post_migrate
def forwards(apps, schema_editor):
    def on_migrations_complete(sender=None, **kwargs):
        apps.get_model('shop', 'Order').objects.all().delete()
    post_migrate.connect(on_migrations_complete, weak=False, sender=registry.get_app_config('shop'))`);
    assert.deepEqual([writes.length, code.understood, code.isNoop], [0, true, false]);
  });

  it('where it leads out of sight with rows in hand', async () => {
    const { code, text } = await read(`from lib import normalize\n${head}    normalize(Order.objects.all(), 1)`);
    assert.equal(code.understood, false);
    assert.equal(code.outOfSight?.reason, 'it hands rows or models to "lib.normalize"');
    assert.equal(text.slice(code.outOfSight?.at.start, code.outOfSight?.at.end), 'normalize');
    const chosen = await read(`${head}    work = choose()\n    work(Order)`);
    assert.equal(chosen.code.outOfSight?.reason, 'it hands rows or models to "work"');
    const missing = await read('from lib import forwards');
    assert.deepEqual([missing.code.understood, missing.code.functionName], [false, 'forwards']);
    const harmless = await read(
      `import logging\nfrom django.forms.models import model_to_dict\nfrom lib import slug\n${head}    for order in Order.objects.all():\n        logging.info(model_to_dict(order), slug(order.total))`,
    );
    assert.equal(harmless.code.understood, true);
  });

  it('SQL that is literal is not out of sight, SQL put together at run time is', async () => {
    const literal = await read(`SQL = "DELETE FROM shop_order"\n${head}    schema_editor.execute(SQL)`);
    assert.equal(literal.code.understood, true);
    const dynamic = await read(`from lib import build\n${head}    schema_editor.execute(build(Order._meta.db_table))`);
    assert.equal(dynamic.code.outOfSight?.reason, 'it puts SQL together at run time');
  });
});

describe('live models', () => {
  async function liveNames(module: string, others: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
    const { code, text } = await read(module, 'migrations.RunPython(forwards)', others);
    return code.liveModels.map(
      ({ name, importedFrom, app, at, uses }) =>
        `${importedFrom} ${name} ${app} @ ${text.slice(at.start, at.end)}: ${uses.map((use) => text.slice(use.start, use.end)).join(', ')}`,
    );
  }

  const body = (line: string): string => `def forwards(apps, schema_editor):\n    ${line}\n`;

  it('are found by what a class does as a table', async () => {
    const all = 'Order.objects.all().delete()';
    assert.deepEqual(await liveNames(`from shop.models import Order\n${body(all)}`), [
      'shop.models Order shop @ Order: Order',
    ]);
    assert.deepEqual(await liveNames(`from ..models import Order\n${body('Order(total=1).save()')}`), [
      '..models Order shop @ Order: Order',
    ]);
    assert.deepEqual(await liveNames(`from shop.models import Order as O\n${body('isinstance(1, O)')}`), [
      'shop.models Order shop @ Order as O: O',
    ]);
    assert.deepEqual(await liveNames(body(`from store.models import Order\n    ${all}`)), [
      'store.models Order store @ Order: Order',
    ]);
    assert.deepEqual(await liveNames(`from shop import models as m\n${body(`m.${all}`)}`), [
      'shop.models Order shop @ models as m: m.Order',
    ]);
    assert.deepEqual(await liveNames(`import shop.models\n${body(`shop.models.${all}`)}`), [
      'shop.models Order shop @ shop.models: shop.models.Order',
    ]);
  });

  it('are rows like any other', async () => {
    const { writes } = await read(`from shop.models import Order\n${body('Order.objects.all().delete()')}`);
    assert.deepEqual([writes[0]?.table?.name, writes[0]?.rows], ['shop_order', 'all']);
  });

  it('are not constants, helpers, field arguments and content types', async () => {
    const constant = 'apps.get_model("shop", "Order").objects.update(status=Order.Status.PAID)';
    assert.deepEqual(await liveNames(`from shop.models import Order\n${body(constant)}`), []);
    assert.deepEqual(await liveNames(`from shop.models import default_total\n${body('default_total()')}`), []);
    assert.deepEqual(await liveNames(`from shop.models import Order\n${body('pass')}`), []);
    const types = 'from django.contrib.contenttypes.models import ContentType\n';
    assert.deepEqual(await liveNames(types + body('ContentType.objects.get_for_model(1)')), []);
    const local = 'Order = apps.get_model("shop", "Order")\n    Order.objects.all()';
    assert.deepEqual(await liveNames(body(local)), []);
  });

  it('are not the historical models that go by their names', async () => {
    const shadowing = 'Order = apps.get_model("shop", "Order")\n    Order.objects.filter(total=0).delete()';
    assert.deepEqual(await liveNames(`from ..models import Order\n${body(shadowing)}`), []);
    const helper = 'def wipe(Order):\n    Order.objects.all().delete()\n';
    const call = 'wipe(apps.get_model("shop", "Order"))';
    assert.deepEqual(await liveNames(`from ..models import Order\n${helper}${body(call)}`), []);
  });

  it('are told from enumerations where the module is at hand', async () => {
    const others = {
      'shop/models.py': `
from django.db import models
class Status(models.TextChoices):
    PAID = 'paid'
class Order(models.Model):
    pass
`,
    };
    assert.deepEqual(await liveNames(`from shop.models import Status\n${body('Status("paid")')}`, others), []);
    assert.deepEqual(await liveNames(`from ..models import Order\n${body('Order()')}`, others), [
      '..models Order shop @ Order: Order',
    ]);
  });
});
