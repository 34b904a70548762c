import type { PostgresqlParser } from './parser.ts';

/** PostgreSQL's parser for those who may meet SQL: it takes tens of milliseconds to load, so it comes when it is needed. */
export interface SqlParserSource {
  /**
   * The parser; `undefined` where it cannot be had.
   *
   * @throws {SqlParserNeededError} while nobody has loaded it
   */
  current(): PostgresqlParser | undefined;
  /** Loads it unless that was tried before. */
  load(): Promise<void>;
}

/** SQL was met and its parser is not there: whoever can wait loads it and asks again. Nothing is lost by then. */
export class SqlParserNeededError extends Error {
  override readonly name = 'SqlParserNeededError';
  readonly #source: SqlParserSource;

  constructor(source: SqlParserSource) {
    super("SQL is to be read, and PostgreSQL's parser is not loaded.");
    this.#source = source;
  }

  load(): Promise<void> {
    return this.#source.load();
  }
}

/** @param load what {@link loadPostgresqlParser} answers for the bytes of its WebAssembly file */
export function lazySqlParser(
  load: () => Promise<PostgresqlParser>,
  onFailure: (error: unknown) => void,
): SqlParserSource {
  let parser: PostgresqlParser | undefined;
  let loading: Promise<void> | undefined;
  let isSettled = false;
  const settle = (loaded: PostgresqlParser | undefined): void => {
    parser = loaded;
    isSettled = true;
  };
  const source: SqlParserSource = {
    current() {
      if (!isSettled) throw new SqlParserNeededError(source);
      return parser;
    },
    load() {
      loading ??= load().then(settle, (error) => {
        settle(undefined);
        onFailure(error);
      });
      return loading;
    },
  };
  return source;
}

/** Does the work, and once more with the parser if it turns out to be needed. */
export async function withSqlParser<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SqlParserNeededError)) throw error;
    await error.load();
    return work();
  }
}
