import type { FilePath } from '../base/file-path.ts';
import { baseNameOf, folderOf, isWithin, joinPath } from '../base/file-path.ts';
import { compareText } from './migration-facts.ts';
import { separateHistories } from './separate-histories.ts';

/** A set of revisions that Alembic runs together: what one alembic.ini, or one env.py, is about. */
export interface AlembicEnvironment {
  /** Where env.py is, as far as it is known. */
  readonly folder: FilePath;
  /** Where new revisions go, then the other folders that revisions are in. */
  readonly versions: readonly [FilePath, ...FilePath[]];
  /** Python files that may hold revisions, in path order. */
  readonly files: readonly FilePath[];
  /** Alembic looks for revisions in the folders of these folders as well. */
  readonly isRecursive: boolean;
  /** How new files are called: Alembic's `%%(rev)s_%%(slug)s` where nothing is said. */
  readonly fileTemplate: string;
  /** How many characters of a message go into the name of its file. */
  readonly longestSlug: number;
  /** `sqlalchemy.url`, where it is written. */
  readonly url: string | undefined;
}

export interface EnvironmentsInput {
  readonly root: FilePath;
  readonly files: readonly FilePath[];
  text(file: FilePath): string | undefined;
  matches(file: FilePath, pattern: RegExp): boolean;
}

const defaultTemplate = '%(rev)s_%(slug)s';
const defaultLongestSlug = 40;

/**
 * The environments of a project: those that alembic.ini and pyproject.toml name, then every env.py with a `versions`
 * folder beside it, then every folder in which files set `down_revision`.
 */
export function findEnvironments(input: EnvironmentsInput): readonly AlembicEnvironment[] {
  const configured = input.files.filter(isConfiguration).flatMap((file) => environmentsIn(file, input));
  const found: AlembicEnvironment[] = [];
  const isTaken = (file: FilePath): boolean =>
    found.some(({ versions }) => versions.some((folder) => isWithin(file, folder)));
  for (const each of configured) if (!found.some(({ versions }) => versions[0] === each.versions[0])) found.push(each);
  for (const env of input.files.filter((file) => baseNameOf(file) === 'env.py')) {
    const folder = folderOf(env);
    const versions = joinPath(folder, 'versions');
    if (isTaken(versions)) continue;
    const files = revisionsIn([versions], input);
    if (files.some((file) => isRevision(file, input))) found.push(environment(folder, [versions], files));
  }
  const rest = input.files.filter((file) => mayStandAlone(file) && !isTaken(file) && isRevision(file, input));
  const folders = [...new Set(rest.map(versionsFolderOf))].sort(compareText);
  for (const folder of folders) {
    if (!isTaken(joinPath(folder, 'x.py'))) found.push(environment(folder, [folder], revisionsIn([folder], input)));
  }
  return found.filter(({ files }) => files.length > 0).flatMap((each) => historiesIn(each, input));
}

/** An environment with several histories is as many environments with one `env.py`. */
function historiesIn(each: AlembicEnvironment, { text }: EnvironmentsInput): readonly AlembicEnvironment[] {
  const [versions, ...others] = each.versions;
  if (each.isRecursive || others.length > 0) return [each];
  const folders = separateHistories(versions, each.files, text);
  if (folders.length === 0) return [each];
  return folders.map((folder) => ({
    ...each,
    versions: [folder] as const,
    files: each.files.filter((file) => isWithin(file, folder)),
  }));
}

function environment(
  folder: FilePath,
  versions: readonly [FilePath, ...FilePath[]],
  files: readonly FilePath[],
  {
    fileTemplate = defaultTemplate,
    longestSlug = defaultLongestSlug,
    isRecursive = false,
    url,
  }: Partial<Pick<AlembicEnvironment, 'fileTemplate' | 'isRecursive' | 'longestSlug' | 'url'>> = {},
): AlembicEnvironment {
  return { folder, versions, files, isRecursive, fileTemplate, longestSlug, url };
}

function isConfiguration(file: FilePath): boolean {
  const name = baseNameOf(file);
  return name.endsWith('.ini') || name === 'pyproject.toml';
}

