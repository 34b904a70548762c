import { type EnvironmentFile, readEnvironmentFile } from '../alembic/environment-file.ts';
import { namingBuiltIn } from '../alembic/metadata.ts';
import { type Naming, unknownNaming } from '../alembic/naming.ts';
import { opensSessionsInUtc } from '../alembic/session-zone.ts';
import { type FilePath, isWithin, joinPath } from '../base/file-path.ts';
import type { Module } from '../syntax/module.ts';
import type { Scope } from '../syntax/scope.ts';
import type { AlembicEnvironment } from './alembic-environments.ts';
import type { ModuleScopes } from './module-scopes.ts';
import type { ConnectionSettings } from './project.ts';
import { findModule, importedModules } from './python-modules.ts';
import { namesLockTimeout } from './settings-module.ts';
import type { SourceFiles } from './source-files.ts';

export interface KnownEnvironmentOptions {
  readonly sources: SourceFiles;
  readonly scopes: ModuleScopes;
  /** The folder of the project, in which applications keep their metadata. */
  readonly root: FilePath;
  /** The folder in which modules are looked for. */
  readonly workspace: FilePath;
}

interface Read {
  /** Undefined where env.py is missing or configures nothing. */
  readonly file: EnvironmentFile | undefined;
  readonly naming: Naming;
  readonly connection: ConnectionSettings;
  /** Its sessions are opened with UTC as their time zone. */
  readonly isInUtc: boolean;
  /** Files that took part in it. */
  readonly consulted: ReadonlySet<FilePath>;
}

/** What env.py says, with the modules that it imports; read when it is asked for, and again when one of them changes. */
export class KnownEnvironment {
  readonly #options: KnownEnvironmentOptions;
  #environment: AlembicEnvironment;
  #read: Read | undefined;

  constructor(environment: AlembicEnvironment, options: KnownEnvironmentOptions) {
    this.#environment = environment;
    this.#options = options;
  }

  get path(): FilePath {
    return joinPath(this.#environment.folder, 'env.py');
  }

  get file(): EnvironmentFile | undefined {
    return this.#known().file;
  }

  get naming(): Naming {
    return this.#known().naming;
  }

  get connection(): ConnectionSettings {
    return this.#known().connection;
  }

  get isInUtc(): boolean {
    return this.#known().isInUtc;
  }

  /** Whether one of the files takes part in what is known. */
  concerns(files: ReadonlySet<FilePath>): boolean {
    return [...(this.#read?.consulted ?? [])].some((file) => files.has(file));
  }

  /** Reads again what was read. @returns whether changes mean something else now */
  renew(environment: AlembicEnvironment): boolean {
    const before = this.#read;
    this.#environment = environment;
    this.#read = undefined;
    return before !== undefined && (before.isInUtc !== this.isInUtc || !isSameNaming(before.naming, this.naming));
  }

  #known(): Read {
    this.#read ??= this.#readAll();
    return this.#read;
  }

  #readAll(): Read {
    const { sources, scopes } = this.#options;
    const source = sources.module(this.path);
    const consulted = new Set([this.path]);
    const scopeOf = (module: Module): Scope | undefined => {
      const origin = sources.sourceOf(module);
      if (origin === undefined) return undefined;
      consulted.add(origin.file);
      return scopes.scopeOf(origin);
    };
    const file = source && readEnvironmentFile({ module: source.module, scope: scopes.scopeOf(source), scopeOf });
    const imported = source === undefined ? [] : this.#importedBy(source.module);
    for (const each of imported) consulted.add(each);
    const naming = file?.naming ?? unknownNaming;
    const isGiven = naming.isKnown || !/\bcurrent_app\b/.test(source?.text ?? '');
    const texts = [source?.text, this.#environment.url, ...imported.map((each) => sources.text(each))];
    return {
      file,
      naming: isGiven ? naming : (this.#namingOfApplication(scopeOf) ?? naming),
      connection: {
        found: source !== undefined,
        setsLockTimeout: texts.some((text) => text !== undefined && namesLockTimeout(text)),
        databases: file?.configuredAt && { file: this.path, at: file.configuredAt },
      },
      isInUtc: texts.some((text) => text !== undefined && opensSessionsInUtc(text)),
      consulted,
    };
  }

  /** The modules at hand that env.py imports. */
  #importedBy(module: Module): readonly FilePath[] {
    const { sources, workspace } = this.#options;
    const exists = (file: FilePath): boolean => sources.exists(file);
    return importedModules(module).flatMap((name) => findModule(name, this.path, workspace, exists) ?? []);
  }

  /** Flask-Migrate asks the application for its metadata, which is built somewhere in the project. */
  #namingOfApplication(scopeOf: (module: Module) => Scope | undefined): Naming | undefined {
    const { sources, root } = this.#options;
    for (const file of sources.list()) {
      if (!file.endsWith('.py') || !isWithin(file, root)) continue;
      if (sources.text(file)?.includes('naming_convention') !== true) continue;
      const source = sources.module(file);
      const scope = source && scopeOf(source.module);
      const naming = scope && namingBuiltIn(scope, scopeOf);
      if (naming !== undefined) return naming;
    }
    return undefined;
  }
}

function isSameNaming(one: Naming, other: Naming): boolean {
  return one.isKnown === other.isKnown && JSON.stringify([...one.patterns]) === JSON.stringify([...other.patterns]);
}
