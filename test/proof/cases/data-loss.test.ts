import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';
import { GUARD } from './guard.ts';

const PRODUCTS = ["INSERT INTO shop_product (id, title) VALUES (1, 'Pan'), (2, 'Kettle')"];
const title = '("title", models.CharField(max_length=200)),';
const titleModel = 'title = models.CharField(max_length=200)';

describe('proof: delete-all-rows', () => {
  const project = shopProject({
    created: title,
    model: titleModel,
    head: `
      def clear_catalog(apps, schema_editor):
          Product = apps.get_model("shop", "Product")
          # The spring catalog replaces it.
          Product.objects.all().delete()
    `,
    operations: 'migrations.RunPython(clear_catalog, migrations.RunPython.noop),',
  });
  const shared = { rule: 'delete-all-rows', project, file: MIGRATION, before: '0001_initial', rows: PRODUCTS } as const;

  provesFix({
    ...shared,
    name: 'the delete is narrowed to a filter',
    steps: [
      {
        fix: 'filter',
        brings: ['delete-rows'],
        fillIn: {
          file: MIGRATION,
          raises: 'Write which rows of shop_product are deleted.',
          find: 'raise NotImplementedError("Write which rows of shop_product are deleted.")',
          replace: 'return rows.filter(title="Pan")',
        },
        rows: { added: ['shop_product {"id": 2, "title": "Kettle"}'] },
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'the rows are archived first',
    steps: [
      {
        fix: 'archive',
        schema: {
          added: [
            'table shop_product_archived',
            'column shop_product_archived.id: bigint',
            'column shop_product_archived.title: character varying(200)',
          ],
        },
        rows: {
          added: [
            'shop_product_archived {"id": 1, "title": "Pan"}',
            'shop_product_archived {"id": 2, "title": "Kettle"}',
          ],
        },
        restoresRows: true,
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'the delete waits for an environment flag',
    steps: [{ fix: 'ALLOW_DESTRUCTIVE_MIGRATIONS', guard: GUARD }],
  });
});

describe('proof: overwrite-all-rows', () => {
  const project = shopProject({
    created: '("offers", models.BooleanField(null=True)),',
    model: 'offers = models.BooleanField(null=True)',
    head: `
      def subscribe_everyone(apps, schema_editor):
          Product = apps.get_model("shop", "Product")
          # A fresh start.
          Product.objects.all().update(offers=True)
    `,
    operations: 'migrations.RunPython(subscribe_everyone, migrations.RunPython.noop),',
  });
  const shared = {
    rule: 'overwrite-all-rows',
    project,
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (id, offers) VALUES (1, NULL), (2, false), (3, true)'],
  } as const;

  provesFix({
    ...shared,
    name: 'only rows that were never chosen are written',
    steps: [
      {
        fix: 'never',
        rows: {
          added: ['shop_product {"id": 2, "offers": false}'],
          removed: ['shop_product {"id": 2, "offers": true}'],
        },
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'the old values are kept in a new column',
    steps: [
      {
        fix: 'keep',
        brings: ['unbatched-data-migration', 'work-under-exclusive-lock'],
        schema: {
          added: ['column shop_product.offers_before: boolean', 'column shop_product.offers_kept: boolean'],
        },
        rows: {
          added: ['null', 'false', 'true'].map(
            (old, index) =>
              `shop_product {"id": ${index + 1}, "offers": true, "offers_kept": true, "offers_before": ${old}}`,
          ),
          removed: [1, 2, 3].map((id) => `shop_product {"id": ${id}, "offers": true}`),
        },
        restoresRows: true,
        later: {
          sql: ['INSERT INTO shop_product (id, offers) VALUES (4, true)'],
          rows: ['shop_product {"id": 4, "offers": true}'],
        },
      },
    ],
  });

  provesFix({
    name: 'the old values of a foreign key are kept in a new column',
    rule: 'overwrite-all-rows',
    project: shopProject({
      created: '("bundle", models.ForeignKey("shop.product", models.SET_NULL, null=True)),',
      model: 'bundle = models.ForeignKey("self", models.SET_NULL, null=True)',
      head: `
        def dissolve_bundles(apps, schema_editor):
            Product = apps.get_model("shop", "Product")
            # Sold one by one from now on.
            Product.objects.all().update(bundle=None)
      `,
      operations: 'migrations.RunPython(dissolve_bundles, migrations.RunPython.noop),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (id, bundle_id) VALUES (1, NULL), (2, 1)'],
    steps: [
      {
        fix: 'keep',
        brings: ['unbatched-data-migration', 'work-under-exclusive-lock'],
        schema: {
          added: ['column shop_product.bundle_id_before: bigint', 'column shop_product.bundle_id_kept: boolean'],
        },
        rows: {
          added: [
            'shop_product {"id": 1, "bundle_id": null, "bundle_id_kept": true, "bundle_id_before": null}',
            'shop_product {"id": 2, "bundle_id": null, "bundle_id_kept": true, "bundle_id_before": 1}',
          ],
          removed: ['shop_product {"id": 1, "bundle_id": null}', 'shop_product {"id": 2, "bundle_id": null}'],
        },
        restoresRows: true,
      },
    ],
  });
});
