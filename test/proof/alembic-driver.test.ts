import { strict as assert } from 'node:assert/strict';
import { alembicReleases } from './alembic-releases.ts';
import { type CaseProject, writeProject } from './case-project.ts';
import { failureOf } from './driver.ts';
import { useLaboratory } from './laboratory.ts';

const releases = await alembicReleases();

/** Two revisions: a table with an index on it, and a column that the release before does not know. */
const PROJECT = `
# file: migrations/versions/0001_books.py
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def upgrade():
    op.create_table(
        "authors",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, unique=True),
        sa.Column("rank", sa.Numeric(4, 2)),
    )
    op.create_table(
        "books",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("authors.id"), nullable=False),
        sa.Column("state", sa.Enum("new", "old", name="book_state"), nullable=False),
        sa.Column("sold_at", sa.DateTime(timezone=True)),
    )

def downgrade():
    op.drop_table("books")
    op.execute("DROP TYPE book_state")
    op.drop_table("authors")
# file: migrations/versions/0002_isbn.py
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

def upgrade():
    op.create_index("ix_books_sold_at", "books", ["sold_at"])
    op.add_column("books", sa.Column("isbn", sa.String(13), server_default="", nullable=False))
    op.alter_column("books", "isbn", server_default=None)

def downgrade():
    op.drop_column("books", "isbn")
    op.drop_index("ix_books_sold_at", "books")
`;

for (const release of releases) {
  describe(`proof: ${release.label}`, () => {
    let project: CaseProject;
    before(async () => {
      project = await writeProject(PROJECT, release);
    });
    after(() => project.remove());

    it('is what its Python runs', async () => {
      const { driver } = await useLaboratory(release);
      assert.deepEqual(await driver.run({ database: 'postgres' }, [{ do: 'version' }]), [release.version]);
    });

    it('upgrades revision by revision while both releases write, and goes back', async () => {
      const { driver, createDatabase } = await useLaboratory(release);
      const session = { database: await createDatabase(), project: project.folder };
      const file = 'migrations/versions/0002_isbn.py';
      const [applied, , before, filled] = await driver.run(session, [
        { do: 'migrate-before', migration: ['', file] },
        { do: 'fill' },
        { do: 'schema' },
        { do: 'rows' },
      ]);
      assert.deepEqual(applied, [['alembic', '0001']]);
      assert.ok(filled.includes('authors {"id": 1, "name": "text 1", "rank": 1.00}'), filled.join('\n'));
      const [deployed, after, , back, , again] = await driver.run(session, [
        { do: 'deploy', old: applied, number: 900_000 },
        { do: 'schema' },
        { do: 'migrate-back', to: applied },
        { do: 'schema' },
        { do: 'migrate' },
        { do: 'schema' },
      ]);
      assert.deepEqual(back, before);
      assert.deepEqual(again, after);
      assert.deepEqual(deployed.new, []);
      assert.deepEqual(
        deployed.old.map((each) => each.split(': ').slice(0, 3).join(': ')),
        ['books: insert_all: NotNullViolation', 'books: insert_least: NotNullViolation'],
      );
      assert.deepEqual(deployed.watched, [{ migration: '0002', reads: ['books'], writes: ['books'], busy: ['books'] }]);
      assert.ok(deployed.rows.some(([table, key]) => table === 'books' && key.startsWith('900')));
    });

    it('tells that there are two heads, and what the database refuses', async () => {
      const { driver, createDatabase } = await useLaboratory(release);
      const twoHeads = await writeProject(
        `${PROJECT}# file: migrations/versions/0002_other.py\nrevision = "0002b"\ndown_revision = "0001"\ndef upgrade():\n    1 / 0\n`,
        release,
      );
      const session = { database: await createDatabase(), project: twoHeads.folder };
      try {
        const refused = await driver.run(session, [{ do: 'deploy', number: 1 }]).catch(failureOf);
        assert.match(String(refused), /Multiple heads|multiple heads/);
        const failed = await driver.run(session, [{ do: 'deploy', number: 1, lenient: true }]).catch(failureOf);
        assert.match(String(failed), /division by zero/);
      } finally {
        await twoHeads.remove();
      }
    });

    it('tells that a revision builds on one that is not there', async () => {
      const { driver } = await useLaboratory(release);
      const broken = await writeProject(PROJECT.replace('down_revision = "0001"', 'down_revision = "0000"'), release);
      try {
        const loading = driver.run({ database: 'postgres', project: broken.folder }, [{ do: 'load' }]);
        assert.equal(failureOf(await loading.catch((error: unknown) => error)).type, 'NoGraph');
      } finally {
        await broken.remove();
      }
    });
  });
}
