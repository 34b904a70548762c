import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadPostgresqlParser, type PostgresqlParser } from '../sql/postgresql/parser.ts';
import { loadPythonParser, type PythonParser } from '../syntax/parser.ts';

/** Loads the parser from the WebAssembly files beside the bundle or, when run from sources, from node_modules. */
export async function loadParserFromDisk(): Promise<PythonParser> {
  const [runtime, python] = await Promise.all([
    readWasm('web-tree-sitter/web-tree-sitter.wasm'),
    readWasm('tree-sitter-python/tree-sitter-python.wasm'),
  ]);
  return loadPythonParser({ runtime, python });
}

/** PostgreSQL's parser, from the same places. */
export async function loadSqlParserFromDisk(): Promise<PostgresqlParser> {
  return loadPostgresqlParser(await readWasm('libpg-query/wasm/libpg-query.wasm'));
}

async function readWasm(packagePath: string): Promise<Uint8Array> {
  const beside = new URL(`./${packagePath.slice(packagePath.lastIndexOf('/') + 1)}`, import.meta.url);
  if (existsSync(beside)) return readFile(beside);
  return readFile(createRequire(import.meta.url).resolve(packagePath));
}
