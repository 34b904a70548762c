import assert from 'node:assert/strict';
import { deleteAllRows } from '../../../server/src/rules/delete-all-rows.ts';
import { openExample } from '../../support/rule-examples.ts';

const FILE = 'shop/migrations/0002_clear.py';

const initial = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Customer", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
`;

async function offered(sql: string): Promise<readonly string[]> {
  const text = `from django.conf import settings
from django.db import migrations

SCHEMA = settings.SCHEMA


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunSQL(${sql}, migrations.RunSQL.noop)]
`;
  const texts = new Map([
    ['shop/migrations/0001_initial.py', initial],
    [FILE, text],
  ]);
  const findings = (await openExample(texts, deleteAllRows)).check(FILE);
  assert.equal(findings.length, 1, sql);
  return findings.flatMap((finding) => finding.fixes().map(({ title }) => title));
}

describe('an archive of deleted rows', () => {
  it('is offered only where it is known which table to copy', async () => {
    const guard = 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set';
    const archive = 'Copy the rows to "shop_customer_archived" first, an archive that migrating back restores';
    assert.deepEqual(await offered('"DELETE FROM shop_customer"'), [archive, guard]);
    assert.deepEqual(await offered('f"DELETE FROM {SCHEMA}.shop_customer"'), [guard]);
  });
});
