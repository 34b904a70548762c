import assert from 'node:assert/strict';
import { readExampleFiles } from '../../../server/src/rules/example-text.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import { pythonParser } from '../../support/python.ts';
import { applyFix, changedFiles, filesAsText, openTexts } from '../../support/rule-examples.ts';

const initial = `# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("state", models.CharField(max_length=20, null=True))],
        ),
        migrations.CreateModel(name="Line", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
`;

/** The files that the split of the checked migration changes, or `nothing` where it is not offered. */
async function splitOf(rule: string, files: string): Promise<string> {
  const read = readExampleFiles(initial + files);
  const texts = new Map(read.map(({ path, text }) => [path, text]));
  const checked = read.findLast(({ path }) => path.includes('0002'))?.path ?? '';
  const used = rules.filter(({ name }) => name === rule);
  const workspace = await openTexts(texts, used);
  const [finding] = workspace.check(checked);
  assert(finding !== undefined, 'the rule speaks');
  const fix = finding.fixes().find(({ edits }) => edits.some(({ kind }) => kind === 'create'));
  if (fix === undefined) return 'nothing';
  const after = applyFix(texts, fix);
  const changed = changedFiles(texts, after);
  const parser = await pythonParser();
  const fixed = await openTexts(after, used);
  for (const { path, text } of changed) {
    assert.deepEqual(parser.read(text).broken, [], path);
    assert.deepEqual(
      fixed.check(path).map(({ message }) => message),
      [],
      `${path}: the rule is silent`,
    );
  }
  return filesAsText(changed);
}

async function checkSplit(rule: string, files: string, expected: string): Promise<void> {
  assert.equal(await splitOf(rule, files), expected);
}

/** A migration that writes rows and then alters their table, around which something is as it should not be. */
function mixed(given: {
  readonly head?: string;
  readonly attributes?: string;
  readonly operations?: string;
  readonly below?: string;
}): string {
  return `# file: shop/migrations/0002_state.py
from django.db import migrations, models
${given.head ?? ''}

def close(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(state=None).update(state="closed")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
${given.attributes ?? ''}
    operations = [
        migrations.RunPython(close, migrations.RunPython.noop),
        ${given.operations ?? 'migrations.AlterField("order", "state", models.CharField(max_length=20)),'}
    ]
${given.below ?? ''}`;
}