/** Sections that name a `script_location`: `[alembic]`, and others where one file is about several databases. */
function environmentsIn(file: FilePath, input: EnvironmentsInput): readonly AlembicEnvironment[] {
  const text = input.text(file) ?? '';
  if (!text.includes('script_location')) return [];
  const here = folderOf(file);
  return sectionsOf(text).flatMap((options) => {
    const location = options.get('script_location');
    if (location === undefined) return [];
    const folder = resolved(location, here, input);
    const listed = options.get('version_locations');
    const [first = joinPath(folder, 'versions'), ...others] =
      listed === undefined ? [] : locationsIn(listed, here, input);
    const files = revisionsIn([first, ...others], input);
    const template = options.get('file_template')?.replaceAll('%%', '%');
    const longestSlug = Number(options.get('truncate_slug_length') || defaultLongestSlug);
    const more = {
      url: options.get('sqlalchemy.url'),
      isRecursive: /^(?:true|yes|on|1)$/i.test(options.get('recursive_version_locations') ?? ''),
      longestSlug: Number.isInteger(longestSlug) ? longestSlug : defaultLongestSlug,
      ...(template ? { fileTemplate: template } : {}),
    };
    return [environment(folder, [first, ...others], files, more)];
  });
}

/** The options of each section of an INI or TOML file; values of several lines are joined by blanks. */
function sectionsOf(text: string): readonly ReadonlyMap<string, string>[] {
  const sections: Map<string, string>[] = [];
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*[#;]/.test(line)) continue;
    if (/^\[/.test(line)) {
      sections.push(new Map());
      last = undefined;
      continue;
    }
    const options = sections.at(-1);
    const option = /^([\w.]+)\s*[=:]\s*(.*)$/.exec(line);
    if (option && options) {
      last = option[1] ?? '';
      options.set(last, unquoted(option[2] ?? ''));
    } else if (options && last !== undefined && /^\s+\S|^\]/.test(line)) {
      options.set(last, `${options.get(last) ?? ''} ${unquoted(line.trim())}`.trim());
    }
  }
  return sections;
}

function unquoted(value: string): string {
  return value
    .trim()
    .replace(/[,\]]*$/, '')
    .replace(/^[[\s]*["']{0,3}|["']{0,3}$/g, '');
}

/** Separated by blanks, commas, the system's path separator or new lines, as the project chooses. */
function locationsIn(value: string, here: FilePath, input: EnvironmentsInput): readonly FilePath[] {
  return value
    .split(/[\s,;"']+|:(?![\\/])(?=%|\/|\.|\w+\/)/)
    .filter((part) => part !== '')
    .map((part) => resolved(part, here, input));
}

/** `%(here)s/migrations`, `migrations`, `package:migrations`, `package:database:migrations`. */
function resolved(location: string, here: FilePath, { root, files }: EnvironmentsInput): FilePath {
  const written = location.replaceAll('%%', '%').replace(/%\(here\)s/, here === '' ? '.' : here);
  if (/^\w[\w.]*(?::[\w./]+)+$/.test(written)) {
    const [name = '', ...path] = written.split(':');
    return inPackage(normalized([name.replaceAll('.', '/'), ...path].join('/')), root, files);
  }
  const isWhole = written.startsWith('/') || (here !== '' && written.startsWith(here));
  return normalized(isWhole ? written : joinPath(here, written));
}

/** A folder of a package, wherever below the project that is: `src/` is on the path of many. */
function inPackage(path: FilePath, root: FilePath, files: readonly FilePath[]): FilePath {
  const env = `/${path}/env.py`;
  const found = files.find((file) => isWithin(file, root) && `/${file}`.endsWith(env));
  return found === undefined ? joinPath(root, path) : folderOf(found);
}

function normalized(path: FilePath): FilePath {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/');
}

function revisionsIn(folders: readonly FilePath[], { files }: EnvironmentsInput): readonly FilePath[] {
  return files
    .filter((file) => file.endsWith('.py') && folders.some((folder) => isWithin(file, folder)))
    .sort(compareText);
}

const revision = /^down_revision\b/m;

function isRevision(file: FilePath, { matches }: EnvironmentsInput): boolean {
  return matches(file, revision);
}

/** By its folder, or a name that begins with an id or a number. Other files are not read to find out what they are. */
function mayStandAlone(file: FilePath): boolean {
  return /(?:^|\/)(?:versions|alembic|revisions)\/.*\.py$|(?:^|\/)[\da-f]{4,}_[^/]*\.py$/.test(file);
}

/** The folder called `versions` that a revision is in, however deep; else its own. */
function versionsFolderOf(file: FilePath): FilePath {
  const end = file.lastIndexOf('/versions/');
  return end < 0 ? folderOf(file) : file.slice(0, end + '/versions'.length);
}
