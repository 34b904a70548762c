import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadPostgresqlParser, type PostgresqlParser } from '../../server/src/sql/postgresql/parser.ts';
import { lazySqlParser, type SqlParserSource } from '../../server/src/sql/postgresql/parser-source.ts';

const require = createRequire(import.meta.url);
let loading: Promise<PostgresqlParser> | undefined;

/** PostgreSQL's parser for this test process; loading it takes a few dozen milliseconds, so every test shares one. */
export function postgresqlParser(): Promise<PostgresqlParser> {
  loading ??= load();
  return loading;
}

/** For a workspace of a test: loaded from the start, so that questions need not be asked twice. */
export async function loadedSqlParser(): Promise<SqlParserSource> {
  const source = lazySqlParser(postgresqlParser, (error) => {
    throw error;
  });
  await source.load();
  return source;
}

async function load(): Promise<PostgresqlParser> {
  return loadPostgresqlParser(await readFile(require.resolve('libpg-query/wasm/libpg-query.wasm')));
}