describe('splitting a migration', () => {
  it('takes along what the moved operations use, copies what both need, and leaves no import behind', () =>
    checkSplit(
      'mixed-schema-and-data',
      `# file: shop/migrations/0002_state.py
"""Orders get a state."""

import logging
from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from shop.choices import STATES, first

logger = logging.getLogger(__name__)

# How many at a time.
BATCH = 500

OLD = timedelta(days=30)  # a month


def batches(rows):
    return rows[:BATCH]


# The state is what the shop has shown so far.
def fill_state(apps: "Apps", schema_editor) -> None:
    Order = apps.get_model("shop", "Order")
    logger.info(f"older than {OLD}")
    Order.objects.filter(state=None).update(state=first())

    # done


def forget(apps, schema_editor):
    for line in batches(apps.get_model("shop", "Line").objects.all()):
        logger.info(line)


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
        ("accounts", "0007_users"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Who has it now.
        migrations.AddField(
            "line",
            "seller",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),  # a user
        migrations.RunPython(forget, migrations.RunPython.noop),

        # Every order has one.
        migrations.RunPython(
            fill_state,
            migrations.RunPython.noop,
        ),  # no way back
        # From now on.
        migrations.AlterField("order", "state", models.CharField(max_length=20, choices=STATES)),
        # The end.
    ]
`,
      `# file: shop/migrations/0002_state.py
"""Orders get a state."""

import logging

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

logger = logging.getLogger(__name__)

# How many at a time.
BATCH = 500


def batches(rows):
    return rows[:BATCH]


def forget(apps, schema_editor):
    for line in batches(apps.get_model("shop", "Line").objects.all()):
        logger.info(line)


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
        ("accounts", "0007_users"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Who has it now.
        migrations.AddField(
            "line",
            "seller",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),  # a user
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
# file: shop/migrations/0003_fill_state.py
"""Writes rows of "shop_order".

Runs after 0002_state, in the same deploy.
In one transaction the locks of both would last until the slower one is done.
"""

import logging
from datetime import timedelta

from django.db import migrations

from shop.choices import first


logger = logging.getLogger(__name__)

OLD = timedelta(days=30)  # a month


# The state is what the shop has shown so far.
def fill_state(apps: "Apps", schema_editor) -> None:
    Order = apps.get_model("shop", "Order")
    logger.info(f"older than {OLD}")
    Order.objects.filter(state=None).update(state=first())

    # done


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_state"),
    ]

    operations = [
        # Every order has one.
        migrations.RunPython(
            fill_state,
            migrations.RunPython.noop,
        ),  # no way back
    ]
# file: shop/migrations/0004_alter_order_state.py
"""Changes "shop_order".

Runs after 0003_fill_state, in the same deploy.
In one transaction the locks of both would last until the slower one is done.
"""

from django.db import migrations, models

from shop.choices import STATES


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_fill_state"),
    ]

    operations = [
        # From now on.
        migrations.AlterField("order", "state", models.CharField(max_length=20, choices=STATES)),
        # The end.
    ]
`,
    ));

  it('points the later migrations of all apps to the last part, and gives a part the dependencies that it names', () =>
    checkSplit(
      'mixed-schema-and-data',
      `# file: accounts/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [migrations.CreateModel(name="User", fields=[("id", models.BigAutoField(primary_key=True))])]
# file: shop/migrations/0003_after.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('shop', '0002_state')]
# file: billing/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("shop", "0002_state"),  # the state of orders
    ]
# file: shop/migrations/0002_state.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL("UPDATE shop_order SET state = 'closed' WHERE state IS NULL"),
        migrations.AddField(
            "order", "user", models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE)
        ),
    ]
`,
      `# file: billing/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("shop", "0004_order_user"),  # the state of orders
    ]
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL("UPDATE shop_order SET state = 'closed' WHERE state IS NULL"),
    ]
# file: shop/migrations/0003_after.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('shop', '0004_order_user')]
# file: shop/migrations/0004_order_user.py
"""Changes "shop_order".

Runs after 0002_state, in the same deploy.
In one transaction the locks of both would last until the slower one is done.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_state"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "order", "user", models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE)
        ),
    ]
`,
    ));

  it('keeps the white space of SQL that stands farther left than its operation, and moves the code around it', () =>
    checkSplit(
      'mixed-schema-and-data',
      `# file: shop/migrations/0002_state.py
from django.db import migrations, models


class Migration(migrations.Migration):
  dependencies = [("shop", "0001_initial")]
  operations = [
    migrations.AddField("order", "note", models.TextField(null=True)),
    migrations.RunSQL(
      """
UPDATE shop_order SET state = 'two
  lines'
   WHERE state IS NULL  
""",
      migrations.RunSQL.noop,
    )
  ]
`,
      `# file: shop/migrations/0002_state.py
from django.db import migrations, models


class Migration(migrations.Migration):
  dependencies = [("shop", "0001_initial")]
  operations = [
    migrations.AddField("order", "note", models.TextField(null=True)),
  ]
# file: shop/migrations/0003_shop_order_rows.py
"""Writes rows of "shop_order".

Runs after 0002_state, in the same deploy.
In one transaction the locks of both would last until the slower one is done.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_state"),
    ]

    operations = [
        migrations.RunSQL(
          """
UPDATE shop_order SET state = 'two
  lines'
   WHERE state IS NULL  
""",
          migrations.RunSQL.noop,
        ),
    ]
`,
    ));

  it('cuts a RunSQL between its statements, with what takes them back', () =>
    checkSplit(
      'mixed-schema-and-data',
      `# file: shop/migrations/0002_state.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                "DELETE FROM shop_order WHERE state = 'old'",
                "ALTER TABLE shop_order ADD COLUMN note text; ALTER TABLE shop_line ADD COLUMN note text",
            ],
        ),
        migrations.RunSQL("UPDATE shop_line SET id = 1 WHERE id = 2", migrations.RunSQL.noop),
    ]
`,
      `# file: shop/migrations/0002_state.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                "DELETE FROM shop_order WHERE state = 'old'",
            ],
        ),
    ]
# file: shop/migrations/0003_shop_order_note.py
"""Changes "shop_order" and "shop_line".

Runs after 0002_state, in the same deploy.
In one transaction the locks of both would last until the slower one is done.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_state"),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE shop_order ADD COLUMN note text;
                ALTER TABLE shop_line ADD COLUMN note text;
            """,
        ),
    ]
# file: shop/migrations/0004_shop_line_rows.py
"""Writes rows of "shop_line".

Runs after 0003_shop_order_note, in the same deploy.
In one transaction the locks of both would last until the slower one is done.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_shop_order_note"),
    ]

    operations = [
        migrations.RunSQL("UPDATE shop_line SET id = 1 WHERE id = 2", migrations.RunSQL.noop),
    ]
`,
    ));

  it('keeps marks that packages read in each part, in the quotes and the line breaks of the file', async () => {
    const split = await splitOf(
      'mixed-schema-and-data',
      mixed({ head: 'from django_safemigrate import Safe\n', attributes: '    safe = Safe.after_deploy()\n' }),
    );
    const [, created = ''] = split.split('# file: shop/migrations/0003_alter_order_state.py');
    assert.match(created, /\n {4}safe = Safe\.after_deploy\(\)\n\n {4}dependencies = \[/);
    assert.match(created, /\nfrom django_safemigrate import Safe\n/);
  });

  it('sets the timeouts of a transaction again in the next one', async () => {
    const set = 'migrations.RunSQL("SET LOCAL lock_timeout = 100", migrations.RunSQL.noop),  # not long';
    const split = await splitOf(
      'mixed-schema-and-data',
      mixed({}).replace('operations = [', `operations = [\n        ${set}`),
    );
    const alter = 'migrations.AlterField("order", "state", models.CharField(max_length=20)),';
    assert(split.includes(`operations = [\n        ${set}\n        migrations.RunPython(`), 'it stays');
    assert(split.includes(`operations = [\n        ${set}\n        ${alter}\n    ]`), 'it is copied');
  });

  const refused: readonly (readonly [string, Parameters<typeof mixed>[0]])[] = [
    [
      'a migration that goes before one of another app',
      { attributes: '    run_before = [("billing", "0001_initial")]\n' },
    ],
    ['methods of the class', { attributes: '    def apply(self, *args):\n        return super().apply(*args)\n' }],
    ['operations that are added later', { below: 'Migration.operations += []\n' }],
    [
      'operations of a list',
      { operations: '*[migrations.AlterField("order", "state", models.CharField(max_length=20))],' },
    ],
    [
      'an operation that a function makes',
      {
        head: '\n\ndef alter():\n    return migrations.AlterField("order", "state", models.CharField(max_length=20))\n',
        operations: 'alter(),',
      },
    ],
    ['names from everywhere', { head: 'from shop.fields import *\n' }],
    [
      'a name that is defined under a condition',
      {
        head: 'try:\n    from shop.sizes import SIZE\nexcept ImportError:\n    SIZE = 20\n',
        operations: 'migrations.AlterField("order", "state", models.CharField(max_length=SIZE)),',
      },
    ],
  ];
  for (const [what, given] of refused) {
    it(`offers nothing for ${what}`, async () => {
      assert.equal(await splitOf('mixed-schema-and-data', mixed(given)), 'nothing');
    });
  }

  it('offers nothing where a squash stands for the migration, or two functions share what they change', async () => {
    const squash = `# file: shop/migrations/0009_squash.py
from django.db import migrations


class Migration(migrations.Migration):
    replaces = [("shop", "0001_initial"), ("shop", "0002_state")]
`;
    assert.equal(await splitOf('mixed-schema-and-data', squash + mixed({})), 'nothing');
    const sharing = mixed({
      head: '\nseen = []\n\n\ndef look(apps, schema_editor):\n    seen.append(apps.get_model("shop", "Order").objects.filter(id=1).update(state="x"))\n\n\ndef tell(apps, schema_editor):\n    print(seen)\n',
      operations: `migrations.RunPython(look, migrations.RunPython.noop),
        migrations.AlterField("order", "state", models.CharField(max_length=20)),
        migrations.RunPython(tell, migrations.RunPython.noop),`,
    });
    assert.equal(await splitOf('mixed-schema-and-data', sharing), 'nothing');
  });
});
