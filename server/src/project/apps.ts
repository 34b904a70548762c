import type { FilePath } from '../base/file-path.ts';
import { baseNameOf, folderOf } from '../base/file-path.ts';
import type { Module } from '../syntax/module.ts';
import type { AppConfig } from './app-configs.ts';
import { readAppConfig } from './app-configs.ts';
import { compareText } from './migration-facts.ts';

/** An app that has migrations. */
export interface App {
  readonly label: string;
  /** Where its migrations are, and new ones go. */
  readonly folder: FilePath;
  /** Where the app itself is, with its models; `undefined` where that cannot be told. */
  readonly home: FilePath | undefined;
  /** The files that Django would load, in name order; not all of them need be migrations. */
  readonly files: readonly FilePath[];
  /** What the app's own configuration says about the `id` of its models. */
  readonly defaultAutoField: string | undefined;
}

export interface AppsInput {
  readonly root: FilePath;
  /** The Python files of the project. */
  readonly files: readonly FilePath[];
  /** App label → dotted module; `undefined` for an app whose migrations are switched off. */
  readonly migrationModules: ReadonlyMap<string, string | undefined>;
  text(file: FilePath): string | undefined;
  module(file: FilePath): Module | undefined;
}

/** The apps with a migrations folder, in path order. Labels need not be unique. */
export function findApps(input: AppsInput): readonly App[] {
  const byFolder = loadableFiles(input);
  const configs = configsByFolder(input);
  const moved = movedFolders(input.migrationModules, byFolder);
  const labels = new Map(
    [...configs].map(([folder, config]) => [labelOf(folder, config, input.root), { folder, config }]),
  );
  const apps: App[] = [];
  for (const [folder, files] of byFolder) {
    const label = moved.get(folder) ?? ownLabel(folder, configs, input);
    if (label === undefined) continue;
    const configured = labels.get(label);
    const home = moved.has(folder) ? (configured?.folder ?? folderOfModels(label, input.files)) : folderOf(folder);
    const { defaultAutoField } = configured?.config ?? { defaultAutoField: undefined };
    apps.push({ label, folder, home, files: [...files].sort(compareText), defaultAutoField });
  }
  return apps.sort((one, other) => compareText(one.folder, other.folder));
}

/** The folder that is called as the app is and holds models. */
function folderOfModels(label: string, files: readonly FilePath[]): FilePath | undefined {
  const holders = files.flatMap((file) => /^(.*?)\/models(?:\.py|\/__init__\.py)$/.exec(file)?.[1] ?? []);
  return holders.find((folder) => baseNameOf(folder) === label);
}

/** The label of the app whose folder `migrations` this is; `undefined` for all other folders. */
function ownLabel(
  folder: FilePath,
  configs: ReadonlyMap<FilePath, AppConfig>,
  { root, migrationModules }: AppsInput,
): string | undefined {
  if (baseNameOf(folder) !== 'migrations') return undefined;
  const appFolder = folderOf(folder);
  const label = labelOf(appFolder, configs.get(appFolder), root);
  // An app whose migrations are kept elsewhere has none here.
  return migrationModules.has(label) ? undefined : label;
}

function labelOf(folder: FilePath, config: AppConfig | undefined, root: FilePath): string {
  return config?.label ?? lastPartOf(config?.name) ?? baseNameOf(folder || root || 'app');
}

/** Django passes over names that begin with `_` or `~`, and over packages. */
export function isLoadable(file: FilePath): boolean {
  return /^[^_~.][^.]*\.py$/.test(baseNameOf(file));
}

/** The files that may be migrations by their folder: all folders count where migrations can be kept anywhere. */
function loadableFiles({ files, migrationModules }: AppsInput): ReadonlyMap<FilePath, readonly FilePath[]> {
  const byFolder = new Map<FilePath, FilePath[]>();
  for (const file of files) {
    const isBesideMigrations = file.endsWith('migrations', file.lastIndexOf('/'));
    if ((!isBesideMigrations && migrationModules.size === 0) || !isLoadable(file)) continue;
    const folder = folderOf(file);
    const known = byFolder.get(folder);
    if (known) known.push(file);
    else byFolder.set(folder, [file]);
  }
  return byFolder;
}

/** The configuration of each app by its folder: that of its own apps.py, or one elsewhere whose `name` leads to it. */
function configsByFolder({ files, text, module }: AppsInput): ReadonlyMap<FilePath, AppConfig> {
  const configs = new Map<FilePath, AppConfig>();
  const elsewhere: { readonly folder: FilePath; readonly config: AppConfig }[] = [];
  for (const file of files) {
    if (baseNameOf(file) !== 'apps.py' || text(file)?.includes('Config') !== true) continue;
    const found = module(file);
    const config = found && readAppConfig(found);
    if (!config) continue;
    const folder = folderOf(file);
    const isOwn = config.name === undefined || lastPartOf(config.name) === baseNameOf(folder);
    if (isOwn) configs.set(folder, config);
    else elsewhere.push({ folder, config });
  }
  for (const { folder, config } of elsewhere) {
    const target = folderNamed(config.name ?? '', folder, files) ?? folder;
    if (!configs.has(target)) configs.set(target, config);
  }
  return configs;
}

/** The folder of a dotted package, seen from another folder: the nearest above that has it. */
function folderNamed(dotted: string, from: FilePath, files: readonly FilePath[]): FilePath | undefined {
  const path = dotted.replaceAll('.', '/');
  const candidates = new Set<FilePath>();
  for (const file of files) {
    const at = `/${file}`.indexOf(`/${path}/`);
    if (at >= 0) candidates.add(file.slice(0, at + path.length));
  }
  return [...candidates].sort((one, other) => sharedLength(other, from) - sharedLength(one, from))[0];
}

function sharedLength(one: FilePath, other: FilePath): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** Where MIGRATION_MODULES puts the migrations of an app: folder → label. */
function movedFolders(
  migrationModules: AppsInput['migrationModules'],
  byFolder: ReadonlyMap<FilePath, readonly FilePath[]>,
): ReadonlyMap<FilePath, string> {
  const moved = new Map<FilePath, string>();
  for (const [label, dotted] of migrationModules) {
    if (dotted === undefined) continue;
    const path = dotted.replaceAll('.', '/');
    const folders = [...byFolder.keys()].filter((folder) => folder === path || folder.endsWith(`/${path}`));
    const [nearest] = folders.sort((one, other) => one.length - other.length);
    if (nearest !== undefined) moved.set(nearest, label);
  }
  return moved;
}

function lastPartOf(dotted: string | undefined): string | undefined {
  return dotted?.split('.').at(-1);
}

/** Whether the migrations of both are read alike. */
export function isSameApp(one: App | undefined, other: App | undefined): boolean {
  return one?.label === other?.label && one?.defaultAutoField === other?.defaultAutoField;
}
