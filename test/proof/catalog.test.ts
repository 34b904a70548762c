import { strict as assert } from 'node:assert/strict';
import { join } from 'node:path';
import { alembicReleases } from './alembic-releases.ts';
import { failureOf } from './driver.ts';
import { useLaboratory } from './laboratory.ts';

const CATALOG = join(import.meta.dirname, '..', '..', 'examples', 'catalog');

for (const release of await alembicReleases()) {
  describe(`proof: examples/catalog on ${release.label}`, () => {
    it('upgrades an empty database to what its models say', async () => {
      const { driver, createDatabase } = await useLaboratory(release);
      const session = { database: await createDatabase(), project: CATALOG };
      const [, schema, pending] = await driver.run(session, [{ do: 'migrate' }, { do: 'schema' }, { do: 'pending' }]);
      assert.equal(pending, '');
      assert.ok(schema.includes('column books.isbn: character varying(13) not null'));
      assert.ok(schema.includes('constraint books.books_price_positive: CHECK ((price >= (0)::numeric))'));
      assert.ok(schema.includes('index loans.ix_loans_due_on: btree (due_on)'));
    });

    it('goes back to the base, where a type stays behind that the next upgrade stumbles over', async () => {
      const { driver, createDatabase } = await useLaboratory(release);
      const session = { database: await createDatabase(), project: CATALOG };
      const [, , schema] = await driver.run(session, [
        { do: 'migrate' },
        { do: 'migrate', to: 'zero' },
        { do: 'schema' },
      ]);
      assert.deepEqual(schema, ['enum loan_state (out, returned)']);
      const again = failureOf(await driver.run(session, [{ do: 'migrate' }]).catch((error: unknown) => error));
      assert.match(again.message, /type "loan_state" already exists/);
    });

    it('fails on a catalog that has books: the ISBN is required', async () => {
      const { driver, createDatabase } = await useLaboratory(release);
      const session = { database: await createDatabase(), project: CATALOG };
      const file = 'migrations/versions/58d3b7c2f6a1_book_isbn.py';
      const failing = driver.run(session, [
        { do: 'migrate-before', migration: ['', file] },
        { do: 'fill' },
        { do: 'migrate' },
      ]);
      const failure = failureOf(await failing.catch((error: unknown) => error));
      assert.match(failure.message, /column "isbn" of relation "books" contains null values/);
    });
  });
}
