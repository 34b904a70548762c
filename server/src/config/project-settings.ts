import type { FilePath } from '../base/file-path.ts';
import type { Level } from '../base/level.ts';
import type { Span } from '../base/span.ts';
import type { DatabaseKind, Target, Version } from '../base/target.ts';

/** What a project has decided in its pyproject.toml; `undefined` is left to be found out. */
export interface ProjectSettings {
  readonly database: DatabaseKind | undefined;
  readonly databaseVersion: Version | undefined;
  readonly django: Version | undefined;
  readonly deploys: Target['deploys'];
  readonly rules: ReadonlyMap<string, Level | 'off'>;
  /** Patterns of files that are not reported, relative to the folder of the pyproject.toml. */
  readonly ignore: readonly string[];
}

export const defaultProjectSettings: ProjectSettings = {
  database: undefined,
  databaseVersion: undefined,
  django: undefined,
  deploys: 'rolling',
  rules: new Map(),
  ignore: [],
};

/** A setting the user wrote that cannot be used. Shown where it was written; never swallowed. */
export interface SettingProblem {
  readonly file: FilePath;
  readonly span: Span;
  readonly message: string;
}
