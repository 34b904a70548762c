import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A loop that saves every row': {
    history: historyOf({
      file: 'tenants/migrations/0001_initial.py',
      models: {
        Tenant: `
          ("twilio_sid", models.CharField(max_length=80)),
          ("sid", models.CharField(max_length=80)),
          ("flags", models.JSONField(default=dict)),
        `,
      },
    }),
  },
  'The rows are in a variable; the fields are named': {
    history: historyOf({
      file: 'channel/migrations/0002_warehouses.py',
      models: {
        Warehouse: '("country", models.CharField(max_length=8)),',
        Channel: `
          ("default_country", models.CharField(max_length=8, null=True)),
          ("warehouses", models.ManyToManyField("channel.warehouse")),
        `,
      },
      runsBefore: ['channel', '0003_default_country'],
    }),
    rows: [
      "INSERT INTO channel_warehouse (country) VALUES ('AT'), ('CH')",
      'INSERT INTO channel_channel DEFAULT VALUES',
      'INSERT INTO channel_channel_warehouses (channel_id, warehouse_id) VALUES (1, 2)',
    ],
  },
  'An update of every row, beside another operation': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Product: '("price", models.IntegerField()),\n("tax", models.IntegerField()),' },
      runsBefore: ['shop', '0002_gross'],
    }),
  },
};
