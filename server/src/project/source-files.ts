import type { FilePath } from '../base/file-path.ts';
import { folderOf, stemOf } from '../base/file-path.ts';
import type { TextEdit } from '../base/text-edit.ts';
import type { SourceModule } from '../django/data-function-context.ts';
import type { Module } from '../syntax/module.ts';
import type { OpenDocument, PythonParser } from '../syntax/parser.ts';
import type { Files } from './files.ts';
import { withoutIgnored } from './ignored-folders.ts';
import { isSqlFile } from './sql-files.ts';

interface Listing {
  readonly files: readonly FilePath[];
  readonly known: ReadonlySet<FilePath>;
  /** Files of SQL. */
  readonly sql: readonly FilePath[];
  /** What files are called without their ending, and folders. */
  readonly names: ReadonlySet<string>;
}

/** The files of a workspace as texts and modules: what editors have open is laid over the disk. */
export class SourceFiles {
  readonly #files: Files;
  readonly #parser: PythonParser;
  readonly #root: FilePath;
  readonly #documents = new Map<FilePath, OpenDocument>();
  readonly #hidden = new Set<FilePath>();
  readonly #texts = new Map<FilePath, string | undefined>();
  readonly #faults = new Map<FilePath, string>();
  readonly #syntaxErrors = new Map<FilePath, number>();
  readonly #modules = new Map<FilePath, SourceModule>();
  readonly #origins = new WeakMap<Module, SourceModule>();
  #listing: Listing | undefined;

  constructor(files: Files, parser: PythonParser, root: FilePath) {
    this.#files = files;
    this.#parser = parser;
    this.#root = root;
  }

  /** Files that may hold source of a project. */
  list(): readonly FilePath[] {
    return this.#listed().files;
  }

  exists(file: FilePath): boolean {
    return this.#listed().known.has(file);
  }

  /** The SQL file at a path, or the only one whose path ends so. */
  findSql(path: string): FilePath | undefined {
    const { sql } = this.#listed();
    if (sql.includes(path)) return path;
    const [file, other] = path.startsWith('/') ? [] : sql.filter((each) => each.endsWith(`/${path}`));
    return other === undefined ? file : undefined;
  }

  /** Whether some file, but for its ending, or some folder is called so. */
  isNamed(name: string): boolean {
    return this.#listed().names.has(name);
  }

  /** `undefined` for files that are missing or unreadable. */
  text(file: FilePath): string | undefined {
    const document = this.#documents.get(file);
    if (document) return document.text;
    if (this.#hidden.has(file)) return undefined;
    if (!this.#texts.has(file)) this.#texts.set(file, this.#readFromDisk(file));
    return this.#texts.get(file);
  }

  /** The text as it was last read; `undefined` where it would have to be read again. */
  knownText(file: FilePath): string | undefined {
    return this.#documents.get(file)?.text ?? (this.#hidden.has(file) ? undefined : this.#texts.get(file));
  }

  /** The same object as long as the text is the same and it was not released. */
  module(file: FilePath): SourceModule | undefined {
    const text = this.text(file);
    if (text === undefined) return undefined;
    const known = this.#modules.get(file);
    if (known?.text === text) return known;
    const module = this.#documents.get(file)?.module ?? this.#parser.read(text);
    const source = { file, text, module };
    this.#modules.set(file, source);
    this.#origins.set(source.module, source);
    const [broken] = module.broken;
    if (broken === undefined) this.#syntaxErrors.delete(file);
    else this.#syntaxErrors.set(file, broken.start);
    return source;
  }

  /** A text that is no file. */
  parse(text: string): Module {
    return this.#parser.read(text);
  }

  /** The file that a module was read from, as it was then. */
  sourceOf(module: Module): SourceModule | undefined {
    return this.#origins.get(module);
  }

  /** Why files that were asked for cannot be read. */
  get faults(): ReadonlyMap<FilePath, string> {
    return this.#faults;
  }

  /** The first place of each file that was read where it is no Python. */
  get syntaxErrors(): ReadonlyMap<FilePath, number> {
    return this.#syntaxErrors;
  }

  isOpen(file: FilePath): boolean {
    return this.#documents.has(file);
  }

  open(file: FilePath, text: string): void {
    if (this.#hidden.delete(file)) this.#listing = undefined;
    this.#documents.set(file, this.#parser.open(text));
    if (this.#listing?.known.has(file) === false) this.#listing = undefined;
  }

  edit(file: FilePath, edits: readonly TextEdit[]): void {
    for (const edit of edits) this.#documents.get(file)?.edit(edit);
  }

  /** The file is not there, whatever the disk says, until it is opened or closed. */
  hide(file: FilePath): void {
    this.#documents.delete(file);
    this.#hidden.add(file);
    this.#listing = undefined;
  }

  close(file: FilePath): void {
    this.#documents.delete(file);
    if (this.#hidden.delete(file)) this.#listing = undefined;
    this.refresh(file);
    if (this.text(file) === undefined) this.#listing = undefined;
  }

  /** The file is read again when it is asked for. A module whose text turns out to be the same stays. */
  refresh(file: FilePath): void {
    this.#texts.delete(file);
    this.#faults.delete(file);
    this.#syntaxErrors.delete(file);
  }

  /** Files have appeared or gone. */
  relist(): void {
    this.#listing = undefined;
  }

  /** Gives back the memory of a file that is not needed for now. */
  release(file: FilePath): void {
    if (this.isOpen(file)) return;
    this.#texts.delete(file);
    this.#modules.delete(file);
  }

  #listed(): Listing {
    if (!this.#listing) {
      const all = new Set([...this.#files.list(), ...this.#documents.keys()]);
      for (const file of this.#hidden) all.delete(file);
      const files = withoutIgnored([...all], this.#root);
      this.#listing = { files, known: new Set(files), sql: files.filter(isSqlFile), names: namesIn(files) };
    }
    return this.#listing;
  }

  #readFromDisk(file: FilePath): string | undefined {
    const read = this.#files.read(file);
    if (read.kind === 'unreadable') this.#faults.set(file, read.reason);
    return read.kind === 'text' ? read.text : undefined;
  }
}

function namesIn(files: readonly FilePath[]): ReadonlySet<string> {
  const folders = new Set(files.map(folderOf));
  const names = new Set(files.map(stemOf));
  for (const folder of folders) for (const name of folder.split('/')) names.add(name);
  return names;
}
