import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadPostgresqlParser, type PostgresqlParser } from '../../server/src/sql/postgresql/parser.ts';

const require = createRequire(import.meta.url);
let loading: Promise<PostgresqlParser> | undefined;

/** PostgreSQL's parser for this test process; loading it takes a few dozen milliseconds, so every test shares one. */
export function postgresqlParser(): Promise<PostgresqlParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<PostgresqlParser> {
  return loadPostgresqlParser(await readFile(require.resolve('libpg-query/wasm/libpg-query.wasm')));
}
