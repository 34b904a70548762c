import assert from 'node:assert/strict';
import { rules } from '../../../server/src/rules/registry.ts';
import type { Constraint, Index } from '../../../server/src/schema/schema.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { revisionText } from './check-revision.ts';

const env = `from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

from shop.models import Base

config = context.config
target_metadata = Base.metadata


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    connectable = engine_from_config(config.get_section(config.config_ini_section), poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
`;

const convention = `
convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s_%(referred_column_0_name)s",
    "pk": "pk_%(table_name)s",
}
`;

const models = `from sqlalchemy import MetaData
from sqlalchemy.orm import declarative_base
${convention}
metadata = MetaData(naming_convention=convention)
Base = declarative_base(metadata=metadata)
`;

type Files = Readonly<Record<string, string>>;

async function opened(upgrade: string, files: Files) {
  const file = 'alembic/versions/bbbb_now.py';
  const texts = new Map(Object.entries(files));
  texts.set('alembic/versions/aaaa_first.py', revisionText('aaaa', undefined, 'pass'));
  texts.set(file, revisionText('bbbb', 'aaaa', upgrade));
  const { workspace } = await openTexts(texts, rules);
  return { workspace, project: workspace.projectOf(file) };
}

const shown = ({ name, nameIsExact }: Constraint | Index): string => (nameIsExact ? name : `~${name}`);

/** What the constraints and indexes are called that a revision makes; guesses with a tilde. */
async function namesOf(upgrade: string, files: Files): Promise<readonly string[]> {
  const { project } = await opened(upgrade, files);
  const forward = project.migration('bbbb')?.migration.forward ?? [];
  return forward.flatMap((change) => {
    if (change.kind === 'AddConstraint') return [shown(change.constraint)];
    if (change.kind === 'CreateIndex') return [shown(change.index)];
    if (change.kind === 'DropConstraint') return [change.constraint];
    return change.kind === 'CreateTable' ? [...change.constraints, ...change.indexes].map(shown) : [];
  });
}

const keys = `
op.create_unique_constraint(None, "t", ["a", "b"])
op.create_foreign_key(None, "t", "r", ["a", "b"], ["x", "y"])
op.create_primary_key(None, "t", ["a"])
op.create_index(None, "t", ["a", "b"], schema="s")
op.create_check_constraint("pos", "t", "a > 1")
op.create_check_constraint(op.f("pos"), "t", "a > 1")
op.drop_constraint("pos", "t", type_="check")
op.drop_constraint("pos", "t")
`;

/** What SQLAlchemy 2.1 and Alembic 1.20 write for them. */
const keysByConvention = ['uq_t_a_b', 'fk_t_a_r_x', 'pk_t', 'ix_t_a_b', 'ck_t_pos', 'pos', 'ck_t_pos', 'pos'];

