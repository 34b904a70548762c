import type { FilePath } from '../base/file-path.ts';
import { baseNameOf, folderOf, isWithin, joinPath } from '../base/file-path.ts';
import type { Target } from '../base/target.ts';
import { isVersionAtLeast, newestDatabases, newestDjango } from '../base/target.ts';
import { findEnvironments } from './alembic-environments.ts';
import type { AlembicLayout } from './alembic-project.ts';
import type { App } from './apps.ts';
import { findApps } from './apps.ts';
import { detectDjangoVersion, namesPackages } from './detect-django-version.ts';
import type { DetectedSettings } from './detect-settings.ts';
import { detectSettings } from './detect-settings.ts';
import { databaseOfEnvironment, type EnvironmentPlace } from './environment-database.ts';
import type { ConnectionSettings } from './project.ts';
import type { ProjectRoot } from './project-roots.ts';
import { projectRootsIn, rootOf } from './project-roots.ts';
import { findModule } from './python-modules.ts';
import type { SourceFiles } from './source-files.ts';
import { isForTests } from './test-paths.ts';
import type { ProjectDecisions } from './workspace.ts';

/** What a layout looks at. */
export interface SourceView extends Pick<SourceFiles, 'list' | 'exists' | 'text' | 'module' | 'parse'> {
  /** Whether the text of a file matches; an edit that leaves that as it is does not concern the layout. */
  matches(file: FilePath, pattern: RegExp): boolean;
}

/** A project before any of its migrations is read: what it is judged for, and where its migrations are. */
export interface ProjectLayout {
  readonly root: FilePath;
  readonly pyproject: FilePath | undefined;
  readonly target: Target;
  readonly connection: ConnectionSettings;
  readonly apps: readonly App[];
  /** The value of AUTH_USER_MODEL; `undefined` where it cannot be told. */
  readonly userModel: string | undefined;
  /** The class of the `id` that models get by themselves where their app does not say. */
  readonly defaultAutoField: string;
}

export interface WorkspaceLayout {
  /** Outermost first, the workspace's own project among them. */
  readonly roots: readonly ProjectRoot[];
  /** At least one for each root, in the order of the roots; no label is twice in one. */
  readonly projects: readonly ProjectLayout[];
  /** The environments of Alembic. */
  readonly environments: readonly AlembicLayout[];
}

/** @param decisionsIn what the pyproject.toml files that configure Stepwise decide */
export function layOut(
  sources: SourceView,
  root: FilePath,
  decisionsIn: ReadonlyMap<FilePath, ProjectDecisions>,
): WorkspaceLayout {
  const files = sources.list();
  const roots = projectRootsIn(root, files, new Set(decisionsIn.keys()));
  const filesOf = new Map(roots.map((each) => [each, [] as FilePath[]]));
  for (const file of files) {
    const owner = rootOf(file, roots);
    if (owner) filesOf.get(owner)?.push(file);
  }
  const projects = roots.flatMap((each) => {
    const decisions = each.pyproject === undefined ? undefined : decisionsIn.get(each.pyproject);
    return layOutProjects({ sources, workspace: root, root: each, files: filesOf.get(each) ?? [], decisions });
  });
  const environments = roots.flatMap((each, index) => {
    const text = (file: FilePath) => sources.text(file);
    const matches = (file: FilePath, pattern: RegExp) => sources.matches(file, pattern);
    const found = findEnvironments({ root: each.folder, files: filesOf.get(each) ?? [], text, matches });
    const decisions = each.pyproject === undefined ? undefined : decisionsIn.get(each.pyproject);
    const { folder, pyproject } = each;
    return found.map((environment) => {
      const place = { environment, root: folder, workspace: root };
      return layOutEnvironment(place, pyproject, decisions, projects[index]?.target, sources);
    });
  });
  return { roots, projects, environments };
}

function layOutEnvironment(
  place: EnvironmentPlace,
  pyproject: FilePath | undefined,
  decisions: ProjectDecisions | undefined,
  known: Target | undefined,
  sources: SourceView,
): AlembicLayout {
  const { root, environment } = place;
  const database = decisions?.database ?? databaseOfEnvironment(place, sources) ?? 'postgresql';
  const target: Target = {
    database,
    databaseVersion: decisions?.databaseVersion ?? newestDatabases[database],
    django: known?.django ?? newestDjango,
    deploys: decisions?.deploys ?? 'rolling',
  };
  return { root, pyproject, target, environment };
}

