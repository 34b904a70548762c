import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { readFiles } from '../support/memory-files.ts';
import { type DjangoRelease, mainRelease } from './django-releases.ts';

/** A Django project on disk, in a temporary folder. */
export interface CaseProject {
  readonly folder: string;
  /** All files by path, without what Python leaves behind. */
  read(): Promise<ReadonlyMap<string, string>>;
  write(path: string, text: string): Promise<void>;
  delete(path: string): Promise<void>;
  /** The whole folder. */
  remove(): Promise<void>;
}

/**
 * Writes a project that is given as one text with `# file: path` headers. What every project has is added where the text
 * does not hold it: `manage.py`, settings for PostgreSQL with its apps, requirements, `__init__.py`.
 */
export async function writeProject(text: string, { version }: DjangoRelease = mainRelease): Promise<CaseProject> {
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-case-'));
  const project: CaseProject = {
    folder,
    read: () => readFolder(folder),
    write: async (path, content) => {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    delete: (path) => rm(join(folder, path)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  for (const [path, content] of completeProject(readFiles(text), version)) await project.write(path, content);
  return project;
}

function completeProject(files: ReadonlyMap<string, string>, django: string): ReadonlyMap<string, string> {
  const apps = appsIn([...files.keys()]);
  const packages = apps.flatMap((app) => [app, `${app}/migrations`]);
  return new Map([
    ['manage.py', MANAGE],
    ['requirements.txt', `Django==${django}\npsycopg[binary]==3.3.9\n`],
    ['config/__init__.py', ''],
    ['config/settings.py', settings([...apps, ...contribApps(files)], userModel(files))],
    ...packages.map((one) => [`${one}/__init__.py`, ''] as const),
    ...files,
  ]);
}

function appsIn(paths: readonly string[]): readonly string[] {
  const folders = paths.flatMap((path) => /^(.+)\/(?:models\.py$|migrations\/)/.exec(path)?.[1] ?? []);
  return [...new Set(folders)];
}

const MANAGE = `import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
execute_from_command_line(sys.argv)
`;

/** Django's own apps that the migrations name, with those that they need. */
function contribApps(files: ReadonlyMap<string, string>): readonly string[] {
  const namesAuth = [...files.values()].some((text) => /["']auth["']/.test(text));
  return namesAuth ? ['django.contrib.contenttypes', 'django.contrib.auth'] : [];
}

/** What another settings module of the project says: examples show no more of it. */
function userModel(files: ReadonlyMap<string, string>): string | undefined {
  return [...files.values()].flatMap((text) => /^AUTH_USER_MODEL = "([\w.]+)"$/m.exec(text)?.[1] ?? [])[0];
}

function settings(apps: readonly string[], user: string | undefined): string {
  return `SECRET_KEY = "proof"
INSTALLED_APPS = [${apps.map((app) => `"${app.replaceAll('/', '.')}"`).join(', ')}]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "proof"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
${user === undefined ? '' : `AUTH_USER_MODEL = "${user}"\n`}`;
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'));
  const texts = await Promise.all(
    files.map(async (entry) => {
      const file = join(entry.parentPath, entry.name);
      return [relative(folder, file).split(sep).join('/'), await readFile(file, 'utf8')] as const;
    }),
  );
  return new Map(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}
