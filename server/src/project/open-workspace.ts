import type { FilePath } from '../base/file-path.ts';
import { baseNameOf } from '../base/file-path.ts';
import type { TextEdit } from '../base/text-edit.ts';
import { AlembicProject } from './alembic-project.ts';
import { namesPackages } from './detect-django-version.ts';
import { DjangoProject } from './django-project.ts';
import type { LiveProject } from './live-project.ts';
import type { Project } from './project.ts';
import { layOut, type ProjectLayout, type SourceView, type WorkspaceLayout } from './project-layout.ts';
import { rootOf } from './project-roots.ts';
import { SourceFiles } from './source-files.ts';
import type { ProjectDecisions, Workspace, WorkspaceOptions } from './workspace.ts';

export function openWorkspace(options: WorkspaceOptions): Workspace {
  return new OpenWorkspace(options);
}

type AnyProject = Omit<LiveProject<never>, 'relisted'>;

interface LaidOut {
  readonly layout: WorkspaceLayout;
  readonly projects: readonly AnyProject[];
  /** Files whose content took part in the layout. */
  readonly consulted: ReadonlySet<FilePath>;
  /** Files of which only this was asked. */
  readonly matched: ReadonlyMap<FilePath, Match>;
}

/** Whether a text matches: as long as it does or does not, the rest of it may change. */
interface Match {
  readonly pattern: RegExp;
  readonly matches: boolean;
}

class OpenWorkspace implements Workspace {
  readonly root: FilePath;
  readonly #decisionsIn: WorkspaceOptions['decisionsIn'];
  readonly #sources: SourceFiles;
  readonly #mostRemembered: number;
  readonly #sqlParser: WorkspaceOptions['sqlParser'];
  #pyprojects: ReadonlySet<FilePath> = new Set();
  /** By what they are judged for: those that a new layout leaves as they are go on. */
  #known: ReadonlyMap<string, DjangoProject> = new Map();
  #environments: ReadonlyMap<string, AlembicProject> = new Map();
  #laidOut: LaidOut | undefined;
  /** Files whose text has come to match something, or has ceased to. */
  readonly #wavering = new Set<FilePath>();

  constructor({ root, files, parser, sqlParser, decisionsIn, mostRemembered = 2000 }: WorkspaceOptions) {
    this.root = root;
    this.#sqlParser = sqlParser;
    this.#mostRemembered = mostRemembered;
    this.#decisionsIn = decisionsIn;
    this.#sources = new SourceFiles(files, parser, root);
  }

  get projects(): readonly Project[] {
    return this.#current().projects.map(({ current }) => current);
  }

  projectOf(file: FilePath): Project {
    return this.#ownerOf(file).current;
  }

  openDocument(file: FilePath, text: string): void {
    this.#change([file], () => this.#sources.open(file, text));
  }

  editDocument(file: FilePath, edits: readonly TextEdit[]): void {
    this.#change([file], () => this.#sources.edit(file, edits));
  }

  hideDocument(file: FilePath): void {
    this.#change([file], () => this.#sources.hide(file));
  }

  closeDocument(file: FilePath): void {
    this.#change([file], () => this.#sources.close(file));
  }

