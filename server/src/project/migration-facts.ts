import type { FilePath } from '../base/file-path.ts';
import type { DjangoDependency, DjangoMigration } from '../django/migration-file.ts';
import type { MigrationId } from '../schema/migration-id.ts';

/** What the history needs to know of a migration: where it stands among the others. */
export interface MigrationFacts {
  readonly id: MigrationId;
  readonly file: FilePath;
  readonly app: string;
  readonly name: string;
  readonly dependencies: readonly Reference[];
  readonly runBefore: readonly Reference[];
  readonly replaces: readonly Reference[];
}

/** A dependency without its place. */
export type Reference = Pick<DjangoDependency, 'kind' | 'app' | 'name' | 'setting'>;

export function migrationIdOf(app: string, name: string): MigrationId {
  return `${app}.${name}`;
}

export function factsOf(source: DjangoMigration): MigrationFacts {
  const { app, name, file, dependencies, runBefore, replaces } = source;
  return { id: migrationIdOf(app, name), file, app, name, dependencies, runBefore, replaces };
}

/** Whether two files stand at the same place of the history. */
export function isSameFacts(one: MigrationFacts, other: MigrationFacts): boolean {
  return (
    one.id === other.id &&
    one.file === other.file &&
    isSameReferences(one.dependencies, other.dependencies) &&
    isSameReferences(one.runBefore, other.runBefore) &&
    isSameReferences(one.replaces, other.replaces)
  );
}

function isSameReferences(one: readonly Reference[], other: readonly Reference[]): boolean {
  return one.length === other.length && one.every((reference, index) => isSameReference(reference, other[index]));
}

function isSameReference(one: Reference, other: Reference | undefined): boolean {
  return one.kind === other?.kind && one.app === other.app && one.name === other.name && one.setting === other.setting;
}

/** Django's order of migrations: by app, then by name, each by code units. */
export function compareNames(one: MigrationFacts, other: MigrationFacts): number {
  return compareText(one.app, other.app) || compareText(one.name, other.name);
}

export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
