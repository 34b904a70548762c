import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

const placedAt = '("placed_at", models.DateTimeField()),';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'atomic = False is missing': {
    history: historyOf({ file: 'shop/migrations/0001_initial.py', models: { Order: placedAt } }),
  },
  'atomic says True': {
    history: historyOf({
      file: 'shop/migrations/0002_order_placed_at.py',
      models: { Order: placedAt },
      operations: 'migrations.AddIndex("order", models.Index(fields=["placed_at"], name="order_placed_at_idx"))',
    }),
  },
  'In SQL: whatever begins transactions of its own': {
    rows: ["INSERT INTO shop_event VALUES ('2020-05-01')"],
    tables: [
      'CREATE TABLE shop_order (id bigint PRIMARY KEY)',
      'CREATE TABLE shop_event (at date) PARTITION BY RANGE (at)',
      "CREATE TABLE shop_event_2020 PARTITION OF shop_event FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
    ],
    // The server is shared: what concerns all of its databases is left out.
    adapted: {
      '"CREATE DATABASE reports"': '"VACUUM shop_order"',
      '"ALTER SYSTEM SET work_mem = \'64MB\'"': '"VACUUM shop_order"',
      '"DROP DATABASE IF EXISTS reports_old"': '"VACUUM shop_order"',
      '"CREATE TABLESPACE fast LOCATION \'/fast\'"': '"VACUUM shop_order"',
    },
  },
  'Only the way back needs it': {
    tables: ['CREATE TABLE shop_order (id bigint PRIMARY KEY)', 'CREATE INDEX order_idx ON shop_order (id)'],
  },
  'A new enum value, before PostgreSQL 12': { tables: ["CREATE TYPE shop_state AS ENUM ('new')"] },
};