describe('the naming convention', () => {
  const findable: readonly (readonly [string, Files])[] = [
    ['of a base that is given its metadata', { 'shop/models.py': models }],
    [
      'of a declarative base',
      {
        'shop/models.py': `from sqlalchemy import MetaData\nfrom sqlalchemy.orm import DeclarativeBase\n${convention}\n
class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=convention)
`,
      },
    ],
    [
      'of metadata from another module',
      {
        'shop/models.py': 'from .base import Base\n',
        'shop/base.py':
          'from shop.meta import meta\nfrom sqlalchemy.orm import registry\n\nBase = registry(metadata=meta).generate_base()\n',
        'shop/meta.py': `import sqlalchemy as sa\n${convention}\nmeta = sa.MetaData(naming_convention=convention)\n`,
      },
    ],
    [
      'of a class that others are made from',
      {
        'shop/models.py': `from shop.base import Model\n\n\nclass Base(Model):\n    __abstract__ = True\n`,
        'shop/base.py': `from sqlalchemy import MetaData\nfrom sqlalchemy.orm import DeclarativeBase\n${convention}\n
class Model(DeclarativeBase):
    metadata = MetaData(naming_convention=convention)
`,
      },
    ],
    [
      'that is assigned',
      {
        'shop/models.py': `${models.replace('naming_convention=convention', '')}\nmetadata.naming_convention = convention\n`,
      },
    ],
  ];
  for (const [title, files] of findable) {
    it(`is found: ${title}`, async () => {
      assert.deepEqual(await namesOf(keys, { 'alembic/env.py': env, ...files }), keysByConvention);
    });
  }

  it('is found in the application, which Flask-Migrate asks for it', async () => {
    const flask = env
      .replace('from shop.models import Base', 'from flask import current_app')
      .replace('Base.metadata', "current_app.extensions['migrate'].db.metadata");
    const extensions = `from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy import MetaData\n${convention}
db = SQLAlchemy(metadata=MetaData(naming_convention=convention))
`;
    assert.deepEqual(
      await namesOf(keys, { 'alembic/env.py': flask, 'shop/extensions.py': extensions }),
      keysByConvention,
    );
  });

  it('is not there: the database makes up names, SQLAlchemy those of indexes', async () => {
    const plain = models.replace('naming_convention=convention', '');
    assert.deepEqual(await namesOf(keys, { 'alembic/env.py': env, 'shop/models.py': plain }), [
      '~t_a_b_key',
      '~t_a_b_fkey',
      '~t_pkey',
      'ix_s_t_a',
      'pos',
      'pos',
      'pos',
      'pos',
    ]);
  });

  it('names what stands inside a table and a column', async () => {
    const table = `
op.create_table(
    "t",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("r_id", sa.Integer(), sa.ForeignKey("r.id"), unique=True),
    sa.Column("code", sa.Text(), unique=True, index=True),
    sa.UniqueConstraint("id", "code"),
    sa.CheckConstraint("r_id > 1", name="pos"),
)
op.add_column("t", sa.Column("q_id", sa.Integer(), sa.ForeignKey("q.id"), unique=True))
`;
    assert.deepEqual(await namesOf(table, { 'alembic/env.py': env, 'shop/models.py': models }), [
      'pk_t',
      'uq_t_id_code',
      'ck_t_pos',
      'uq_t_r_id',
      'fk_t_r_id_r_id',
      'ix_t_code',
      'uq_t_q_id',
      'fk_t_q_id_q_id',
    ]);
  });

  it('is applied to what is dropped where it builds on names, indexes too', async () => {
    const named = models.replace('ix_%(table_name)s_%(column_0_N_name)s', 'ix_%(table_name)s_%(constraint_name)s');
    const drops = ['"ck_t_pos"', 'op.f("ck_t_pos")'].map((name) => `op.drop_constraint(${name}, "t", type_="check")`);
    const files = { 'alembic/env.py': env, 'shop/models.py': named };
    assert.deepEqual(await namesOf(drops.join('\n'), files), ['ck_t_ck_t_pos', 'ck_t_pos']);
    const { project } = await opened(
      'op.drop_index("a", "t")\nop.drop_index("a")\nop.drop_index(op.f("a"), "t")',
      files,
    );
    const forward = project.migration('bbbb')?.migration.forward ?? [];
    assert.deepEqual(
      forward.map((change) => (change.kind === 'DropIndex' ? change.index : change.kind)),
      ['ix_t_a', 'ix_no_table_a', 'a'],
    );
  });

  it('cuts names as SQLAlchemy does', async () => {
    const table = 't'.repeat(50);
    const long = `op.create_unique_constraint(None, "${table}", ["a_very_long_column_name_that_goes_on"])`;
    assert.deepEqual(await namesOf(long, { 'alembic/env.py': env, 'shop/models.py': models }), [`uq_${table}_a_ced5`]);
  });

  it('is read again when it changes', async () => {
    const { workspace } = await opened(keys, { 'alembic/env.py': env, 'shop/models.py': models });
    const file = 'alembic/versions/bbbb_now.py';
    const primaryKey = () => {
      const { constraints } = workspace.projectOf(file).migration('bbbb')?.after.tables.get('t') ?? {};
      return [...(constraints?.keys() ?? [])].find((name) => name.startsWith('pk'));
    };
    primaryKey();
    workspace.openDocument('shop/models.py', models.replace('pk_%(table_name)s', 'pk_of_%(table_name)s'));
    const forward = workspace.projectOf(file).migration('bbbb')?.migration.forward ?? [];
    const names = forward.flatMap((change) => (change.kind === 'AddConstraint' ? [change.constraint.name] : []));
    assert.ok(names.includes('pk_of_t'), names.join());
  });
});

