import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { readFiles } from '../support/memory-files.ts';
import { completeAlembicProject } from './complete-alembic-project.ts';
import { completeDjangoProject } from './complete-django-project.ts';
import { mainRelease } from './django-releases.ts';
import type { FrameworkRelease } from './framework-release.ts';
import { makeScratchFolder } from './scratch-folder.ts';

/** A project on disk, in a temporary folder. */
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
 * does not hold it: `manage.py`, settings for PostgreSQL with its apps, requirements, `__init__.py`; `alembic.ini`, `env.py`.
 */
export async function writeProject(text: string, release: FrameworkRelease = mainRelease): Promise<CaseProject> {
  const folder = await makeScratchFolder('stepwise-case-');
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
  const complete = release.framework === 'django' ? completeDjangoProject : completeAlembicProject;
  for (const [path, content] of complete(readFiles(text), release)) await project.write(path, content);
  return project;
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
