import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FrameworkRelease } from './framework-release.ts';
import type { PostgresServer } from './postgres-server.ts';
import type { Snapshot } from './snapshot.ts';

/** What a request is about: a database, and the project that runs on it where a command needs one. */
export interface Session {
  readonly database: string;
  /** Folder with `config/settings.py` or `alembic.ini`. */
  readonly project?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export type Command =
  /** To the newest migration of all apps where nothing else is said; `to: 'zero'` takes all back. */
  | { readonly do: 'migrate'; readonly app?: string; readonly to?: string }
  /** Applies all but this migration and what depends on it. */
  | { readonly do: 'migrate-before'; readonly migration: MigrationKey }
  /**
   * Applies the rest, one migration after the other. The release that knows the `old` migrations reads and writes after
   * each of them, the one that knows all of them at the end; their rows are numbered from `number`.
   */
  | {
      readonly do: 'deploy';
      readonly old?: readonly MigrationKey[];
      readonly number: number;
      /** Does also what the framework refuses: several leaves, statements that cannot run in a transaction. */
      readonly lenient?: boolean;
      /** What the releases know, where migrations do not say it: of Alembic; else the tables before and after. */
      readonly oldRelease?: KnownTables;
      readonly newRelease?: KnownTables;
    }
  /** Lists the migrations that are applied. */
  | { readonly do: 'applied' }
  /** Takes back all that is applied besides `to`. */
  | { readonly do: 'migrate-back'; readonly to: readonly MigrationKey[] }
  /** Writes what `models.py` of each app would hold, had its migrations been made from it. */
  | { readonly do: 'models' }
  /** Puts a few rows into each table that has none. */
  | { readonly do: 'fill' }
  /** Imports all migrations; their parents need not be there. */
  | { readonly do: 'import' }
  /** Upgrades a file of SQLite to just before a revision, with rows, then forward, back and forward again. */
  | { readonly do: 'run-on-sqlite'; readonly file: string }
  /** Imports all migrations and builds their graph; nothing is run. */
  | { readonly do: 'load' }
  | { readonly do: 'execute'; readonly sql: readonly string[] }
  | { readonly do: 'query'; readonly sql: string }
  | { readonly do: 'schema' }
  | { readonly do: 'rows' }
  | { readonly do: 'pending' }
  /** Of the framework. */
  | { readonly do: 'version' }
  | { readonly do: 'sqlmigrate'; readonly app: string; readonly migration: string }
  /** What `sqlmigrate` collects of every migration of these apps; they are run one after another meanwhile. */
  | {
      readonly do: 'sql-of-migrations';
      readonly apps: readonly string[];
      /** Of revisions, which need no database for it. */
      readonly dialect?: 'mariadb' | 'mysql' | 'postgresql';
      /** With what takes each revision back. */
      readonly back?: true;
    }
  /** `given` restores the state before a statement that cannot run in a transaction: it is run several times. */
  | { readonly do: 'measure'; readonly sql: string; readonly given?: readonly string[] }
  | {
      readonly do: 'type-changes';
      readonly changes: readonly (readonly [from: string, to: string])[];
      /** With the cast written behind USING. */
      readonly using: boolean;
    };

/** Of Django; a revision has no app. */
export type MigrationKey = readonly [app: string, name: string];

/** The tables that a release knows, as only its side of the proof has to read them. */
export type KnownTables = readonly unknown[];

interface Results {
  readonly migrate: null;
  /** What is applied then. */
  readonly 'migrate-before': readonly MigrationKey[];
  readonly deploy: Deploy;
  readonly applied: readonly MigrationKey[];
  readonly 'migrate-back': null;
  /** By folder of the app. */
  readonly models: Readonly<Record<string, string>>;
  readonly fill: null;
  readonly import: null;
  readonly 'run-on-sqlite': RunElsewhere;
  readonly load: null;
  readonly execute: null;
  readonly query: readonly (readonly string[])[];
  /** One line a table, column, constraint, index …; comparable as text. */
  readonly schema: readonly string[];
  /** One line a row: `table {json}`. */
  readonly rows: readonly string[];
  /** What `makemigrations --check` would write; empty when models and migrations agree. */
  readonly pending: string;
  readonly version: string;
  readonly sqlmigrate: string;
  readonly 'sql-of-migrations': readonly SqlOfMigration[];
  readonly measure: Measurement;
  readonly 'type-changes': readonly ('free' | 'rewrite' | 'impossible')[];
}

/** What was there at each moment until something failed: `after: OperationalError: …`. */
export interface RunElsewhere {
  readonly before: Snapshot;
  readonly after?: Snapshot;
  readonly back?: Snapshot;
  readonly again?: Snapshot;
  readonly failure?: string;
}

/** The SQL of a migration: as `sqlmigrate` has it, and as it is sent. */
export interface SqlOfMigration {
  readonly app: string;
  readonly name: string;
  /** Missing where Django looks for a name that an operation of the migration only makes. */
  readonly collected?: string;
  /** What takes it back, where that was asked for. */
  readonly back?: string;
  /** What its schema editor sends; missing where the migration does not run. */
  readonly sent?: string;
  /** Why it does not run. */
  readonly failure?: string;
}

/** What was seen while migrations were applied. */
export interface Deploy {
  /** What the old release, and then the new one, could not do: `shop.Order: read: ProgrammingError: …`. */
  readonly old: readonly string[];
  readonly new: readonly string[];
  /** The rows that they wrote. */
  readonly rows: readonly (readonly [table: string, key: string])[];
  /** Tables that cannot be read or written just before a migration commits; `busy` are those that it works on. */
  readonly watched: readonly {
    readonly migration: string;
    readonly reads: readonly string[];
    readonly writes: readonly string[];
    readonly busy: readonly string[];
  }[];
  /** What the new release knows. */
  readonly release?: KnownTables;
}

/** What a statement did to the tables that were there before it. */
export interface Measurement {
  /** False where PostgreSQL refuses to run it in one. */
  readonly inTransaction: boolean;
  /** PostgreSQL's own names: `AccessExclusiveLock`. */
  readonly locks: Readonly<Record<string, string>>;
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  /** Tables that an index was built on, anew or for the first time. */
  readonly builds: readonly string[];
  readonly losses: readonly ('table' | 'column' | 'rows')[];
  /** Those of the relations that are views, materialized ones included. */
  readonly views: readonly string[];
  /** Tables whose own lock lets others read, and which cannot be read all the same: an index of theirs is locked. */
  readonly waitingReads: readonly string[];
}

type ResultsOf<Commands extends readonly Command[]> = {
  readonly [Index in keyof Commands]: Results[Commands[Index]['do']];
};

/** The framework or PostgreSQL refused; `type` is the Python class of the error, `IntegrityError` for one. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed';
  readonly type: string;
  readonly traceback: string;
  /** Of the commands that had succeeded before. */
  readonly results: readonly unknown[];

