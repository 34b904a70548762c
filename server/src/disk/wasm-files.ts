import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadPythonParser, type PythonParser } from '../syntax/parser.ts';

/** Loads the parser from the WebAssembly files beside the bundle or, when run from sources, from node_modules. */
export async function loadParserFromDisk(): Promise<PythonParser> {
  const [runtime, python] = await Promise.all([
    readWasm('web-tree-sitter/web-tree-sitter.wasm'),
    readWasm('tree-sitter-python/tree-sitter-python.wasm'),
  ]);
  return loadPythonParser({ runtime, python });
}

async function readWasm(packagePath: string): Promise<Uint8Array> {
  const beside = new URL(`./${packagePath.slice(packagePath.indexOf('/') + 1)}`, import.meta.url);
  if (existsSync(beside)) return readFile(beside);
  return readFile(createRequire(import.meta.url).resolve(packagePath));
}
