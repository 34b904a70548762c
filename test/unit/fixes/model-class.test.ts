import assert from 'node:assert/strict';
import type { FilePath } from '../../../server/src/base/file-path.ts';
import { renameColumn } from '../../../server/src/rules/rename-column.ts';
import { renameTable } from '../../../server/src/rules/rename-table.ts';
import type { Rule } from '../../../server/src/rules/rule.ts';
import { readFiles } from '../../support/memory-files.ts';
import { applyFix, openExample } from '../../support/rule-examples.ts';

const MIGRATION = 'shop/migrations/0002_change.py';

const initial = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("payer", models.TextField())],
        ),
    ]
`;

interface Given {
  readonly rule: Rule;
  readonly operation: string;
  /** The modules of the app, and what else there is. */
  readonly files: string;
}

/** What the first fix says and makes of the files that are given. */
async function fixed({ rule, operation, files }: Given): Promise<{ readonly title: string; readonly changed: string }> {
  const given = readFiles(files);
  const migration = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        ${operation},
    ]
`;
  const texts = new Map<FilePath, string>([
    ...given,
    ['shop/migrations/0001_initial.py', initial],
    [MIGRATION, migration],
  ]);
  const workspace = await openExample(texts, rule);
  const [fix] = workspace.check(MIGRATION).flatMap((finding) => finding.fixes());
  assert(fix, 'nothing is offered');
  const after = applyFix(texts, fix);
  const changed = [...given].filter(([file, text]) => after.get(file) !== text);
  return { title: fix.title, changed: changed.map(([file]) => `# file: ${file}\n${after.get(file)}`).join('') };
}

const renameField = 'migrations.RenameField("order", "payer", "payer_name")';
const renameModel = 'migrations.RenameModel("Order", "Purchase")';

async function checkField(files: string, expected: string): Promise<void> {
  const { title, changed } = await fixed({ rule: renameColumn, operation: renameField, files });
  assert.equal(changed, expected);
  assert.equal(
    title,
    `Rename the field and keep its column: db_column="payer"${adviceIn(expected, 'db_column="payer" to')}`,
  );
}

async function checkModel(files: string, expected: string): Promise<void> {
  const { title, changed } = await fixed({ rule: renameTable, operation: renameModel, files });
  assert.equal(changed, expected);
  const advice = expected === '' ? '; set db_table = "shop_order" in the Meta of the model, too' : '';
  assert.equal(title, `Rename the model and keep its table: db_table = "shop_order"${advice}`);
}

function adviceIn(expected: string, what: string): string {
  return expected === '' ? `; add ${what} the model, too` : '';
}

describe('the class of a model', () => {
  it('is found in a file of the package models', () =>
    checkField(
      `
# file: shop/models/__init__.py
from .orders import Order
# file: shop/models/orders.py
class Order(models.Model):
    payer_name: models.TextField = models.TextField()
`,
      `# file: shop/models/orders.py
class Order(models.Model):
    payer_name: models.TextField = models.TextField(db_column="payer")
`,
    ));

  it('is found under a condition', () =>
    checkField(
      `
# file: shop/models.py
if not is_model_registered("shop", "Order"):

    class Order(AbstractOrder):
        payer_name = models.TextField()
`,
      `# file: shop/models.py
if not is_model_registered("shop", "Order"):

    class Order(AbstractOrder):
        payer_name = models.TextField(db_column="payer")
`,
    ));

  it('is found in another module of the app, where it has fields', () =>
    checkField(
      `
# file: shop/forms.py
class Order(Form):
    total = 1
# file: shop/core/ordering.py
class Order(models.Model):
    payer_name = models.TextField()
`,
      `# file: shop/core/ordering.py
class Order(models.Model):
    payer_name = models.TextField(db_column="payer")
`,
    ));

  it('is found where MIGRATION_MODULES keeps migrations and models apart', () =>
    checkField(
      `
# file: manage.py
# file: config/settings.py
INSTALLED_APPS = ["sales.shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
MIGRATION_MODULES = {"shop": "shop.migrations"}
# file: sales/shop/models.py
class Order(models.Model):
    payer_name = models.TextField()
`,
      `# file: sales/shop/models.py
class Order(models.Model):
    payer_name = models.TextField(db_column="payer")
`,
    ));

  it('is not taken from another app, from tests, or from one of two places', async () => {
    await checkField(
      `
# file: shop/gifts/migrations/__init__.py
# file: shop/gifts/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = []
# file: shop/gifts/models.py
class Order(models.Model):
    payer_name = models.TextField()
# file: shop/tests/models.py
class Order(models.Model):
    payer_name = models.TextField()
`,
      '',
    );
    await checkField(
      `
# file: shop/models.py
if settings.LEGACY:
    class Order(models.Model):
        payer_name = models.TextField(null=True)
else:
    class Order(models.Model):
        payer_name = models.TextField()
`,
      '',
    );
  });

  it('is left alone where the field is inherited', () =>
    checkField(
      `
# file: shop/models.py
class Payable(models.Model):
    payer_name = models.TextField()

    class Meta:
        abstract = True


class Order(Payable):
    pass
`,
      '',
    ));
});

describe('the Meta of a model', () => {
  it('gets another option', () =>
    checkModel(
      `
# file: shop/models.py
class Purchase(Base):
    payer = models.TextField()

    class Meta:
        # Newest first.
        ordering = ["-id"]  # by key
    objects = Manager()
`,
      `# file: shop/models.py
class Purchase(Base):
    payer = models.TextField()

    class Meta:
        # Newest first.
        ordering = ["-id"]  # by key
        db_table = "shop_order"
    objects = Manager()
`,
    ));

  it('is added behind the fields', () =>
    checkModel(
      `
# file: shop/models.py
class Purchase(models.Model):
    """A purchase."""

    payer = models.TextField(
        blank=True,
    )  # who pays
    objects = Manager()

    def __str__(self):
        return self.payer
`,
      `# file: shop/models.py
class Purchase(models.Model):
    """A purchase."""

    payer = models.TextField(
        blank=True,
    )  # who pays

    class Meta:
        db_table = "shop_order"

    objects = Manager()

    def __str__(self):
        return self.payer
`,
    ));

  it('takes the place of pass', async () => {
    await checkModel(
      `
# file: shop/models.py
class Purchase(models.Model):
    pass
`,
      `# file: shop/models.py
class Purchase(models.Model):
    class Meta:
        db_table = "shop_order"
`,
    );
    await checkModel(
      `
# file: shop/models.py
class Purchase(Base):
    class Meta:
        pass
`,
      `# file: shop/models.py
class Purchase(Base):
    class Meta:
        db_table = "shop_order"
`,
    );
  });

  it('is not added where it would take the place of an inherited one, or there is no line for it', async () => {
    await checkModel(
      `
# file: shop/models.py
class Purchase(Base):
    payer = models.TextField()
`,
      '',
    );
    await checkModel(
      `
# file: shop/models.py
class Purchase(Base):
    class Meta: ordering = ["id"]
`,
      '',
    );
  });
});