interface ProjectInput {
  readonly sources: SourceView;
  readonly workspace: FilePath;
  readonly root: ProjectRoot;
  readonly files: readonly FilePath[];
  readonly decisions: ProjectDecisions | undefined;
}

function layOutProjects(input: ProjectInput): readonly ProjectLayout[] {
  const { sources, workspace } = input;
  const { folder: root, pyproject } = input.root;
  const files = input.files.filter((file) => file.endsWith('.py'));
  const module = (file: FilePath) => sources.module(file)?.module;
  const text = (file: FilePath) => sources.text(file);
  const settings = detectSettings({
    root,
    files,
    text,
    parse: (part) => sources.parse(part),
    resolve: (dotted, from) => findModule(dotted, from, workspace, (file) => sources.exists(file)),
  });
  const target = targetOf(input, settings);
  const apps = findApps({ root, files, migrationModules: settings.migrationModules, text, module });
  const defaultAutoField = settings.defaultAutoField ?? djangoAutoField(target);
  const { userModel, connection } = settings;
  return withUniqueLabels(apps, root).map((each) => ({
    root,
    pyproject,
    target,
    connection,
    apps: each,
    userModel,
    defaultAutoField,
  }));
}

function djangoAutoField({ django }: Target): string {
  return isVersionAtLeast(django, 6, 0) ? 'django.db.models.BigAutoField' : 'django.db.models.AutoField';
}

function targetOf(input: ProjectInput, settings: DetectedSettings): Target {
  const { decisions } = input;
  const database = decisions?.database ?? settings.database ?? 'postgresql';
  return {
    database,
    databaseVersion: decisions?.databaseVersion ?? newestDatabases[database],
    django: decisions?.django ?? detectedDjango(input) ?? newestDjango,
    deploys: decisions?.deploys ?? 'rolling',
  };
}

/** Files beside the project and above it tell first; what lies deeper may be requirements of docs and examples. */
function detectedDjango({ sources, workspace, root, files }: ProjectInput): Target['django'] | undefined {
  const entries = files.filter((file) => baseNameOf(file) === 'manage.py').map(folderOf);
  const near = [...entries, ...foldersUpTo(root.folder, workspace)];
  const places = [...new Set(near)].flatMap((folder) => [folder, joinPath(folder, 'requirements')]);
  const all = sources.list().filter(namesPackages);
  const beside = places.flatMap((folder) => all.filter((file) => folderOf(file) === folder));
  const depth = (file: FilePath): number => file.split('/').length;
  const deeper = files.filter(namesPackages).sort((one, other) => depth(one) - depth(other));
  const read = (file: FilePath): string | undefined => sources.text(file);
  return detectDjangoVersion(beside, read) ?? detectDjangoVersion(deeper, read);
}

function foldersUpTo(folder: FilePath, root: FilePath): readonly FilePath[] {
  const folders = [folder];
  for (let current = folder; current !== root && isWithin(current, root); ) {
    current = folderOf(current);
    folders.push(current);
  }
  return folders;
}

/**
 * Apps with one label cannot be in one project: examples and test projects repeat each other's. The first by path stays,
 * the others are projects of their own, together with those beside them.
 */
function withUniqueLabels(apps: readonly App[], root: FilePath): readonly (readonly App[])[] {
  const kept = new Map<string, App>();
  const repeated = new Map<FilePath, App[]>();
  const rank = ({ folder }: App): number => Number(isForTests(folder, root));
  for (const app of apps.toSorted((one, other) => rank(one) - rank(other))) {
    if (!kept.has(app.label)) {
      kept.set(app.label, app);
      continue;
    }
    const beside = folderOf(folderOf(app.folder));
    const known = repeated.get(beside);
    if (known) known.push(app);
    else repeated.set(beside, [app]);
  }
  return [[...kept.values()], ...[...repeated.values()].flatMap((each) => withUniqueLabels(each, root))];
}
