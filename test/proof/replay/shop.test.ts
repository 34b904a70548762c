import { strict as assert } from 'node:assert/strict';
import { join } from 'node:path';
import { assertDifference } from '../difference.ts';
import { useLaboratory } from '../laboratory.ts';
import { openProject } from './replayed-project.ts';
import { factsOfCatalog, factsOfReplay } from './schema-facts.ts';

const SHOP = join(import.meta.dirname, '..', '..', '..', 'examples', 'shop');

describe('proof: the replayed schema', () => {
  it("is PostgreSQL's after each migration of the shop", async () => {
    const { driver, createDatabase } = await useLaboratory();
    const project = await openProject(SHOP);
    const session = { database: await createDatabase(), project: SHOP };
    for (const id of project.order) {
      const [app = '', to = ''] = id.split('.');
      const [, lines] = await driver.run(session, [{ do: 'migrate', app, to }, { do: 'schema' }]);
      const known = project.migration(id);
      assert.ok(known !== undefined);
      // Tables of Django's own apps, whose migrations are not part of the project.
      const own = factsOfCatalog(lines).filter((line) => !/^(\w+ )+(auth|django)_/.test(line));
      assertDifference(`The replayed schema after ${id}`, factsOfReplay(known.after), own);
    }
  });
});
