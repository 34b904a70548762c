import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readFiles } from './memory-files.ts';

/** A project in a folder of its own, for what reads the disk. */
export interface DiskProject {
  readonly folder: string;
  pathOf(file: string): string;
  read(file: string): string;
  write(file: string, text: string | Uint8Array): void;
  remove(file: string): void;
  /** Deletes the folder. */
  dispose(): void;
}

/** @param files a text with `# file: path` headers */
export function writeDiskProject(files: string): DiskProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stepwise-project-')));
  const pathOf = (file: string) => join(folder, file);
  const project: DiskProject = {
    folder,
    pathOf,
    read: (file) => readFileSync(pathOf(file), 'utf8'),
    write(file, text) {
      mkdirSync(dirname(pathOf(file)), { recursive: true });
      writeFileSync(pathOf(file), text);
    },
    remove: (file) => rmSync(pathOf(file), { recursive: true }),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
  for (const [file, text] of readFiles(files)) project.write(file, text);
  return project;
}
