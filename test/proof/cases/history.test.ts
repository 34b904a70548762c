import { provesFix } from '../prove-fix.ts';
import { shopProject } from '../shop-project.ts';

describe('proof: multiple-leaves', () => {
  provesFix({
    name: 'a merge migration joins the leaves',
    rule: 'multiple-leaves',
    project: shopProject({
      created: '("title", models.CharField(max_length=200)),',
      model: `
        title = models.CharField(max_length=200)
        note = models.TextField(null=True)
        is_cooled = models.BooleanField(null=True)
      `,
      operations: 'migrations.AddField(model_name="product", name="note", field=models.TextField(null=True)),',
      more: `# file: shop/migrations/0002_cooled.py
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        # Written on another branch.
        migrations.AddField(model_name="product", name="is_cooled", field=models.BooleanField(null=True)),
    ]
`,
    }),
    // It is told once, at the last of them.
    file: 'shop/migrations/0002_cooled.py',
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (id, title) VALUES (1, 'Pan')"],
    unfixed: { fails: 'Conflicting migrations detected', schema: 'before' },
    steps: [
      {
        fix: 'merge',
        creates: ['shop/migrations/0003_merge_0002_change_0002_cooled.py'],
        schema: { added: ['column shop_product.is_cooled: boolean', 'column shop_product.note: text'] },
        rows: {
          added: ['shop_product {"id": 1, "note": null, "title": "Pan", "is_cooled": null}'],
          removed: ['shop_product {"id": 1, "title": "Pan"}'],
        },
      },
    ],
  });
});
