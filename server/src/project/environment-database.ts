import type { FilePath } from '../base/file-path.ts';
import { baseNameOf, isWithin, joinPath } from '../base/file-path.ts';
import type { DatabaseKind } from '../base/target.ts';
import type { AlembicEnvironment } from './alembic-environments.ts';
import { namesPackages } from './detect-django-version.ts';
import type { SourceView } from './project-layout.ts';
import { findModule, importedModules } from './python-modules.ts';

export interface EnvironmentPlace {
  readonly environment: AlembicEnvironment;
  /** The folder of the project. */
  readonly root: FilePath;
  /** The folder in which modules are looked for. */
  readonly workspace: FilePath;
}

/** A PostgreSQL that is named anywhere wins over a SQLite for development, and so on down. */
const urls: readonly (readonly [RegExp, DatabaseKind])[] = [
  [/\bpostgres(?:ql)?(?:\+\w+)?:\/\//, 'postgresql'],
  [/\bmariadb(?:\+\w+)?:\/\//, 'mariadb'],
  [/\bmysql(?:\+\w+)?:\/\//, 'mysql'],
  [/\boracle(?:\+\w+)?:\/\//, 'oracle'],
  [/\bsqlite(?:\+\w+)?:\/\//, 'sqlite'],
];

/** Drivers that nobody installs for another database. */
const drivers: readonly (readonly [RegExp, DatabaseKind])[] = [
  [/^\W*(?:psycopg(?:2|2-binary|2cffi)?|asyncpg|pg8000)\b/im, 'postgresql'],
  [/^\W*(?:pymysql|mysqlclient|mysql-connector-python|aiomysql|asyncmy)\b/im, 'mysql'],
];

/** Folders with the revisions for one of several databases are called like it. */
const folderNames: Readonly<Record<string, DatabaseKind>> = {
  mariadb: 'mariadb',
  mysql: 'mysql',
  oracle: 'oracle',
  postgres: 'postgresql',
  postgresql: 'postgresql',
  sqlite: 'sqlite',
};

/**
 * The database that an environment is for: by the folder that its revisions are in, by the URLs in alembic.ini, in env.py and
 * in the modules that env.py imports, then by the driver that is installed. Undefined where nothing tells.
 */
export function databaseOfEnvironment(place: EnvironmentPlace, sources: SourceView): DatabaseKind | undefined {
  const { environment, root } = place;
  const byFolder = folderNames[baseNameOf(environment.versions[0]).toLowerCase()];
  if (byFolder !== undefined) return byFolder;
  const env = joinPath(environment.folder, 'env.py');
  const named = told([environment.url, withoutComments(sources.text(env))], urls);
  if (named !== undefined && named !== 'sqlite') return named;
  const imported = told(
    importedBy(env, place, sources).map((file) => withoutComments(sources.text(file))),
    urls,
  );
  if (imported !== undefined && imported !== 'sqlite') return imported;
  const packages = sources.list().filter((file) => isWithin(file, root) && namesPackages(file));
  const installed = told(
    packages.map((file) => withoutComments(sources.text(file))),
    drivers,
  );
  // SQLite needs no driver: next to one for another database it is what tests run on.
  return installed ?? named ?? imported;
}

function told(
  texts: readonly (string | undefined)[],
  signs: readonly (readonly [RegExp, DatabaseKind])[],
): DatabaseKind | undefined {
  return signs.find(([pattern]) => texts.some((text) => text !== undefined && pattern.test(text)))?.[1];
}

function withoutComments(text: string | undefined): string | undefined {
  return text?.replaceAll(/^[ \t]*#.*$/gm, '');
}

function importedBy(env: FilePath, { workspace }: EnvironmentPlace, sources: SourceView): readonly FilePath[] {
  const module = sources.module(env)?.module;
  const names = module === undefined ? [] : importedModules(module);
  return names.flatMap((name) => findModule(name, env, workspace, (file) => sources.exists(file)) ?? []);
}
