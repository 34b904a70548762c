import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

const tables = ['CREATE TABLE shop_order (id bigint PRIMARY KEY, total integer)'];

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Rows are deleted: there is no way back, and the reverse says so': {
    history: historyOf({ file: 'prompts/migrations/0001_initial.py', models: { EmailPreferences: '' } }),
  },
  'Rows are added that are found again: nothing to take back': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: {
        Country: '("code", models.CharField(max_length=8, unique=True)),\n("active", models.BooleanField()),',
      },
    }),
  },
  'SQL changes tables: that stays behind': { tables },
  'SQL only looks: nothing to take back': { tables },
  'Constants that replace others are exchanged': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: {
        Order: `
          ("status", models.CharField(max_length=20)),
          ("note", models.CharField(max_length=20, null=True)),
          ("channel", models.IntegerField()),
        `,
      },
      runsBefore: ['shop', '0002_status'],
    }),
    rows: ["INSERT INTO shop_order (status, note, channel) VALUES ('payment-received', '', 1), ('paid', 'x', 2)"],
  },
  'Rows that would be added twice, a lambda, a function that is not here': {
    hidden: ['shop/setup.py'],
    history: `# file: shop/setup.py
def prepare(apps, schema_editor):
    pass
${historyOf({
  file: 'shop/migrations/0001_initial.py',
  models: { Channel: '("slug", models.SlugField()),\n("active", models.BooleanField()),' },
  runsBefore: ['shop', '0002_add'],
})}`,
  },
};
