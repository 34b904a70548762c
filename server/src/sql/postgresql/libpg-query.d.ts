/** The Emscripten module inside the package: the package's own entry loads its `.wasm` by itself when it is imported. */
declare module 'libpg-query/wasm/libpg-query.js' {
  function loadModule(options: loadModule.Options): Promise<loadModule.PgQueryModule>;

  namespace loadModule {
    interface Options {
      /** Makes an instance with the imports and hands it over. */
      readonly instantiateWasm: (imports: unknown, receive: (instance: unknown) => void) => void;
    }

    interface PgQueryModule {
      lengthBytesUTF8(text: string): number;
      stringToUTF8(text: string, pointer: number, bytes: number): void;
      UTF8ToString(pointer: number): string;
      getValue(pointer: number, type: 'i32'): number;
      _malloc(bytes: number): number;
      _free(pointer: number): void;
      _wasm_parse_query_raw(text: number): number;
      _wasm_free_parse_result(result: number): void;
      _wasm_parse_plpgsql(text: number): number;
      _wasm_free_string(text: number): void;
    }
  }

  export = loadModule;
}
