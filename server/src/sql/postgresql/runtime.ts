/// <reference path="./libpg-query.d.ts" />
import type { ParseResult } from 'libpg-query';
import loadModule from 'libpg-query/wasm/libpg-query.js';
import { ParserDiedError } from '../../syntax/parser.ts';

/** PostgreSQL's own parser as it comes: positions are UTF-8 bytes in trees and code points in errors. */
export interface PgQueryRuntime {
  /** @throws {ParserDiedError} when the WebAssembly runtime aborts. */
  parse(text: string): ParseResult | RawError;
  /**
   * What PL/pgSQL's parser makes of a `DO` or `CREATE FUNCTION` statement.
   *
   * @throws {ParserDiedError} when the WebAssembly runtime aborts.
   */
  parsePlpgsql(text: string): unknown;
}

export interface RawError {
  readonly message: string;
  /** Counted from 0, in Unicode code points; undefined where the error has no place. */
  readonly codePoint: number | undefined;
}

/** What is needed of WebAssembly, whose types belong to the environments that this layer runs in. */
interface WebAssemblyApi {
  instantiate(bytes: Uint8Array, imports: unknown): Promise<{ readonly instance: unknown }>;
}

/** @param wasm the bytes of `libpg-query.wasm`, which the caller reads. */
export async function loadRuntime(wasm: Uint8Array): Promise<PgQueryRuntime> {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const module = await new Promise<loadModule.PgQueryModule>((resolve, reject) => {
    loadModule({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(wasm, imports).then(({ instance }) => receive(instance), reject);
      },
    }).then(resolve, reject);
  });
  return {
    parse: (text) => guarded(() => parse(module, text)),
    parsePlpgsql: (text) => guarded(() => parsePlpgsql(module, text)),
  };
}

/** After a stack overflow or an abort the parser's own memory is in disorder: it would hang some calls later. */
function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw new ParserDiedError("PostgreSQL's parser stopped working.", { cause });
  }
}

function parse(module: loadModule.PgQueryModule, text: string): ParseResult | RawError {
  const pointer = toMemory(module, text);
  let result = 0;
  try {
    result = module._wasm_parse_query_raw(pointer);
    const error = module.getValue(result + errorField, 'i32');
    if (error !== 0) return readError(module, error);
    return JSON.parse(module.UTF8ToString(module.getValue(result, 'i32'))) as ParseResult;
  } finally {
    module._free(pointer);
    if (result !== 0) module._wasm_free_parse_result(result);
  }
}

/** Offsets in the structs `PgQueryParseResult` and `PgQueryError` of libpg_query. */
const errorField = 8;
const cursorField = 16;

function readError(module: loadModule.PgQueryModule, error: number): RawError {
  const cursor = module.getValue(error + cursorField, 'i32');
  return {
    message: module.UTF8ToString(module.getValue(error, 'i32')),
    codePoint: cursor > 0 ? cursor - 1 : undefined,
  };
}

/** A tree comes as JSON, an error as its message. */
function parsePlpgsql(module: loadModule.PgQueryModule, text: string): unknown {
  const pointer = toMemory(module, text);
  let result = 0;
  try {
    result = module._wasm_parse_plpgsql(pointer);
    const answer = module.UTF8ToString(result);
    return answer.startsWith('{') ? JSON.parse(answer) : ({ message: answer, codePoint: undefined } satisfies RawError);
  } finally {
    module._free(pointer);
    if (result !== 0) module._wasm_free_string(result);
  }
}

function toMemory(module: loadModule.PgQueryModule, text: string): number {
  const bytes = module.lengthBytesUTF8(text) + 1;
  const pointer = module._malloc(bytes);
  module.stringToUTF8(text, pointer, bytes);
  return pointer;
}
