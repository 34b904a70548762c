import { strict as assert } from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rules } from '../../../server/src/rules/registry.ts';
import type { BadExample, GoodExample, Rule } from '../../../server/src/rules/rule.ts';
import { filesText } from '../../support/memory-files.ts';
import { exampleProject, frameworkOf } from '../../support/rule-examples.ts';
import { writeProject } from '../case-project.ts';
import { runnableReleases } from '../django-releases.ts';
import { type Driver, runFar, type Session, type SqlOfMigration } from '../driver.ts';
import { operationsProject } from '../effects/django-operations.ts';
import { type FrameworkRelease, isBefore } from '../framework-release.ts';
import { testsInAdvance } from '../in-advance.ts';
import { type LentDatabase, useLaboratory } from '../laboratory.ts';
import { inWordsOf } from '../older-django.ts';
import { openProject } from '../replay/replayed-project.ts';
import { ALLOWED } from '../unfixed.ts';
import { assertSameSql, newTally, type Tally } from './compare.ts';
import { moreOperations } from './more-operations.ts';

const SHOP = join(import.meta.dirname, '..', '..', '..', 'examples', 'shop');
const releases = await runnableReleases();

const tallies = new Map(releases.map(({ label }) => [label, newTally()]));
/** Examples that begin before their tests, on each release. */
const AHEAD = 3;

for (const release of releases) {
  const tally = tallyOf(release);

  describe(`proof: the SQL of migrations on ${release.label}`, () => {
    it('is what sqlmigrate prints for the shop', async () => {
      const { driver, createDatabase } = await useLaboratory(release);
      const project = await writeProject(filesText(await shopFor(release)), release);
      try {
        const session = { database: await createDatabase(), project: project.folder };
        const apps = ['catalog', 'customers', 'newsletter', 'orders', 'reporting'];
        const [collected] = await driver.run(session, [{ do: 'sql-of-migrations', apps }]);
        assert.ok(collected.length > 25);
        assertSameSql(await openProject(project.folder), collected, tally);
      } finally {
        await project.remove();
      }
    });

    for (const [what, text] of Object.entries({
      'operations whose locks are measured': release.series === '4.2' ? '' : operationsProject(),
      'more operations': moreOperations(release.series),
    })) {
      it(`is what sqlmigrate prints for ${what}`, async () => {
        if (text === '') return;
        const { driver, createDatabase } = await useLaboratory(release);
        const project = await writeProject(text, release);
        try {
          const session = { database: await createDatabase(), project: project.folder };
          const [told] = await driver.run(session, [{ do: 'sql-of-migrations', apps: ['library'] }]);
          const read = await openProject(project.folder);
          assert.deepEqual(
            told.flatMap(({ failure }) => failure ?? []),
            [],
          );
          assertSameSql(read, told, tally);
        } finally {
          await project.remove();
        }
      });
    }
  });
}

describe('proof: the SQL of the migrations of examples', () => {
  const tests = testsInAdvance(AHEAD * releases.length);
  const scratch = new Map<string, Promise<LentDatabase>>();

  after('tell how they compare', async () => {
    await tests.settled();
    for (const lent of scratch.values()) await (await lent).giveBack();
    for (const release of releases) console.log(`    ${release.label}: ${tallyText(tallyOf(release))}`);
  });

  for (const rule of rules) {
    for (const example of [...rule.examples.bad, ...rule.examples.good]) {
      if (frameworkOf(example) === 'django') comparesExample(rule, example);
    }
  }

  /** On all releases at once: each has a Python and a database of its own. */
  function comparesExample(rule: Rule, example: BadExample | GoodExample): void {
    for (const release of releases) {
      const title = `is what sqlmigrate prints for ${rule.name}: ${example.title} (${release.label})`;
      tests.it(title, () => compare(example, release));
    }
  }

  async function compare(example: BadExample | GoodExample, release: FrameworkRelease): Promise<void> {
    const { texts } = exampleProject(example);
    const project = await writeProject(filesText(texts), release);
    try {
      const read = await openProject(project.folder);
      if (read.target.database !== 'postgresql') return;
      const apps = [...texts.keys()].flatMap((path) => /(\w+)\/migrations\//.exec(path)?.[1] ?? []);
      const laboratory = await useLaboratory(release);
      const lent = scratch.get(release.label) ?? laboratory.lendDatabase();
      scratch.set(release.label, lent);
      const session = { database: (await lent).name, project: project.folder };
      assertSameSql(read, await collect(laboratory.driver, session, apps), tallyOf(release));
    } finally {
      await project.remove();
    }
  }
});

/** The shop on another Django, in the words of that; where it has no defaults in the database, columns have them in Python. */
async function shopFor(release: FrameworkRelease): Promise<ReadonlyMap<string, string>> {
  const paths = (await readdir(SHOP, { recursive: true })).filter((path) => /\.(py|toml|txt)$/.test(path));
  const files = await Promise.all(
    paths.map(async (path) => {
      const text = (await readFile(join(SHOP, path), 'utf8')).replace(/^Django==.*/m, `Django==${release.version}`);
      const known = isBefore(release, '5.0') ? text.replaceAll('db_default=', 'default=') : text;
      return [path.replaceAll('\\', '/'), inWordsOf(release, known)] as const;
    }),
  );
  return new Map(files);
}

/** Examples show as little as they can: those that Django cannot load have nothing to compare with. */
async function collect(driver: Driver, session: Session, apps: readonly string[]): Promise<readonly SqlOfMigration[]> {
  const sql = ['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public'];
  const { results } = await runFar(driver, { ...session, environment: ALLOWED }, [
    { do: 'execute', sql },
    { do: 'sql-of-migrations', apps },
  ]);
  return results[1] ?? [];
}

function tallyOf({ label }: FrameworkRelease): Tally {
  const tally = tallies.get(label);
  assert.ok(tally !== undefined);
  return tally;
}

function tallyText({ exact, names, open, unknown }: Tally): string {
  const counts = [
    `${exact} statements are the same`,
    `${names} but for made-up names`,
    `${open} but for what is only known at run time`,
  ];
  return `${counts.join(', ')}; ${unknown} are sent by operations that are not known.`;
}
