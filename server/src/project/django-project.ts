import type { FilePath } from '../base/file-path.ts';
import { isWithin } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import { containsSpan, touches } from '../base/span.ts';
import type { LoweringContext } from '../django/lowering-context.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import { readDjangoMigration } from '../django/read-migration.ts';
import type { ParentRef } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { type ModuleFiles, moduleFilesOf } from './app-modules.ts';
import { type App, isSameApp } from './apps.ts';
import { MigrationChain } from './migration-chain.ts';
import type { MigrationFacts } from './migration-facts.ts';
import { factsOf, isSameFacts, migrationIdOf } from './migration-facts.ts';
import { type OrderedGraph, orderedGraphOf, parentOf } from './migration-graph.ts';
import { missingClasses } from './missing-classes.ts';
import { ModuleScopes } from './module-scopes.ts';
import type { ModuleSource, Project, ProjectProblem } from './project.ts';
import type { ProjectLayout } from './project-layout.ts';
import type { SourceFiles } from './source-files.ts';
import { isSqlFile } from './sql-files.ts';
import { unreadPlaces } from './unread-places.ts';

interface Arrangement extends OrderedGraph {
  readonly files: ReadonlyMap<FilePath, MigrationId>;
  readonly order: readonly MigrationId[];
}

export interface DjangoProjectOptions {
  readonly sources: SourceFiles;
  readonly sqlParser: LoweringContext['sqlParser'];
  readonly layout: ProjectLayout;
  /** The folder in which modules are looked for. */
  readonly workspace: FilePath;
  /** Whether a file that holds no migration belongs to this project, too. */
  readonly owns: (file: FilePath) => boolean;
  readonly mostRemembered: number;
}

/** The migrations of one project, each read, lowered and judged when it is asked for. */
export class DjangoProject {
  readonly #sources: SourceFiles;
  readonly #sqlParser: LoweringContext['sqlParser'];
  readonly #owns: (file: FilePath) => boolean;
  readonly #scopes: ModuleScopes;
  readonly #chain: MigrationChain;
  readonly #read = new Map<FilePath, DjangoMigration | undefined>();
  /** Of open documents that were edited: what was read last, for what the edit leaves as it was. */
  readonly #readBefore = new Map<FilePath, DjangoMigration>();
  readonly #facts = new Map<FilePath, MigrationFacts>();
  readonly #versions = new Map<FilePath, number>();
  readonly #stale = new Set<FilePath>();
  #layout: ProjectLayout;
  #appOf: ReadonlyMap<FilePath, App> = new Map();
  #arrangement: Arrangement | undefined;
  #project: Project | undefined;

