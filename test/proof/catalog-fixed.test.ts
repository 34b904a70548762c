import { strict as assert } from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alembicReleases } from './alembic-releases.ts';
import { assertDifference } from './difference.ts';
import type { Session } from './driver.ts';
import { fillIn } from './fill-in.ts';
import { type Laboratory, useLaboratory } from './laboratory.ts';
import { check, fix, fixAll, owedSteps } from './stepwise-command.ts';
import { ALLOWED } from './unfixed.ts';

const CATALOG = join(import.meta.dirname, '..', '..', 'examples', 'catalog');
const VERSIONS = 'migrations/versions';

for (const release of await alembicReleases()) {
  describe(`proof: all fixes of the catalog together on ${release.label}`, () => {
    let folder: string;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'stepwise-catalog-'));
      await cp(CATALOG, folder, { recursive: true });
      await fixAll(folder);
      // What only the library knows: the numbers of its books.
      await fillIn(
        join(folder, VERSIONS, '19322d59c144_fill_books_isbn.py'),
        'raise NotImplementedError("Write how books.isbn is found for rows that have none.")',
        'return f"978{row.id:010}"',
      );
    });

    after(() => rm(folder, { recursive: true, force: true }));

    it('upgrade tables with rows deploy by deploy, back to the base and up again', async () => {
      const laboratory = await useLaboratory(release);
      const { driver, createDatabase } = laboratory;
      const session = { database: await createDatabase(), project: folder, environment: ALLOWED };
      await upgradeOneByOne(laboratory, session);
      const unfixed = { database: await createDatabase(), project: CATALOG };
      const [, wanted] = await driver.run(unfixed, [{ do: 'migrate' }, { do: 'schema' }]);
      const [first] = await driver.run(session, [{ do: 'schema' }]);
      // NOT NULL comes in a later release, and so does the end of columns.
      assertDifference('The schema', first, wanted, {
        added: [
          'column books.isbn: character varying(13)',
          'column books.shelf: character varying(10)',
          'column members.name: character varying(120)',
          'trigger members.members_name_renamed: CREATE TRIGGER members_name_renamed BEFORE INSERT OR UPDATE ON public.members FOR EACH ROW EXECUTE FUNCTION members_name_renamed()',
        ],
        removed: ['column books.isbn: character varying(13) not null'],
      });

      for (const { file, rule, fixes } of await owedSteps(folder)) await fix(folder, file, rule, fixes[0]?.title ?? '');
      assert.deepEqual(await owedSteps(folder), []);
      await upgradeOneByOne(laboratory, session);
      const [pending, last, rows] = await driver.run(session, [{ do: 'pending' }, { do: 'schema' }, { do: 'rows' }]);
      assert.equal(pending, '');
      assertDifference('The schema after the later release', last, wanted);
      const [, , emptied] = await driver.run(session, [
        { do: 'migrate', to: 'zero' },
        { do: 'applied' },
        { do: 'schema' },
      ]);
      assert.deepEqual(emptied, []);
      assert.ok(
        rows.some((row) => row.includes('"isbn": "978')),
        rows.join('\n'),
      );
      await upgradeOneByOne(laboratory, session);
      const [again] = await driver.run(session, [{ do: 'schema' }]);
      assertDifference('The schema after going back and upgrading again', again, wanted);
    });

    it('leave nothing that a fix could mend', async () => {
      const { findings, problems } = await check(folder);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        findings.filter(({ fixes }) => fixes.length > 0),
        [],
      );
      assert.deepEqual(
        findings.map(({ file, rule }) => `${file.slice(VERSIONS.length + 1)} ${rule}`),
        [
          '0dc75f3e92ab_loan_reminders.py unbatched-data-migration',
          '0dc75f3e92ab_loan_reminders.py work-under-exclusive-lock',
          'b63e82f1a4c9_member_email_required.py mixed-schema-and-data',
        ],
      );
    });
  });
}

/** Each table has rows before the next revision comes. */
async function upgradeOneByOne({ driver }: Laboratory, session: Session): Promise<void> {
  const [applied] = await driver.run(session, [{ do: 'applied' }]);
  const files = (await readdir(join(session.project ?? '', VERSIONS))).filter((name) => name.endsWith('.py'));
  for (let count = applied.length; count < files.length; count++) {
    await driver.run(session, [{ do: 'migrate', to: '+1' }, { do: 'fill' }]);
  }
}
