import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FilePath } from '../base/file-path.ts';
import { baseNameOf, folderOf, isWithin } from '../base/file-path.ts';
import { diskFiles } from '../disk/disk-files.ts';
import { toFilePath, toNativePath } from '../disk/native-path.ts';
import { projectRootOf } from '../disk/project-root.ts';
import { loadParserFromDisk, loadSqlParserFromDisk } from '../disk/wasm-files.ts';
import { type CheckedWorkspace, openCheckedWorkspace } from '../engine/checked-workspace.ts';
import type { Files, FileText } from '../project/files.ts';
import { runnableRules } from '../rules/runnable-rules.ts';
import { lazySqlParser, type SqlParserSource } from '../sql/postgresql/parser-source.ts';
import { UsageError } from './command-line.ts';
import { type ReportProblem, shownPath } from './report.ts';
import type { Terminal } from './terminal.ts';

/** What the paths of a command line lead to. */
export interface OpenedPaths {
  readonly workspaces: readonly OpenedWorkspace[];
  readonly sqlParser: SqlParserSource;
  /** Trouble with folders and rules, as it turns up. */
  readonly problems: readonly ReportProblem[];
}

export interface OpenedWorkspace extends CheckedWorkspace {
  readonly files: Files;
  /** The migrations that the paths ask for, in the order in which they run. */
  readonly asked: readonly FilePath[];
  /** The settings that the paths ask for, which may be found wanting. */
  readonly askedSettings: readonly FilePath[];
  readonly isAsked: (file: FilePath) => boolean;
}

/**
 * Opens the projects that the paths lie in. Whole projects are read; only what lies at the paths is reported.
 * A project that has no migrations yet is said to have none.
 *
 * @throws {UsageError} when a path does not exist, or there are no migrations at it
 */
export async function openPaths(
  paths: readonly string[],
  { workingDirectory, errors }: Terminal,
): Promise<OpenedPaths> {
  const wanted = (paths.length === 0 ? ['.'] : paths).map((path) => existing(path, workingDirectory));
  const parser = await loadParserFromDisk();
  const problems: ReportProblem[] = [];
  const sqlParser = lazySqlParser(loadSqlParserFromDisk, (error) =>
    problems.push({ file: toFilePath(workingDirectory), message: unreadableSqlText(error) }),
  );
  const roots = new Map<FilePath, readonly FilePath[]>();
  for (const path of wanted) {
    const root = projectRootOf(path);
    roots.set(root, [...(roots.get(root) ?? []), path]);
  }
  const workspaces = Array.from(roots, ([root, paths]): OpenedWorkspace => {
    const isAsked = (file: FilePath) => paths.some((path) => isWithin(file, path));
    const files = readOnce(diskFiles(root, ({ folder, reason }) => problems.push({ file: folder, message: reason })));
    const workspace = openCheckedWorkspace({
      root,
      files,
      parser,
      sqlParser,
      rules: runnableRules,
      onRuleFailure: ({ rule, file, error }) => problems.push({ file, message: failureText(rule, error) }),
    });
    return {
      ...workspace,
      files,
      isAsked,
      asked: workspace.migrationFiles().filter(isAsked),
      askedSettings: workspace.settingsFiles().filter(isAsked),
    };
  });
  for (const path of wanted) {
    if (isSomethingAt(path, workspaces)) continue;
    requireProjectAt(path, workspaces);
    errors.write(`${shownPath(path, workingDirectory)}: no migrations found.\n`);
  }
  return { workspaces, sqlParser, problems };
}

/** A command looks at the disk as it is when it starts: a report shows the very texts that were checked. */
function readOnce(files: Files): Files {
  const texts = new Map<FilePath, FileText>();
  let listed: readonly FilePath[] | undefined;
  return {
    list() {
      listed ??= files.list();
      return listed;
    },
    read(file) {
      const known = texts.get(file) ?? files.read(file);
      texts.set(file, known);
      return known;
    },
  };
}

function existing(path: string, workingDirectory: string): FilePath {
  const native = resolve(workingDirectory, path);
  if (statSync(native, { throwIfNoEntry: false }) === undefined) throw new UsageError(`${path} does not exist.`);
  return toFilePath(native);
}

function isSomethingAt(path: FilePath, workspaces: readonly OpenedWorkspace[]): boolean {
  const isAtPath = (file: FilePath) => isWithin(file, path);
  return workspaces.some(
    ({ asked, readProblems }) => asked.some(isAtPath) || readProblems().some(({ file }) => isAtPath(file)),
  );
}

/** Folders that migrations are written into, and what stands beside them. */
const migrationFolders: ReadonlySet<string> = new Set(['migrations', 'versions']);
const projectFiles: ReadonlySet<string> = new Set(['alembic.ini', 'env.py', 'manage.py']);

function requireProjectAt(path: FilePath, workspaces: readonly OpenedWorkspace[]): void {
  const isOfProject = (file: FilePath) =>
    projectFiles.has(baseNameOf(file)) || migrationFolders.has(baseNameOf(folderOf(file)));
  const isFolderOfProject = statSync(toNativePath(path)).isDirectory() && migrationFolders.has(baseNameOf(path));
  const isProject = workspaces.some(({ files }) =>
    files.list().some((file) => isWithin(file, path) && isOfProject(file)),
  );
  if (isFolderOfProject || isProject) return;
  throw new UsageError(
    `There are no migrations at ${path}. Name a migration, a folder of migrations or the folder of a Django or Alembic project.`,
  );
}

function unreadableSqlText(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `PostgreSQL's parser could not be loaded, so SQL in migrations is not checked: ${reason}`;
}

function failureText(rule: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `The rule ${rule} failed here, so its findings are missing: ${reason}`;
}
