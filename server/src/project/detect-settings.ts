import type { FilePath } from '../base/file-path.ts';
import { baseNameOf, folderOf, stemOf } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import type { DatabaseKind } from '../base/target.ts';
import type { Module } from '../syntax/module.ts';
import type { ConnectionSettings } from './project.ts';
import type { SettingsModule } from './settings-module.ts';
import { databasesSpan, mayBeSettings, namesLockTimeout, readSettingsModule, tellingParts } from './settings-module.ts';
import { isForTests } from './test-paths.ts';

/** What the settings modules of a project say together. */
export interface DetectedSettings {
  readonly connection: ConnectionSettings;
  readonly database: DatabaseKind | undefined;
  /** `undefined` where it cannot be told. */
  readonly userModel: string | undefined;
  readonly defaultAutoField: string | undefined;
  /** App label → dotted module, or `undefined` for an app without migrations. */
  readonly migrationModules: ReadonlyMap<string, string | undefined>;
}

export interface SettingsInput {
  readonly root: FilePath;
  /** The Python files of the project. */
  readonly files: readonly FilePath[];
  text(file: FilePath): string | undefined;
  parse(text: string): Module;
  /** The file of a dotted module, seen from another file. */
  resolve(dotted: string, from: FilePath): FilePath | undefined;
}

/** One that names PostgreSQL wins over a development SQLite, and so on down. */
const preference: readonly DatabaseKind[] = ['postgresql', 'mariadb', 'mysql', 'oracle', 'sqlite'];

const djangoUserModel = 'auth.User';

export function detectSettings(input: SettingsInput): DetectedSettings {
  const modules = settingsModulesIn(input);
  // A library has settings for its tests only.
  const deployed = modules.filter(({ isForTests }) => !isForTests);
  const telling = deployed.length > 0 ? deployed : modules;
  return {
    connection: {
      found: modules.length > 0,
      setsLockTimeout: modules.some(({ setsLockTimeout }) => setsLockTimeout),
      databases: databasesIn(deployed),
    },
    database: preference.find((database) => modules.some(({ settings }) => settings.databases.has(database))),
    userModel: agreed(
      telling.map(({ settings }) => settings.userModel),
      modules.length > 0 ? djangoUserModel : undefined,
    ),
    defaultAutoField: agreed(
      telling.map(({ settings }) => settings.defaultAutoField),
      undefined,
    ),
    migrationModules: new Map(telling.flatMap(migrationModulesOf)),
  };
}

/** Where the database is set: where PostgreSQL is named, or else no database is, because the environment tells. */
function databasesIn(modules: readonly FoundModule[]): ConnectionSettings['databases'] {
  const places = modules.filter(({ databasesAt }) => databasesAt !== undefined);
  const place =
    places.find(({ settings }) => settings.databases.has('postgresql')) ??
    places.find(({ settings }) => settings.databases.size === 0);
  return place?.databasesAt && { file: place.file, at: place.databasesAt };
}

/** Settings for tests switch migrations off to be faster; the migrations are there all the same. */
function migrationModulesOf({ isForTests, settings }: FoundModule): readonly [string, string | undefined][] {
  const modules = [...settings.migrationModules];
  return isForTests ? modules.filter(([, target]) => target !== undefined) : modules;
}

/** The one value that is set, `otherwise` where none is; `undefined` where they differ. */
function agreed(
  values: readonly (string | 'various' | undefined)[],
  otherwise: string | undefined,
): string | undefined {
  const [only, ...others] = new Set(values.filter((value) => value !== undefined));
  if (only === undefined) return otherwise;
  return others.length > 0 || only === 'various' ? undefined : only;
}

interface FoundModule {
  readonly file: FilePath;
  readonly isForTests: boolean;
  readonly setsLockTimeout: boolean;
  readonly databasesAt: Span | undefined;
  readonly settings: SettingsModule;
}

function settingsModulesIn(input: SettingsInput): readonly FoundModule[] {
  const candidates = new Set([...namedByEntryPoints(input), ...input.files.filter(isNamedLikeSettings)]);
  const found: FoundModule[] = [];
  // Grows while it is gone through: settings are split over modules that import all of each other.
  for (const file of candidates) {
    const text = input.text(file);
    if (text === undefined) continue;
    const isSettings = mayBeSettings(text);
    const importsAll = text.includes('import *');
    if (!isSettings && !importsAll) continue;
    const module = input.parse(tellingParts(text));
    if (isSettings) {
      found.push({
        file,
        isForTests: isForTests(file, input.root),
        setsLockTimeout: namesLockTimeout(text),
        databasesAt: databasesSpan(text),
        settings: readSettingsModule(module),
      });
    }
    if (importsAll) for (const imported of importedWhole(module, file, input)) candidates.add(imported);
  }
  return found;
}

/** `config/settings/base.py`, `settings_prod.py`, `configuration.py` */
function isNamedLikeSettings(file: FilePath): boolean {
  const folder = baseNameOf(folderOf(file));
  if (folder === 'migrations') return false;
  return (
    /^(?:settings|config|conf)$/.test(folder) ||
    /(?:^|_)settings|^(?:conf|config|configuration)(?:_|$)/.test(stemOf(file))
  );
}

const entryPoint = /^(?:manage|wsgi|asgi)\.py$/;

/** The modules that `DJANGO_SETTINGS_MODULE` is set to where the application starts. */
function namedByEntryPoints(input: SettingsInput): readonly FilePath[] {
  return input.files
    .filter((file) => entryPoint.test(baseNameOf(file)))
    .flatMap((file) => {
      const named = /DJANGO_SETTINGS_MODULE["']\]?\s*[,=]\s*["']([\w.]+)["']/.exec(input.text(file) ?? '')?.[1];
      const settings = named === undefined ? undefined : input.resolve(named, file);
      return settings === undefined ? [] : [settings];
    });
}

/** What `from .base import *` brings in. */
function importedWhole(module: Module, file: FilePath, input: SettingsInput): readonly FilePath[] {
  return module.body.flatMap((statement) => {
    if (statement.kind !== 'import-from' || statement.names[0]?.name !== '*') return [];
    const dotted = '.'.repeat(statement.level) + statement.module;
    return input.resolve(dotted, file) ?? [];
  });
}