  constructor({ sources, sqlParser, layout, workspace, owns, mostRemembered }: DjangoProjectOptions) {
    this.#sources = sources;
    this.#sqlParser = sqlParser;
    this.#owns = owns;
    this.#layout = layout;
    this.#scopes = new ModuleScopes(sources, workspace, layout.target.database);
    this.#chain = new MigrationChain({
      context: this.#context(),
      textOf: ({ at, module }) => sources.sourceOf(module)?.text.slice(at.span.start, at.span.end),
      source: (id) => this.#sourceOf(id),
      version: (id) => this.#versions.get(this.#fileOf(id) ?? '') ?? 0,
      mostRemembered,
      onForgotten: (id) => this.#forget(id),
    });
    this.relisted(layout);
  }

  get current(): Project {
    this.#project ??= this.#snapshot();
    return this.#project;
  }

  /** Whether a file lies in the folder of one of its apps. */
  holds(file: FilePath): boolean {
    return this.#layout.apps.some(({ folder }) => isWithin(file, folder));
  }

  /** The text of a file is another one. */
  changed(file: FilePath): void {
    for (const each of this.#scopes.changed(file)) this.#outdate(each, each === file ? 'text' : 'surroundings');
  }

  /** Files have appeared or gone; what the project is judged for is the same. */
  relisted(layout: ProjectLayout): void {
    this.#layout = layout;
    this.#project = undefined;
    const before = this.#appOf;
    this.#appOf = new Map(layout.apps.flatMap((app) => app.files.map((file) => [file, app] as const)));
    for (const file of new Set([...before.keys(), ...this.#appOf.keys()])) {
      if (!isSameApp(before.get(file), this.#appOf.get(file))) this.#outdate(file, 'surroundings');
    }
    for (const file of this.#scopes.relisted(this.#appOf.keys())) this.#outdate(file, 'surroundings');
  }

  /** Migrations whose findings may be different when a file is. */
  affectedBy(file: FilePath): readonly FilePath[] {
    const { files, graph, history } = this.#arranged();
    const roots = [...this.#scopes.importersOf(file)].flatMap((each) => {
      const id = files.get(each);
      // No history changes with a file of SQL.
      const isModule = !isSqlFile(each);
      const app =
        id === undefined && isModule ? this.#layout.apps.find(({ folder }) => isWithin(each, folder)) : undefined;
      // The history of the whole app may have become another one when a migration is no longer there.
      return id === undefined ? (graph.groups.get(app?.label ?? '')?.members ?? []) : [id];
    });
    const affected = new Set(roots);
    for (const id of affected) for (const child of graph.childrenOf(id)) affected.add(child);
    for (const id of roots)
      for (const member of graph.groups.get(graph.groupOf(id))?.members ?? []) affected.add(member);
    return [...affected].map((id) => history.migrations.get(id)?.file).filter((each) => each !== undefined);
  }

  /** @param what else has changed: its own text, or the app and the modules around it */
  #outdate(file: FilePath, what: 'text' | 'surroundings'): void {
    this.#project = undefined;
    if (!this.#appOf.has(file) && !this.#facts.has(file)) return;
    this.#versions.set(file, (this.#versions.get(file) ?? 0) + 1);
    this.#stale.add(file);
    const read = this.#read.get(file);
    this.#read.delete(file);
    if (what === 'surroundings') this.#readBefore.delete(file);
    else if (read && this.#sources.isOpen(file)) this.#readBefore.set(file, read);
    const id = this.#facts.get(file)?.id;
    if (id !== undefined) this.#chain.changed(id, what);
  }

  #arranged(): Arrangement {
    if (this.#stale.size > 0) {
      for (const file of this.#stale) this.#readFacts(file);
      this.#stale.clear();
    }
    this.#arrangement ??= this.#arrange();
    return this.#arrangement;
  }

  #readFacts(file: FilePath): void {
    const known = this.#facts.get(file);
    const facts = this.#appOf.has(file) ? this.#factsIn(file, known) : undefined;
    if (facts && known && isSameFacts(facts, known)) return;
    if (facts === known) return;
    if (facts) this.#facts.set(file, facts);
    else this.#facts.delete(file);
    this.#arrangement = undefined;
  }

  /** While a file cannot be read at the decisive places, it stays where it was: someone is typing. */
  #factsIn(file: FilePath, known: MigrationFacts | undefined): MigrationFacts | undefined {
    const source = this.#readSource(file);
    const broken = this.#sources.module(file)?.module.broken ?? [];
    if (known && broken.some((span) => !isHarmless(span, source))) return known;
    return source && factsOf(source);
  }

  #arrange(): Arrangement {
    const ordered = orderedGraphOf({
      migrations: [...this.#facts.values()],
      swappable: (setting) => this.#swappable(setting),
    });
    const order = ordered.steps.map(({ id }) => id);
    const files = new Map(order.map((id) => [ordered.history.migrations.get(id)?.file ?? '', id]));
    this.#chain.arrange(ordered.steps);
    return { ...ordered, order, files };
  }

  #readSource(file: FilePath): DjangoMigration | undefined {
    if (!this.#read.has(file)) this.#read.set(file, this.#readAgain(file));
    return this.#read.get(file);
  }

  #readAgain(file: FilePath): DjangoMigration | undefined {
    const app = this.#appOf.get(file);
    const source = app && this.#sources.module(file);
    if (!source) return undefined;
    const earlier = this.#readBefore.get(file);
    this.#readBefore.delete(file);
    return readDjangoMigration({ ...source, app: app.label, scope: this.#scopes.scopeOf(source), earlier });
  }

  #fileOf(id: MigrationId): FilePath | undefined {
    return this.#arrangement?.history.migrations.get(id)?.file;
  }

  #sourceOf(id: MigrationId): DjangoMigration | undefined {
    const file = this.#fileOf(id);
    return file === undefined ? undefined : this.#readSource(file);
  }

  #forget(id: MigrationId): void {
    const file = this.#fileOf(id);
    if (file === undefined || this.#sources.isOpen(file)) return;
    this.#read.delete(file);
    this.#scopes.release(file);
    this.#sources.release(file);
  }

  #swappable(setting: string): string | undefined {
    return setting === 'AUTH_USER_MODEL' ? this.#layout.userModel : undefined;
  }

  #context(): LoweringContext {
    return {
      target: this.#layout.target,
      defaultAutoField: (label) =>
        this.#layout.apps.find((app) => app.label === label)?.defaultAutoField ?? this.#layout.defaultAutoField,
      swappable: (setting) => this.#swappable(setting),
      parentsOf: (source) => this.#parentsOf(source),
      evaluate: (expression, inside) => this.#scopes.evaluate(expression, inside),
      resolveModule: (request) => this.#scopes.resolve(request),
      sourceOf: (module) => this.#sources.sourceOf(module),
      texts: this.#scopes.texts,
      sqlParser: this.#sqlParser,
    };
  }

  #parentsOf(source: DjangoMigration): readonly ParentRef[] {
    const history = this.#arrangement?.history;
    const facts = history?.migrations.get(migrationIdOf(source.app, source.name));
    if (!history || !facts) return [];
    return source.dependencies.flatMap((dependency) => {
      const { kind, app, name, at, setting } = dependency;
      const resolved = parentOf(dependency, facts, history);
      if (kind === 'unknown' || (resolved === undefined && app === undefined)) return [];
      const written = app !== undefined && name !== undefined ? migrationIdOf(app, name) : `settings.${setting}`;
      return [{ id: resolved ?? written, at, written }];
    });
  }

  #snapshot(): Project {
    const arranged = (): Arrangement => this.#arranged();
    const unread = (): readonly ProjectProblem[] => [
      ...unreadPlaces(this.#sources, (file) => this.#appOf.has(file), this.#owns),
      ...missingClasses(this.#layout.apps, (file) => this.#facts.has(file), this.#sources),
    ];
    const moduleFiles = remembered((label) => this.#moduleFiles(label));
    const { root, target, pyproject, connection } = this.#layout;
    return {
      root,
      target,
      pyproject,
      connection,
      get order() {
        return arranged().order;
      },
      get files() {
        return arranged().files;
      },
      get graph() {
        return arranged().graph;
      },
      migrationAt: (file) => {
        const id = arranged().files.get(file);
        return id === undefined ? undefined : this.#chain.judge(id);
      },
      migration: (id) => (arranged().graph.groupOf(id) === '' ? undefined : this.#chain.judge(id)),
      source: (id) => (arranged().graph.groupOf(id) === '' ? undefined : this.#sourceOf(id)),
      revision: () => undefined,
      environmentFile: undefined,
      hasGuards: false,
      goesForwardOnly: false,
      environment: undefined,
      module: (file) => this.#sources.module(file),
      modulesOf: (label, mention) => {
        const files = moduleFiles(label);
        return { models: this.#mentioning(files.models, mention), others: this.#mentioning(files.others, mention) };
      },
      sourceOf: (module) => this.#sources.sourceOf(module),
      swappable: (setting) => this.#swappable(setting),
      exists: (file) => this.#sources.exists(file),
      get problems() {
        arranged();
        return unread();
      },
    };
  }

  #moduleFiles(label: string): ModuleFiles {
    const { apps } = this.#layout;
    const app = apps.find((each) => each.label === label);
    return app === undefined ? { models: [], others: [] } : moduleFilesOf(app, apps, this.#sources.list());
  }

  *#mentioning(files: readonly FilePath[], mention: string): Iterable<ModuleSource> {
    for (const file of files) {
      const wasKnown = this.#sources.knownText(file) !== undefined;
      const isMentioned = this.#sources.text(file)?.includes(mention) === true;
      const source = isMentioned ? this.#sources.module(file) : undefined;
      if (source) yield source;
      else if (!wasKnown) this.#sources.release(file);
    }
  }
}

function remembered<T>(compute: (label: string) => T): (label: string) => T {
  const known = new Map<string, T>();
  return (label) => {
    const value = known.get(label) ?? compute(label);
    known.set(label, value);
    return value;
  };
}

/** Whether a place that cannot be read says nothing about where the migration stands in the history. */
function isHarmless(broken: Span, source: DjangoMigration | undefined): boolean {
  if (!source) return false;
  const { operationsList } = source;
  return (
    !touches(source.class.span, broken) || (operationsList !== undefined && containsSpan(operationsList.span, broken))
  );
}
