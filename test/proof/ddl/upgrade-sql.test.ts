import { strict as assert } from 'node:assert/strict';
import { join } from 'node:path';
import { rules } from '../../../server/src/rules/registry.ts';
import { filesText } from '../../support/memory-files.ts';
import { exampleProject, frameworkOf } from '../../support/rule-examples.ts';
import { alembicReleases } from '../alembic-releases.ts';
import { writeProject } from '../case-project.ts';
import { RunFailed, type SqlOfMigration } from '../driver.ts';
import type { FrameworkRelease } from '../framework-release.ts';
import { useLaboratory } from '../laboratory.ts';
import { openProject } from '../replay/replayed-project.ts';
import { assertSameSql, newTally } from './compare.ts';
import { moreDirectives } from './more-directives.ts';

const CATALOG = join(import.meta.dirname, '..', '..', '..', 'examples', 'catalog');

for (const release of await alembicReleases()) {
  const tally = newTally();

  describe(`proof: the SQL of revisions on ${release.label}`, () => {
    after('tell how they compare', () => {
      const { exact, names, open, unknown } = tally;
      console.log(
        `    ${release.label}: ${exact + names} statements are the same, ${open} but for what is only known at run time; ` +
          `${unknown} are sent by calls that are not known.`,
      );
    });

    it('is what upgrade --sql prints for all directives', async () => {
      const told = await compare(moreDirectives(release.series), release);
      assert.equal(told.length, 6);
      assert.deepEqual(
        told.flatMap(({ failure }) => failure ?? []),
        [],
      );
    });

    it('is what upgrade --sql prints for the catalog', async () => {
      const { driver } = await useLaboratory(release);
      const [told] = await driver.run({ database: 'postgres', project: CATALOG }, [
        { do: 'sql-of-migrations', apps: [] },
      ]);
      assert.equal(told.length, 12);
      assertSameSql(await openProject(CATALOG), told, tally);
    });

    for (const rule of rules) {
      for (const example of [...rule.examples.bad, ...rule.examples.good]) {
        if (frameworkOf(example) !== 'alembic') continue;
        it(`is what upgrade --sql prints for ${rule.name}: ${example.title}`, async () => {
          await compare(filesText(exampleProject(example).texts), release);
        });
      }
    }
  });

  /** Answers what Alembic prints; examples that it cannot load have nothing to compare with. */
  async function compare(files: string, on: FrameworkRelease): Promise<readonly SqlOfMigration[]> {
    const { driver } = await useLaboratory(on);
    const project = await writeProject(files, on);
    try {
      const read = await openProject(project.folder);
      if (read.target.database !== 'postgresql') return [];
      const session = { database: 'postgres', project: project.folder, environment: ALLOWED };
      const [told] = await driver.run(session, [{ do: 'sql-of-migrations', apps: [] }]);
      assertSameSql(read, told, tally);
      return told;
    } catch (error) {
      if (error instanceof RunFailed) return [];
      throw error;
    } finally {
      await project.remove();
    }
  }
}

const ALLOWED = { ALLOW_DESTRUCTIVE_MIGRATIONS: '1' };