describe('env.py', () => {
  it('says how revisions are run', async () => {
    const { project } = await opened('pass', { 'alembic/env.py': env });
    assert.deepEqual(
      [project.environmentFile?.transactionPerMigration, project.environmentFile?.rendersAsBatch],
      [false, false],
    );
    const text = env.replace(
      'connection=connection,',
      'connection=connection, transaction_per_migration=True, render_as_batch=True,',
    );
    const { environmentFile, connection } = (await opened('pass', { 'alembic/env.py': text })).project;
    assert.deepEqual([environmentFile?.transactionPerMigration, environmentFile?.rendersAsBatch], [true, true]);
    assert.deepEqual(connection.databases, {
      file: 'alembic/env.py',
      at: { start: text.lastIndexOf('context.configure'), end: text.lastIndexOf('context.configure') + 17 },
    });
  });

  it('leaves open whether revisions share a transaction where the options come from elsewhere', async () => {
    const told = async (options: string) => {
      const text = env.replace('connection=connection,', `connection=connection, ${options},`);
      return (await opened('pass', { 'alembic/env.py': text })).project.environmentFile?.transactionPerMigration;
    };
    assert.equal(await told('**conf_args'), undefined);
    assert.equal(await told('transaction_per_migration=config.get("apart")'), undefined);
    assert.equal(await told('transaction_per_migration=False, **conf_args'), false);
    assert.equal(await told('transaction_per_migration=True, **conf_args'), true);
    assert.equal(await told('**{"compare_type": True}'), false);
  });

  it('sets a lock_timeout itself, by a URL, or in a module that it imports', async () => {
    const sets = async (files: Files) => (await opened('pass', files)).project.connection.setsLockTimeout;
    const inside = env.replace(
      'with context.begin',
      'connection.execute(text("SET lock_timeout = 4000"))\n        with context.begin',
    );
    assert.equal(await sets({ 'alembic/env.py': env }), false);
    assert.equal(await sets({ 'alembic/env.py': `# lock_timeout\n${env}` }), false);
    assert.equal(await sets({ 'alembic/env.py': inside }), true);
    assert.equal(
      await sets({ 'alembic/env.py': env, 'shop/models.py': 'options = {"options": "-c lock_timeout=5s"}\n' }),
      true,
    );
    const ini = '[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql:///a?options=-clock_timeout%%3D5s\n';
    assert.equal(await sets({ 'alembic.ini': ini, 'alembic/env.py': env }), true);
  });

  const databases: readonly (readonly [string, Files, string])[] = [
    ['nothing says', {}, 'postgresql'],
    [
      'alembic.ini',
      { 'alembic.ini': '[alembic]\nscript_location = alembic\nsqlalchemy.url = mysql+pymysql://h/d\n' },
      'mysql',
    ],
    [
      'the template of alembic.ini',
      { 'alembic.ini': '[alembic]\nscript_location = alembic\nsqlalchemy.url = driver://u:p@h/d\n' },
      'postgresql',
    ],
    ['env.py', { 'alembic/env.py': `${env}url = "sqlite:///app.db"\n` }, 'sqlite'],
    ['a comment in env.py', { 'alembic/env.py': `${env}# url = "sqlite:///app.db"\n` }, 'postgresql'],
    [
      'a module that env.py imports',
      { 'alembic/env.py': env, 'shop/models.py': 'URL = "mariadb+pymysql://h/d"\n' },
      'mariadb',
    ],
    [
      'a driver beside a SQLite for development',
      { 'alembic/env.py': `${env}url = "sqlite:///app.db"\n`, 'requirements.txt': 'alembic\npsycopg2-binary==2.9\n' },
      'postgresql',
    ],
    ['a driver alone', { 'alembic/env.py': env, 'requirements.txt': 'alembic\nPyMySQL\n' }, 'mysql'],
  ];
  for (const [title, files, expected] of databases) {
    it(`tells the database: ${title}`, async () => {
      assert.equal((await opened('pass', files)).project.target.database, expected);
    });
  }
});
