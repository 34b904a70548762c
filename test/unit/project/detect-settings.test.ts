import assert from 'node:assert/strict';
import type { DetectedSettings } from '../../../server/src/project/detect-settings.ts';
import { detectSettings } from '../../../server/src/project/detect-settings.ts';
import { findModule } from '../../../server/src/project/python-modules.ts';
import type { PythonParser } from '../../../server/src/syntax/parser.ts';
import { readFiles } from '../../support/memory-files.ts';
import { pythonParser } from '../../support/python.ts';

let parser: PythonParser;
before(async () => {
  parser = await pythonParser();
});

function settingsOf(files: string): DetectedSettings {
  const texts = readFiles(files);
  return detectSettings({
    root: '',
    files: [...texts.keys()],
    text: (file) => texts.get(file),
    parse: (text) => parser.read(text),
    resolve: (dotted, from) => findModule(dotted, from, '', (file) => texts.has(file)),
  });
}

function checkDatabase(settings: string, expected: string | undefined): void {
  assert.equal(settingsOf(`# file: config/settings.py\n${settings}`).database, expected, settings);
}

describe('the database of a project', () => {
  it('is the engine of its settings', () => {
    for (const [engine, database] of [
      ['django.db.backends.postgresql', 'postgresql'],
      ['django.db.backends.postgresql_psycopg2', 'postgresql'],
      ['django.contrib.gis.db.backends.postgis', 'postgresql'],
      ['django_prometheus.db.backends.postgresql', 'postgresql'],
      ['django_tenants.postgresql_backend', 'postgresql'],
      ['psqlextra.backend', 'postgresql'],
      ['django.db.backends.mysql', 'mysql'],
      ['mysql.connector.django', 'mysql'],
      ['django.contrib.gis.db.backends.mysql', 'mysql'],
      ['django_prometheus.db.backends.mysql', 'mysql'],
      ['dj_db_conn_pool.backends.mysql', 'mysql'],
      ['django_psdb_engine', 'mysql'],
      ['django.contrib.gis.db.backends.spatialite', 'sqlite'],
      ['django.db.backends.sqlite3', 'sqlite'],
      ['django.db.backends.oracle', 'oracle'],
      ['mssql', undefined],
    ]) {
      checkDatabase(`DATABASES = {"default": {"ENGINE": "${engine}"}}\n`, database);
    }
  });

  it('is the scheme of a URL', () => {
    checkDatabase(
      'import dj_database_url\nDATABASES = {"default": dj_database_url.config(default="postgres://localhost/x")}\n',
      'postgresql',
    );
    checkDatabase('DATABASES = {"default": env.db("DATABASE_URL", default="mysql://root@db/x")}\n', 'mysql');
    checkDatabase('DATABASES = {"default": env.db(default=f"postgresql://{USER}@db/x")}\n', 'postgresql');
    checkDatabase('DATABASES = {"default": env.db("DATABASE_URL", default="sqlite:///db.sqlite3")}\n', 'sqlite');
    checkDatabase('DATABASES = {"default": dj_database_url.config()}\n', undefined);
  });

  it('is the default one of several', () => {
    const engine = (name: string): string => `{"ENGINE": "django.db.backends.${name}"}`;
    checkDatabase(`DATABASES = {"default": ${engine('mysql')}, "reports": ${engine('postgresql')}}\n`, 'mysql');
    checkDatabase(`DATABASES = {"reports": ${engine('postgresql')}, "default": ${engine('sqlite3')}}\n`, 'sqlite');
    checkDatabase(
      `DATABASES = {"default": ${engine('mysql')}}\nDATABASES["reports"] = ${engine('postgresql')}\nDATABASES["reports"]["X"] = "postgres://"\n`,
      'mysql',
    );
    checkDatabase(`DATABASES = {}\nDATABASES["default"] = ${engine('mysql')}\n`, 'mysql');
    checkDatabase(`DATABASES = {"default": {}, "shop": ${engine('mysql')}}\n`, 'mysql');
    checkDatabase(
      `MAIN = ${engine('mysql')}\nDATABASES = {"default": MAIN, "copy": ${engine('postgresql')}}\n`,
      'mysql',
    );
    checkDatabase('INSTALLED_APPS = ["django_mysql"]\nDATABASES = {"default": env.db()}\n', 'mysql');
  });

  it('is found in branches, in calls and in classes of settings', () => {
    checkDatabase(
      'if DEBUG:\n    X = 1\nelse:\n    DATABASES = {"default": {"ENGINE": "y.backends.mysql"}}\n',
      'mysql',
    );
    checkDatabase('if DEBUG:\n    DATABASES = {"default": {"ENGINE": "django.db.backends.mysql"}}\n', 'mysql');
    checkDatabase(
      'DATABASES = {}\nDATABASES["default"].update({"ENGINE": "x.backends.postgresql" if M else "y"})\n',
      'postgresql',
    );
    checkDatabase('class Base:\n    DATABASES = {"default": {"ENGINE": "django.db.backends.mysql"}}\n', 'mysql');
    checkDatabase('INSTALLED_APPS = ["django.contrib.postgres"]\nDATABASES = {"default": env.db()}\n', 'postgresql');
  });

  it('is not what comments, docstrings, caches and sessions name', () => {
    checkDatabase('"""django.db.backends.mysql"""\nINSTALLED_APPS = []\n', undefined);
    checkDatabase(
      'DATABASES = {\n    # "ENGINE": "django.db.backends.postgresql",\n    "default": {"ENGINE": "django.db.backends.sqlite3"},\n}\n',
      'sqlite',
    );
    checkDatabase(
      'INSTALLED_APPS = []\nSESSION_ENGINE = "django.contrib.sessions.backends.db"\nCACHE = "redis://x"\n',
      undefined,
    );
  });

  it('is found among much else', () => {
    const { database } = settingsOf(`
      # file: config/settings.py
      import os

      """Not this: django.db.backends.mysql, nor
      DATABASES = "mysql://x"
      """
      LOGGING = {
          "version": 1,
      }
      # DATABASES = {"default": {"ENGINE": "django.db.backends.oracle"}}
      DATABASES = {
          "default": {
      # a comment in the first column
              "ENGINE": "django.db.backends.sqlite3",
          },
      }
      if os.environ.get("X"):
          LOGGING = {}
      else:
          INSTALLED_APPS = []
      `);
    assert.equal(database, 'sqlite');
  });

  it('is PostgreSQL where any settings module names it', () => {
    const { database } = settingsOf(`
      # file: config/settings/local.py
      from .base import *
      DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
      # file: config/settings/production.py
      from .base import *
      DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
      # file: config/settings/base.py
      INSTALLED_APPS = []
    `);
    assert.equal(database, 'postgresql');
  });
});

