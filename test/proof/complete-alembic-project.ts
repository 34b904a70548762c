import { isRevisionText } from '../support/rule-examples.ts';
import type { FrameworkRelease } from './framework-release.ts';

/** Adds what every Alembic project has, where it is not among the files: `alembic.ini`, `env.py`, requirements. */
export function completeAlembicProject(
  files: ReadonlyMap<string, string>,
  { version }: FrameworkRelease,
): ReadonlyMap<string, string> {
  const folder = scriptFolderOf(files);
  return new Map([
    ['requirements.txt', `alembic==${version}\npsycopg[binary]==3.3.9\n`],
    ['alembic.ini', configuration(folder)],
    [`${folder}/env.py`, ENVIRONMENT],
    [`${folder}/script.py.mako`, TEMPLATE],
    ...files,
  ]);
}

/** The folder with `env.py`, beside or above the folder that the revisions are in. */
function scriptFolderOf(files: ReadonlyMap<string, string>): string {
  const env = [...files.keys()].find((path) => /(^|\/)env\.py$/.test(path));
  const revision = [...files].find(([, text]) => isRevisionText(text))?.[0] ?? 'migrations/versions/x.py';
  const path = env ?? revision.replace(/\/versions\/.*$/, '/x.py');
  return path.slice(0, path.lastIndexOf('/'));
}

function configuration(folder: string): string {
  return `[alembic]
script_location = ${folder}
sqlalchemy.url = postgresql+psycopg:///proof
`;
}

const ENVIRONMENT = `from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config


def run_migrations_offline():
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    section = config.get_section(config.config_ini_section, {})
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
`;

const TEMPLATE = `"""${'$'}{message}"""

revision = ${'$'}{repr(up_revision)}
down_revision = ${'$'}{repr(down_revision)}


def upgrade():
    ${'$'}{upgrades if upgrades else "pass"}


def downgrade():
    ${'$'}{downgrades if downgrades else "pass"}
`;
