import type { Level } from '../base/level.ts';

/**
 * What Stepwise's server and an editor's client say to each other beyond the Language Server Protocol.
 * Types and method names only: the client bundles this file and nothing else of the server.
 */

/** `initializationOptions` of `initialize`; every member may be missing, and an unknown client sends none. */
export interface InitializationOptions {
  /** Where a worker fetches its WebAssembly from. A server on Node finds the files beside itself. */
  readonly wasm?: { readonly runtime: string; readonly python: string; readonly sql: string };
  /** The page of a rule is `${rulePagesUri}/${rule}.md`; by default the file that ships with the server. */
  readonly rulePagesUri?: string;
  /** A command of the client that opens a rule's page; its only argument is the rule's name. */
  readonly openRulePageCommand?: string;
  /** A command of the client that shows the SQL of the migration in the active editor. */
  readonly showSqlCommand?: string;
}

/** How many findings of each level. */
export type LevelCounts = { readonly [level in Level]: number };

/**
 * Request: check every migration of the workspace. Diagnostics are published for every file; the answer sums up.
 * Reports progress on `workDoneToken` and can be cancelled.
 */
export const checkWorkspaceMethod = 'stepwise/checkWorkspace';

export interface CheckWorkspaceParams {
  readonly workDoneToken?: string | number;
}

export interface CheckWorkspaceResult {
  readonly summary: LevelCounts & { readonly files: number; readonly migrations: number };
  /** What could not be read: a path for people and why. */
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

/**
 * Request without parameters: what earlier migrations of the workspace have left for a later release. At each place a code
 * action of the kind `refactor.rewrite` writes the step, where that can be done.
 */
export const owedStepsMethod = 'stepwise/owedSteps';

export interface OwedStepsResult {
  /** By file and place. */
  readonly steps: readonly OwedStep[];
}

export interface OwedStep {
  readonly uri: string;
  /** The operation or statement that left the step. */
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  /** `shop.0004_drop_note` */
  readonly migration: string;
  /** What is owed, as a sentence. */
  readonly message: string;
}

/** Request: the SQL that a migration becomes, as its document stands now. */
export const migrationSqlMethod = 'stepwise/migrationSql';

export interface MigrationSqlParams {
  readonly uri: string;
}

export interface MigrationSqlResult {
  /** Comments alone where there is no migration, or nothing of it can be read yet. */
  readonly text: string;
}

/** Request without parameters: the rules of this server, in the order of the catalogue. */
export const rulesMethod = 'stepwise/rules';

export interface RulesResult {
  readonly rules: readonly RuleEntry[];
}

export interface RuleEntry {
  readonly name: string;
  readonly level: Level;
  readonly summary: string;
}

/** Notification from the server, after the diagnostics of a migration file were published. */
export const statusMethod = 'stepwise/status';

export interface StatusParams extends LevelCounts {
  readonly uri: string;
  /** Version of the document that was checked; missing for a file that is not open. */
  readonly version?: number;
}