  filesChanged(files: readonly FilePath[]): void {
    this.#change(files, () => {
      for (const file of files) this.#sources.refresh(file);
      this.#sources.relist();
    });
  }

  affectedBy(file: FilePath): readonly FilePath[] {
    const { projects } = this.#current();
    // What is said about a project as a whole stands in its settings.
    const settings = projects.flatMap(({ current }) => current.connection.databases?.file ?? []);
    const affected = new Set([file, ...settings]);
    if (this.#decidesLayout(file)) {
      for (const { current } of projects) for (const each of current.files.keys()) affected.add(each);
      return [...affected];
    }
    for (const project of projects) for (const each of project.affectedBy(file)) affected.add(each);
    return [...affected];
  }

  #current(): LaidOut {
    this.#laidOut ??= this.#layOut();
    return this.#laidOut;
  }

  #ownerOf(file: FilePath): AnyProject {
    const { projects, layout } = this.#current();
    const holder = projects.find((project) => project.holds(file));
    if (holder) return holder;
    const root = rootOf(file, layout.roots)?.folder ?? this.root;
    const index = layout.projects.findIndex((each) => each.root === root);
    const owner = projects.slice(layout.environments.length)[index] ?? projects[0];
    if (!owner) throw new TypeError('A workspace has at least one project.');
    return owner;
  }

  #layOut(): LaidOut {
    const consulted = new Set(this.#wavering);
    const matched = new Map<FilePath, Match>();
    const layout = layOut(notingReads(this.#sources, consulted, matched), this.root, this.#decisions());
    const known = new Map<string, DjangoProject>();
    const projects = layout.projects.map((each) => {
      let key = signatureOf(each);
      // Several projects with one root: apps that share their labels.
      while (known.has(key)) key += '+';
      const lasting = this.#known.get(key);
      lasting?.relisted(each);
      const project = lasting ?? this.#newProject(each);
      known.set(key, project);
      return project;
    });
    this.#known = known;
    return { layout, projects: [...this.#layOutEnvironments(layout), ...projects], consulted, matched };
  }

  #layOutEnvironments({ environments }: WorkspaceLayout): readonly AlembicProject[] {
    const known = new Map<string, AlembicProject>();
    const all = environments.map((each) => {
      const { root, pyproject, target, environment } = each;
      const key = JSON.stringify([root, pyproject, target, environment.folder, environment.versions]);
      const lasting = this.#environments.get(key);
      lasting?.relisted(each);
      const project =
        lasting ??
        new AlembicProject({ sources: this.#sources, sqlParser: this.#sqlParser, layout: each, workspace: this.root });
      known.set(key, project);
      return project;
    });
    this.#environments = known;
    return all;
  }

  #newProject(layout: ProjectLayout): DjangoProject {
    const project: DjangoProject = new DjangoProject({
      sources: this.#sources,
      sqlParser: this.#sqlParser,
      layout,
      workspace: this.root,
      owns: (file) => this.#ownerOf(file) === project,
      mostRemembered: this.#mostRemembered,
    });
    return project;
  }

  #decisions(): ReadonlyMap<FilePath, ProjectDecisions> {
    const files = this.#sources.list().filter(isPyproject);
    for (const gone of this.#pyprojects) if (!this.#sources.exists(gone)) this.#decisionsIn(gone, undefined);
    this.#pyprojects = new Set(files);
    const decisions = new Map<FilePath, ProjectDecisions>();
    for (const file of files) {
      const decided = this.#decisionsIn(file, this.#sources.text(file));
      if (decided) decisions.set(file, decided);
    }
    return decisions;
  }

  /** Makes a change to files and lets go of what was computed from them. */
  #change(files: readonly FilePath[], change: () => void): void {
    const listed = this.#sources.list();
    const before = files.map((file) => ({
      file,
      exists: this.#sources.exists(file),
      text: this.#sources.knownText(file),
    }));
    change();
    for (const { file, exists, text } of before) {
      const isThere = this.#sources.exists(file);
      if (exists === isThere && text !== undefined && text === this.#sources.text(file)) continue;
      this.#noteMatch(file);
      if (exists !== isThere || this.#decidesLayout(file)) this.#laidOut = undefined;
      for (const project of this.#known.values()) project.changed(file);
      for (const project of this.#environments.values()) project.changed(file);
    }
    // A listing that was read again may hold files of which nobody has told yet.
    if (!isSameListing(listed, this.#sources.list())) this.#laidOut = undefined;
  }

  #noteMatch(file: FilePath): void {
    const known = this.#laidOut?.matched.get(file);
    if (known === undefined || known.matches === known.pattern.test(this.#sources.text(file) ?? '')) return;
    this.#wavering.add(file);
  }

  #decidesLayout(file: FilePath): boolean {
    const isConsulted = this.#laidOut?.consulted.has(file) === true || this.#wavering.has(file);
    return isConsulted || isPyproject(file) || namesPackages(file);
  }
}

function isSameListing(one: readonly FilePath[], other: readonly FilePath[]): boolean {
  if (one === other) return true;
  const files = new Set(one);
  return one.length === other.length && other.every((file) => files.has(file));
}

function isPyproject(file: FilePath): boolean {
  return baseNameOf(file) === 'pyproject.toml';
}

function signatureOf({ root, pyproject, target, userModel, defaultAutoField }: ProjectLayout): string {
  return JSON.stringify([root, pyproject, target, userModel, defaultAutoField]);
}

function notingReads(sources: SourceFiles, consulted: Set<FilePath>, matched: Map<FilePath, Match>): SourceView {
  return {
    list: () => sources.list(),
    exists: (file) => sources.exists(file),
    parse: (text) => sources.parse(text),
    text(file) {
      consulted.add(file);
      return sources.text(file);
    },
    matches(file, pattern) {
      const known = matched.get(file);
      // One question of each file is remembered; who asks another one consults it.
      if (known !== undefined && known.pattern !== pattern) consulted.add(file);
      const matches = pattern.test(sources.text(file) ?? '');
      matched.set(file, { pattern, matches });
      return matches;
    },
    module(file) {
      consulted.add(file);
      return sources.module(file);
    },
  };
}
