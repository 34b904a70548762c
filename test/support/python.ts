import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadPythonParser, type PythonParser } from '../../server/src/syntax/parser.ts';

const require = createRequire(import.meta.url);
let loading: Promise<PythonParser> | undefined;

/** The parser of this test process; loading it takes a few dozen milliseconds, so every test shares one. */
export function pythonParser(): Promise<PythonParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<PythonParser> {
  const [runtime, python] = await Promise.all([
    readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFile(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  ]);
  return loadPythonParser({ runtime, python });
}