describe('settings modules', () => {
  it('are found by the entry points, and by what they import whole', () => {
    const { database, userModel } = settingsOf(`
      # file: manage.py
      os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.production")
      # file: site/production.py
      from .common import *
      # file: site/common.py
      from site.databases import *
      AUTH_USER_MODEL = "people.Person"
      # file: site/databases.py
      DATABASES = {"default": {"ENGINE": "django.db.backends.mysql"}}
    `);
    assert.equal(database, 'mysql');
    assert.equal(userModel, 'people.Person');
  });

  it('are not migrations, and not files that set nothing', () => {
    const { connection } = settingsOf(`
      # file: site/migrations/0002_settings.py
      INSTALLED_APPS = []
      # file: site/settings/fields.py
      color = "DATABASES"
    `);
    assert.equal(connection.found, false);
  });

  it('that import each other are read once', () => {
    const { connection } = settingsOf(`
      # file: settings/a.py
      from .b import *
      DATABASES = {}
      # file: settings/b.py
      from .a import *
      DATABASES = {}
    `);
    assert.equal(connection.found, true);
  });

  it('say which model is the user', () => {
    assert.equal(settingsOf('# file: settings.py\nINSTALLED_APPS = []\n').userModel, 'auth.User');
    assert.equal(settingsOf('# file: settings.py\nAUTH_USER_MODEL = "a.U"\n').userModel, 'a.U');
    assert.equal(settingsOf('# file: shop/models.py\nx = 1\n').userModel, undefined);
    const various = '# file: settings.py\nif X:\n    AUTH_USER_MODEL = "a.U"\nelse:\n    AUTH_USER_MODEL = "b.U"\n';
    assert.equal(settingsOf(various).userModel, undefined);
    assert.equal(settingsOf('# file: settings.py\nAUTH_USER_MODEL = env("USER_MODEL")\n').userModel, undefined);
  });

  it('of tests count only where there are no others', () => {
    const tests =
      '# file: tests/settings.py\nAUTH_USER_MODEL = "test.User"\nDATABASES = "django.db.backends.sqlite3"\n';
    assert.equal(settingsOf(tests).userModel, 'test.User');
    const both = settingsOf(`${tests}# file: shop/settings.py\nAUTH_USER_MODEL = "users.User"\n`);
    assert.equal(both.userModel, 'users.User');
    assert.equal(both.database, 'sqlite');
  });

  it('say where the databases are set, and whether a lock_timeout is', () => {
    const one = settingsOf(`
      # file: conf/settings.py
      '''DATABASES are set below.'''
      # lock_timeout is for later
      if PRODUCTION:
          DATABASES: dict = {"default": {"ENGINE": "django.db.backends.postgresql"}}
    `).connection;
    assert.equal(one.setsLockTimeout, false);
    assert.deepEqual(one.databases, { file: 'conf/settings.py', at: { start: 78, end: 87 } });

    const two = settingsOf(`
      # file: conf/settings/base.py
      DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
      # file: conf/settings/production.py
      DATABASES["default"] = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": "-c lock_timeout=2s"}}
    `).connection;
    assert.equal(two.setsLockTimeout, true);
    assert.equal(two.databases?.file, 'conf/settings/production.py');

    const forTests = settingsOf('# file: tests/settings.py\nDATABASES = {}\n').connection;
    assert.deepEqual(forTests, { found: true, setsLockTimeout: false, databases: undefined });
    assert.deepEqual(settingsOf('# file: a.py\nx = 1\n').connection, {
      found: false,
      setsLockTimeout: false,
      databases: undefined,
    });
  });

  it('say where migrations are kept, and what an id is', () => {
    const { migrationModules, defaultAutoField } = settingsOf(`
      # file: settings.py
      MIGRATION_MODULES = {"blog": "db.blog_migrations", "legacy": None, "computed": name()}
      DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
    `);
    assert.deepEqual(
      [...migrationModules],
      [
        ['blog', 'db.blog_migrations'],
        ['legacy', undefined],
      ],
    );
    assert.equal(defaultAutoField, 'django.db.models.BigAutoField');
  });
});

describe('a module by its name', () => {
  const files = new Set(['shop/helpers.py', 'shop/migrations/ops/__init__.py', 'src/pay/gate.py', 'shop/__init__.py']);
  const find = (dotted: string) => findModule(dotted, 'shop/migrations/0001_initial.py', '', (file) => files.has(file));

  it('is looked for beside and above the importing file', () => {
    assert.equal(find('..helpers'), 'shop/helpers.py');
    assert.equal(find('.ops'), 'shop/migrations/ops/__init__.py');
    assert.equal(find('..'), 'shop/__init__.py');
    assert.equal(find('shop.helpers'), 'shop/helpers.py');
    assert.equal(find('pay.gate'), 'src/pay/gate.py');
    assert.equal(find('django.db'), undefined);
    assert.equal(find('....x'), undefined);
  });
});
