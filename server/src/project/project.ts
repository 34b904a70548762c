import type { EnvironmentFile } from '../alembic/environment-file.ts';
import type { AlembicRevision } from '../alembic/revision-file.ts';
import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import type { Target } from '../base/target.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import type { ProjectState } from '../django/project-state.ts';
import type { Migration } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Schema } from '../schema/schema.ts';
import type { Module } from '../syntax/module.ts';
import type { AlembicEnvironment } from './alembic-environments.ts';

/**
 * One project as it stands: its migrations in the order in which the framework runs them, and the schema at each.
 * Computed lazily and remembered until a file that matters changes.
 */
export interface Project {
  readonly root: FilePath;
  readonly target: Target;
  /** The nearest pyproject.toml at or above the root that configures Stepwise. */
  readonly pyproject: FilePath | undefined;
  readonly connection: ConnectionSettings;
  /** All migrations in execution order (parents first); those of a cycle come last, in name order. */
  readonly order: readonly MigrationId[];
  readonly graph: MigrationGraph;
  /** The files that hold migrations, in execution order; nothing is judged to answer this. */
  readonly files: ReadonlyMap<FilePath, MigrationId>;
  /** The migration that a file holds; `undefined` for other files. */
  migrationAt(file: FilePath): JudgedMigration | undefined;
  migration(id: MigrationId): JudgedMigration | undefined;
  /** The file as read, without what came before it: class span, operations list, dependencies. Of Django alone. */
  source(id: MigrationId): DjangoMigration | undefined;
  /** The revision as read, without what came before it. Of Alembic alone. */
  revision(id: MigrationId): AlembicRevision | undefined;
  /** What env.py says. Of Alembic alone; undefined where there is none, or it configures nothing. */
  readonly environmentFile: EnvironmentFile | undefined;
  /** Where its revisions are, and how their files are called. Of Alembic alone. */
  readonly environment: AlembicEnvironment | undefined;
  /** Whether some revision asks the environment for leave before it goes on. Of Alembic alone. */
  readonly hasGuards: boolean;
  /** Whether no revision has a `downgrade()`, of three or more. Of Alembic alone. */
  readonly goesForwardOnly: boolean;
  /** Any Python file of the project as data: models.py, modules beside a migration. */
  module(file: FilePath): { readonly module: Module; readonly text: string } | undefined;
  /**
   * The Python files of an app, but for migrations and tests, whose text has `mention` in it: those in which Django looks
   * for models, and the others. Read from the disk when asked for.
   */
  modulesOf(app: string, mention: string): AppModules;
  /** The file that a module was read from: values and fields remember their module, edits need its text. */
  sourceOf(module: Module): { readonly file: FilePath; readonly module: Module; readonly text: string } | undefined;
  /** The model that a setting names: `auth.User` for `AUTH_USER_MODEL`; `undefined` where it cannot be told. */
  swappable(setting: string): string | undefined;
  /** Whether a file exists: new files must not collide. */
  exists(file: FilePath): boolean;
  /** What is wrong with the project rather than with one migration: unreadable settings, two apps with one label. */
  readonly problems: readonly ProjectProblem[];
}

/** A Python file with its text. */
export interface ModuleSource {
  readonly file: FilePath;
  readonly module: Module;
  readonly text: string;
}

export interface AppModules {
  /** `models.py` and the files of the package `models`. */
  readonly models: Iterable<ModuleSource>;
  readonly others: Iterable<ModuleSource>;
}

/** What the settings of a project say about its connection to the database. */
export interface ConnectionSettings {
  /** Whether there are settings at all, those for tests included. */
  readonly found: boolean;
  /** Whether a `lock_timeout` is named anywhere in them. */
  readonly setsLockTimeout: boolean;
  /**
   * Where `DATABASES` is set to PostgreSQL, or by the environment; settings for tests do not count. Of Alembic where
   * env.py configures the context.
   */
  readonly databases: { readonly file: FilePath; readonly at: Span } | undefined;
}

export interface JudgedMigration {
  readonly migration: Migration;
  readonly before: Schema;
  /** The models before and after it, as Django's historical state has them: fixes copy field definitions from here. */
  readonly stateBefore: ProjectState;
  readonly stateAfter: ProjectState;
  /**
   * One object for each change of `migration.forward`, the same as long as edits of the file only move the change: what
   * depends on no place can be remembered by it.
   */
  readonly identities: readonly object[];
  /** The schema before each change of `migration.forward`, same length. */
  readonly steps: readonly Schema[];
  readonly after: Schema;
}

export interface MigrationGraph {
  /** Apps (Django) or branches (Alembic) with their leaves. */
  readonly groups: ReadonlyMap<string, MigrationGroup>;
  parentsOf(id: MigrationId): readonly MigrationId[];
  childrenOf(id: MigrationId): readonly MigrationId[];
  /** The squash that stands for a migration, directly; `undefined` where none does. */
  squashOf(id: MigrationId): MigrationId | undefined;
  /** Parents that are written but do not exist, where the app's migrations are in sight. */
  unknownParentsOf(id: MigrationId): readonly UnknownParent[];
  /** The cycle through this migration, as a path that ends where it began; `undefined` where there is none. */
  cycleThrough(id: MigrationId): readonly MigrationId[] | undefined;
  groupOf(id: MigrationId): string;
  /** Other files that hold a migration under the same id: the framework passes over them. Of Alembic alone. */
  namesakesOf?(id: MigrationId): readonly FilePath[];
  /** Everything that runs before, direct or not. */
  ancestorsOf(id: MigrationId): ReadonlySet<MigrationId>;
  /** Whether `one` is among the ancestors of `other`; for questions about every migration. */
  runsBefore(one: MigrationId, other: MigrationId): boolean;
  reachOf(id: MigrationId): Reach;
}

/** What a migration and all of its ancestors depend on. */
export interface Reach {
  /** Every dependency can be read, and leads somewhere where that can be told. */
  readonly isWhole: boolean;
  /** Those of swappable models. */
  readonly settings: ReadonlySet<string>;
  /** Apps without migrations in sight; `''` where it cannot be told which. */
  readonly unseenApps: ReadonlySet<string>;
}

/** A dependency that names a migration which does not exist. */
export interface UnknownParent {
  /** Among the dependencies of the file as last read without a break. */
  readonly index: number;
  readonly app: string;
  readonly name: string;
  /** The existing migration that was most likely meant. */
  readonly nearest: MigrationId | undefined;
}

export interface MigrationGroup {
  readonly name: string;
  /** The folder in which new migrations of the group go. */
  readonly folder: FilePath;
  readonly members: readonly MigrationId[];
  /** More than one means that the framework refuses to migrate. */
  readonly leaves: readonly MigrationId[];
}

export interface ProjectProblem {
  readonly file: FilePath;
  readonly message: string;
}