  constructor(error: RemoteError, results: readonly unknown[]) {
    super(`${error.type}: ${error.message}`);
    this.results = results;
    this.type = error.type;
    this.traceback = error.traceback;
  }
}

interface RemoteError {
  readonly type: string;
  readonly message: string;
  readonly traceback: string;
}

interface Answer {
  readonly results: readonly unknown[];
  readonly error?: RemoteError;
}

/** One Python that has the framework loaded. Each request is served by a fork of it: projects never see each other. */
export interface Driver {
  run<const Commands extends readonly Command[]>(session: Session, commands: Commands): Promise<ResultsOf<Commands>>;
  stop(): Promise<void>;
}

const MODULES = {
  django: 'stepwise_proof',
  alembic: 'stepwise_proof.revisions',
  none: 'stepwise_proof.databases',
} as const;

/** @param framework none where no request is about a project */
export function startDriver(
  framework: FrameworkRelease['framework'] | 'none',
  python: string,
  server: PostgresServer,
): Driver {
  const child = spawn(python, ['-m', MODULES[framework]], {
    cwd: join(import.meta.dirname, 'python'),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = readAnswers(child);
  return {
    run: async (session, commands) => {
      const answer = answers.next();
      const request = { ...session, commands, server: { HOST: server.host, USER: server.user } };
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { results, error } = await answer;
      if (error !== undefined) throw new RunFailed(error, results);
      return results as never;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

/** Answers come in the order of the requests. */
function readAnswers(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }): { next(): Promise<Answer> } {
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting.shift()?.resolve(JSON.parse(line) as Answer);
  });
  const fail = (error: Error) => {
    for (const one of waiting.splice(0)) one.reject(error);
  };
  child.on('error', fail);
  child.on('exit', (code) => fail(new Error(`The Python of the proof ended with code ${code}.`)));
  return { next: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })) };
}

/** For `catch`: what the framework or PostgreSQL refused is an answer, everything else is not. */
export function failureOf(error: unknown): RunFailed {
  if (error instanceof RunFailed) return error;
  throw error;
}

/** Runs commands until one fails, and answers what those before it gave. */
export async function runFar<const Commands extends readonly Command[]>(
  driver: Driver,
  session: Session,
  commands: Commands,
): Promise<{ readonly results: Partial<ResultsOf<Commands>>; readonly failure: RunFailed | undefined }> {
  const results = await driver.run(session, commands).catch(failureOf);
  return results instanceof RunFailed
    ? { results: results.results as never, failure: results }
    : { results, failure: undefined };
}
