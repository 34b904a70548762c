import { mayAskForLeave } from '../alembic/judgement.ts';
import { lowerRevision } from '../alembic/lower-revision.ts';
import { readRevision } from '../alembic/read-revision.ts';
import type { AlembicRevision } from '../alembic/revision-file.ts';
import type { RevisionContext } from '../alembic/step.ts';
import type { FilePath } from '../base/file-path.ts';
import { baseNameOf, isWithin } from '../base/file-path.ts';
import type { Target } from '../base/target.ts';
import type { LoweringContext } from '../django/lowering-context.ts';
import { emptyState } from '../django/project-state.ts';
import type { ParentRef } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { emptySchema, type Schema } from '../schema/schema.ts';
import type { AlembicEnvironment } from './alembic-environments.ts';
import { KnownEnvironment } from './known-environment.ts';
import type { LiveProject } from './live-project.ts';
import { ModuleScopes } from './module-scopes.ts';
import type { JudgedMigration, Project, ProjectProblem } from './project.ts';
import { isSameRevisionFacts, type OrderedRevisions, orderRevisions, type RevisionFacts } from './revision-graph.ts';
import { settledSchema } from './same-state.ts';
import type { SourceFiles } from './source-files.ts';
import { unreadPlaces } from './unread-places.ts';

/** An environment before any of its revisions is read: what it is judged for. */
export interface AlembicLayout {
  readonly root: FilePath;
  readonly pyproject: FilePath | undefined;
  readonly target: Target;
  readonly environment: AlembicEnvironment;
}

export interface AlembicProjectOptions {
  readonly sources: SourceFiles;
  readonly sqlParser: LoweringContext['sqlParser'];
  readonly layout: AlembicLayout;
  /** The folder in which modules are looked for. */
  readonly workspace: FilePath;
}

interface Link {
  readonly source: AlembicRevision;
  readonly before: Schema;
  readonly after: Schema;
  readonly judged: JudgedMigration;
}

const start: { readonly count: number; readonly schema: Schema } = { count: 0, schema: emptySchema };

/** The revisions of one environment, each read, lowered and judged when it is asked for. */
export class AlembicProject implements LiveProject<AlembicLayout> {
  readonly #sources: SourceFiles;
  readonly #scopes: ModuleScopes;
  readonly #known: KnownEnvironment;
  readonly #context: RevisionContext;
  readonly #read = new Map<FilePath, AlembicRevision | undefined>();
  readonly #facts = new Map<FilePath, RevisionFacts>();
  readonly #stale = new Set<FilePath>();
  readonly #links = new Map<MigrationId, Link>();
  #layout: AlembicLayout;
  #files: ReadonlySet<FilePath> = new Set();
  #ordered: OrderedRevisions | undefined;
  #project: Project | undefined;
  /** How many revisions have been walked since something has changed, and what they build. */
  #walked = start;

