import { provesFix } from '../prove-fix.ts';
import { shopProject } from '../shop-project.ts';

const COOLED = 'shop/migrations/0002_cooled.py';

/** `0002_change` adds a note; another migration, written on another branch, says whether a product is cooled. */
const twoBranches = (file: string, parent: string) =>
  shopProject({
    created: '("title", models.CharField(max_length=200)),',
    model: `
      title = models.CharField(max_length=200)
      note = models.TextField(null=True)
      is_cooled = models.BooleanField(null=True)
    `,
    operations: 'migrations.AddField(model_name="product", name="note", field=models.TextField(null=True)),',
    more: `# file: ${file}
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        # Written on another branch.
        ("shop", "${parent}"),
    ]

    operations = [
        migrations.AddField(model_name="product", name="is_cooled", field=models.BooleanField(null=True)),
    ]
`,
  });

/** What both migrations do, once they can run. */
const bothChanges = {
  schema: { added: ['column shop_product.is_cooled: boolean', 'column shop_product.note: text'] },
  rows: {
    added: ['shop_product {"id": 1, "note": null, "title": "Pan", "is_cooled": null}'],
    removed: ['shop_product {"id": 1, "title": "Pan"}'],
  },
} as const;

const shared = {
  breaksHistory: true,
  before: '0001_initial',
  rows: ["INSERT INTO shop_product (id, title) VALUES (1, 'Pan')"],
} as const;

describe('proof: multiple-leaves', () => {
  const leaves = {
    ...shared,
    rule: 'multiple-leaves',
    project: twoBranches(COOLED, '0001_initial'),
    // It is told once, at the last of them.
    file: COOLED,
    unfixed: { fails: 'Conflicting migrations detected', schema: 'before' },
  } as const;

  provesFix({
    ...leaves,
    name: 'a merge migration joins the leaves',
    steps: [{ fix: 'merge', creates: ['shop/migrations/0003_merge_0002_change_0002_cooled.py'], ...bothChanges }],
  });

  provesFix({
    ...leaves,
    name: 'one of the leaves follows the other',
    steps: [{ fix: 'depend on 0002_change', ...bothChanges }],
  });
});

describe('proof: unknown-parent', () => {
  provesFix({
    ...shared,
    name: 'the dependency names the migration that was meant',
    rule: 'unknown-parent',
    project: twoBranches('shop/migrations/0003_cooled.py', '0002_chnage'),
    file: 'shop/migrations/0003_cooled.py',
    unfixed: { fails: "dependencies reference nonexistent parent node ('shop', '0002_chnage')", schema: 'before' },
    steps: [{ fix: 'Depend on 0002_change', ...bothChanges }],
  });
});
