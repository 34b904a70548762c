import type { FilePath } from '../base/file-path.ts';
import { folderOf } from '../base/file-path.ts';
import type { DatabaseKind } from '../base/target.ts';
import type { ModuleRequest, SourceModule } from '../django/data-function-context.ts';
import { vendorOf } from '../django/vendor.ts';
import { evaluate } from '../syntax/evaluate.ts';
import type { Expression, Module } from '../syntax/module.ts';
import type { Scope, SourceTexts, Surroundings } from '../syntax/scope.ts';
import { moduleScope } from '../syntax/scopes.ts';
import type { Value } from '../syntax/value.ts';
import { findModule } from './python-modules.ts';
import type { SourceFiles } from './source-files.ts';

interface KnownScope {
  readonly source: SourceModule;
  readonly scope: Scope;
}

interface Lookup {
  readonly file: FilePath | undefined;
  readonly from: Set<FilePath>;
}

/** Nobody writes so much SQL by hand. */
const longestText = 1_000_000;

/** What names mean in the files of a project, through their imports; and which files take part in what a file means. */
export class ModuleScopes {
  readonly #sources: SourceFiles;
  readonly #root: FilePath;
  readonly #surroundings: Surroundings;
  readonly #scopes = new Map<FilePath, KnownScope>();
  /** Imported file → the files that import it. */
  readonly #importers = new Map<FilePath, Set<FilePath>>();
  /** First names of imports that nothing in the project is called like: those of installed packages, mostly. */
  readonly #absent = new Set<string>();
  /** Every other import that was looked up, by the folder it stands in: `shop/migrations ..helpers`. */
  readonly #lookups = new Map<string, Lookup>();
  /** The same for files that are read: by their path, whole or the end of it. */
  readonly #reads = new Map<string, Lookup>();
  /** Files that are no modules. */
  readonly texts: SourceTexts;

  constructor(sources: SourceFiles, root: FilePath, database: DatabaseKind) {
    this.#sources = sources;
    this.#root = root;
    this.texts = {
      fileOf: (module) => sources.sourceOf(module)?.file,
      find: (path, from) => this.#read(path, from),
    };
    this.#surroundings = {
      texts: this.texts,
      facts: { vendor: vendorOf(database) },
      resolveModule: ({ level, name }, from) => {
        const origin = sources.sourceOf(from);
        const source = origin && this.resolve({ from: origin.file, level, name });
        return source && this.scopeOf(source);
      },
    };
  }

  /** The names of a file; kept as long as the module is the same. */
  scopeOf(source: SourceModule): Scope {
    const known = this.#scopes.get(source.file);
    if (known?.source === source) return known.scope;
    const scope = moduleScope(source.module, this.#surroundings);
    this.#scopes.set(source.file, { source, scope });
    return scope;
  }

  resolve({ from, level, name }: ModuleRequest): SourceModule | undefined {
    if (level === 0 && this.#isAbsent(name)) return undefined;
    const dotted = '.'.repeat(level) + name;
    const key = `${folderOf(from)} ${dotted}`;
    let lookup = this.#lookups.get(key);
    if (!lookup) {
      lookup = { file: this.#find(dotted, from), from: new Set() };
      this.#lookups.set(key, lookup);
    }
    lookup.from.add(from);
    if (lookup.file === undefined || lookup.file === from) return undefined;
    this.#noteImporter(lookup.file, from);
    return this.#sources.module(lookup.file);
  }

  #noteImporter(file: FilePath, importer: FilePath): void {
    const importers = this.#importers.get(file);
    if (importers) importers.add(importer);
    else this.#importers.set(file, new Set([importer]));
  }

  /** Only files of the workspace are looked into. */
  #read(path: string, from: Module): ReturnType<SourceTexts['find']> {
    const reader = this.#sources.sourceOf(from)?.file;
    if (reader === undefined) return undefined;
    let lookup = this.#reads.get(path);
    if (!lookup) {
      lookup = { file: this.#sources.findSql(path), from: new Set() };
      this.#reads.set(path, lookup);
    }
    lookup.from.add(reader);
    if (lookup.file === undefined) return undefined;
    this.#noteImporter(lookup.file, reader);
    const text = this.#sources.text(lookup.file);
    return text === undefined || text.length > longestText ? undefined : { file: lookup.file, text };
  }

  evaluate(expression: Expression, inside: SourceModule): Value {
    return evaluate(expression, this.scopeOf(inside));
  }

  /** A file has another text: what was read through it is read again. @returns the files concerned, itself included */
  changed(file: FilePath): ReadonlySet<FilePath> {
    const concerned = this.importersOf(file);
    for (const each of concerned) this.#scopes.delete(each);
    return concerned;
  }

  /** The files in whose meaning a file takes part, through one import or several, and the file itself. */
  importersOf(file: FilePath): ReadonlySet<FilePath> {
    const importers = new Set([file]);
    for (const each of importers) for (const importer of this.#importers.get(each) ?? []) importers.add(importer);
    return importers;
  }

  /**
   * Files have appeared or gone.
   *
   * @param all the files that may import something
   * @returns those in which an import means something else now
   */
  relisted(all: Iterable<FilePath>): ReadonlySet<FilePath> {
    const appeared = [...this.#absent].some((name) => this.#sources.isNamed(name));
    // Who asked for it is not known: that a package appears is rare.
    const concerned = new Set(appeared ? all : []);
    if (appeared) this.#absent.clear();
    for (const file of concerned) this.#scopes.delete(file);
    for (const [key, { file, from }] of this.#lookups) {
      const [any] = from;
      const dotted = key.slice(key.lastIndexOf(' ') + 1);
      if (any === undefined || this.#find(dotted, any) === file) continue;
      this.#lookups.delete(key);
      for (const importer of from) for (const each of this.changed(importer)) concerned.add(each);
    }
    for (const [wanted, { file, from }] of this.#reads) {
      if (this.#sources.findSql(wanted) === file) continue;
      this.#reads.delete(wanted);
      for (const reader of from) for (const each of this.changed(reader)) concerned.add(each);
    }
    return concerned;
  }

  /** Gives back the memory of a file that is not needed for now. */
  release(file: FilePath): void {
    this.#scopes.delete(file);
  }

  #isAbsent(name: string): boolean {
    const dot = name.indexOf('.');
    const first = dot < 0 ? name : name.slice(0, dot);
    if (this.#absent.has(first)) return true;
    if (this.#sources.isNamed(first)) return false;
    this.#absent.add(first);
    return true;
  }

  #find(dotted: string, from: FilePath): FilePath | undefined {
    return findModule(dotted, from, this.#root, (file) => this.#sources.exists(file));
  }
}