  constructor({ sources, sqlParser, layout, workspace }: AlembicProjectOptions) {
    this.#sources = sources;
    this.#layout = layout;
    this.#scopes = new ModuleScopes(sources, workspace, layout.target.database);
    const { root, environment } = layout;
    const known = new KnownEnvironment(environment, { sources, scopes: this.#scopes, root, workspace });
    this.#known = known;
    this.#context = {
      target: layout.target,
      get naming() {
        return known.naming;
      },
      get isInUtc() {
        return known.isInUtc;
      },
      sourceOf: (module) => sources.sourceOf(module),
      sqlParser,
    };
    this.relisted(layout);
  }

  get current(): Project {
    this.#project ??= this.#snapshot();
    return this.#project;
  }

  holds(file: FilePath): boolean {
    return file === this.#known.path || this.#layout.environment.versions.some((folder) => isWithin(file, folder));
  }

  changed(file: FilePath): void {
    const concerned = this.#scopes.changed(file);
    for (const each of concerned) this.#outdate(each);
    if (this.#known.concerns(concerned)) this.#renewEnvironment();
  }

  #renewEnvironment(): void {
    this.#begin();
    // What nobody has named is called otherwise, or times are taken for others.
    if (this.#known.renew(this.#layout.environment)) this.#links.clear();
  }

  relisted(layout: AlembicLayout): void {
    this.#layout = layout;
    this.#begin();
    const before = this.#files;
    this.#files = new Set(layout.environment.files);
    for (const file of new Set([...before, ...this.#files])) {
      if (before.has(file) !== this.#files.has(file)) this.#outdate(file);
    }
    for (const file of this.#scopes.relisted(this.#files)) this.#outdate(file);
    this.#renewEnvironment();
  }

  affectedBy(file: FilePath): readonly FilePath[] {
    const { files, graph } = this.#arranged();
    const affected = new Set([...this.#scopes.importersOf(file)].flatMap((each) => files.get(each) ?? []));
    for (const id of affected) for (const child of graph.childrenOf(id)) affected.add(child);
    const leaves = affected.size === 0 ? [] : [...graph.groups.values()].flatMap((group) => group.leaves);
    for (const leaf of leaves) affected.add(leaf);
    return [...files].filter(([, id]) => affected.has(id)).map(([each]) => each);
  }

  #outdate(file: FilePath): void {
    this.#begin();
    if (!this.#files.has(file) && !this.#facts.has(file)) return;
    this.#read.delete(file);
    this.#stale.add(file);
  }

  #arranged(): OrderedRevisions {
    for (const file of this.#stale) this.#readFacts(file);
    this.#stale.clear();
    const { folder } = this.#layout.environment;
    this.#ordered ??= orderRevisions([...this.#facts.values()], { name: baseNameOf(folder) || 'alembic', folder });
    return this.#ordered;
  }

  #readFacts(file: FilePath): void {
    const known = this.#facts.get(file);
    const source = this.#files.has(file) ? this.#sourceIn(file) : undefined;
    // While a file cannot be read, it stays where it was: someone is typing.
    if (known && source === undefined && this.#files.has(file) && this.#isBroken(file)) return;
    const facts = source && factsOf(source);
    if (facts && known && isSameRevisionFacts(facts, known)) return;
    if (facts === known) return;
    if (facts) this.#facts.set(file, facts);
    else this.#facts.delete(file);
    this.#ordered = undefined;
  }

  #isBroken(file: FilePath): boolean {
    return (this.#sources.module(file)?.module.broken ?? []).length > 0;
  }

  #sourceIn(file: FilePath): AlembicRevision | undefined {
    if (!this.#read.has(file)) {
      const source = this.#sources.module(file);
      this.#read.set(file, source && readRevision({ ...source, scope: this.#scopes.scopeOf(source) }));
    }
    return this.#read.get(file);
  }

  #revisionOf(id: MigrationId): AlembicRevision | undefined {
    const file = this.#arranged().fileOf(id);
    return file === undefined ? undefined : this.#sourceIn(file);
  }

  #judge(id: MigrationId): JudgedMigration | undefined {
    const { order, fileOf, placeOf } = this.#arranged();
    const place = placeOf(id) ?? -1;
    for (const next of order.slice(this.#walked.count, place + 1)) {
      const { count, schema } = this.#walked;
      const link = this.#linkOf(next, fileOf(next) ?? '', schema);
      this.#walked = { count: count + 1, schema: link?.after ?? schema };
    }
    return place < 0 ? undefined : this.#links.get(id)?.judged;
  }

  /** Something has changed. */
  #begin(): void {
    this.#project = undefined;
    this.#walked = start;
  }

  /** What a revision builds; the same as before where neither it nor what comes before it is another. */
  #linkOf(id: MigrationId, file: FilePath, before: Schema): Link | undefined {
    const known = this.#links.get(id);
    const source = this.#sourceIn(file);
    // A file that cannot be read for the moment has built what it built before.
    if (source === undefined || (known?.source === source && known.before === before)) return known;
    const { migration, steps, after } = lowerRevision(source, this.#parentsOf(source), before, this.#context);
    const settled = known ? settledSchema(known.after, after) : after;
    const judged: JudgedMigration = {
      migration,
      before,
      stateBefore: emptyState,
      stateAfter: emptyState,
      identities: migration.forward.map(() => ({})),
      steps,
      after: settled,
    };
    const link = { source, before, after: settled, judged };
    this.#links.set(id, link);
    return link;
  }

  #parentsOf({ downRevisions, dependsOn }: AlembicRevision): readonly ParentRef[] {
    const { resolve } = this.#arranged();
    return [...downRevisions, ...dependsOn].map(({ id, at }) => ({ id: resolve(id) ?? id, at, written: id }));
  }

  #snapshot(): Project {
    const arranged = (): OrderedRevisions => this.#arranged();
    const { root, target, pyproject, environment } = this.#layout;
    const known = this.#known;
    let hasGuards: boolean | undefined;
    let goesForwardOnly: boolean | undefined;
    const asks = (file: FilePath): boolean => mayAskForLeave(this.#sources.text(file) ?? '');
    const unread = (): readonly ProjectProblem[] =>
      unreadPlaces(
        this.#sources,
        (file) => this.#files.has(file),
        () => false,
      );
    return {
      root,
      target,
      pyproject,
      get connection() {
        return known.connection;
      },
      get environmentFile() {
        return known.file;
      },
      environment,
      get order() {
        return arranged().order;
      },
      get files() {
        return arranged().files;
      },
      get graph() {
        return arranged().graph;
      },
      get hasGuards() {
        hasGuards ??= [...arranged().files.keys()].some((file) => asks(file));
        return hasGuards;
      },
      get goesForwardOnly() {
        const { order } = arranged();
        goesForwardOnly ??= order.length >= 3 && order.every((id) => this.revision(id)?.downgrades.length === 0);
        return goesForwardOnly;
      },
      migrationAt: (file) => {
        const id = arranged().files.get(file);
        return id === undefined ? undefined : this.#judge(id);
      },
      migration: (id) => this.#judge(id),
      source: () => undefined,
      revision: (id) => this.#revisionOf(id),
      module: (file) => this.#sources.module(file),
      modulesOf: () => ({ models: [], others: [] }),
      sourceOf: (module) => this.#sources.sourceOf(module),
      swappable: () => undefined,
      exists: (file) => this.#sources.exists(file),
      get problems() {
        arranged();
        return unread();
      },
    };
  }
}

function factsOf({ revision, file, downRevisions, dependsOn, branchLabels }: AlembicRevision): RevisionFacts {
  return {
    id: revision,
    file,
    downRevisions: downRevisions.map(({ id }) => id),
    dependsOn: dependsOn.map(({ id }) => id),
    branchLabels,
  };
}
