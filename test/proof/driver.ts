import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PostgresServer } from './postgres-server.ts';

/** What a request is about: a database, and the Django project that runs on it where a command needs one. */
export interface Session {
  readonly database: string;
  /** Folder with `config/settings.py`. */
  readonly project?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export type Command =
  /** To the newest migration of all apps where nothing else is said; `to: 'zero'` takes all back. */
  | { readonly do: 'migrate'; readonly app?: string; readonly to?: string }
  /** Imports all migrations; their parents need not be there. */
  | { readonly do: 'import' }
  /** Imports all migrations and builds their graph; nothing is run. */
  | { readonly do: 'load' }
  | { readonly do: 'execute'; readonly sql: readonly string[] }
  | { readonly do: 'query'; readonly sql: string }
  | { readonly do: 'schema' }
  | { readonly do: 'rows' }
  | { readonly do: 'pending' }
  /** Of Django. */
  | { readonly do: 'version' }
  | { readonly do: 'sqlmigrate'; readonly app: string; readonly migration: string }
  /** What `sqlmigrate` collects of every migration of these apps; they are run one after another meanwhile. */
  | { readonly do: 'sql-of-migrations'; readonly apps: readonly string[] }
  /** `given` restores the state before a statement that cannot run in a transaction: it is run several times. */
  | { readonly do: 'measure'; readonly sql: string; readonly given?: readonly string[] }
  | {
      readonly do: 'type-changes';
      readonly changes: readonly (readonly [from: string, to: string])[];
      /** With the cast written behind USING. */
      readonly using: boolean;
    };

interface Results {
  readonly migrate: null;
  readonly import: null;
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

/** The SQL of a migration: as `sqlmigrate` has it, and as it is sent. */
export interface SqlOfMigration {
  readonly app: string;
  readonly name: string;
  /** Missing where Django looks for a name that an operation of the migration only makes. */
  readonly collected?: string;
  /** What its schema editor sends; missing where the migration does not run. */
  readonly sent?: string;
  /** Why it does not run. */
  readonly failure?: string;
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

/** Django or PostgreSQL refused; `type` is the Python class of the error, `IntegrityError` for one. */
export class DjangoFailed extends Error {
  override readonly name = 'DjangoFailed';
  readonly type: string;
  readonly traceback: string;
  /** How many of the commands had succeeded before. */
  readonly completed: number;

  constructor(error: RemoteError, completed: number) {
    super(`${error.type}: ${error.message}`);
    this.completed = completed;
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

/** One Python that has Django loaded. Each request is served by a fork of it: projects never see each other. */
export interface Driver {
  run<const Commands extends readonly Command[]>(session: Session, commands: Commands): Promise<ResultsOf<Commands>>;
  stop(): Promise<void>;
}

export function startDriver(python: string, server: PostgresServer): Driver {
  const child = spawn(python, ['-m', 'stepwise_proof'], {
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
      if (error !== undefined) throw new DjangoFailed(error, results.length);
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
