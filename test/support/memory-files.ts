import assert from 'node:assert/strict';
import type { FilePath } from '../../server/src/base/file-path.ts';
import type { Files, FileText } from '../../server/src/project/files.ts';
import { readExampleFiles } from '../../server/src/rules/example-text.ts';

/** A project in memory: what the engine sees of a disk, and the means to change it. */
export interface MemoryFiles extends Files {
  write(file: FilePath, text: string): void;
  remove(file: FilePath): void;
  /** From now on the file is there but cannot be read. */
  spoil(file: FilePath, reason: string): void;
  /** Every read so far, in order: tests of laziness look here. */
  readonly reads: readonly FilePath[];
}

/**
 * Reads the files out of one text: a line `# file: path` begins a file, which runs to the next such line or the end.
 * Indentation that all lines share does not belong to the files, so that the text can be indented with the test.
 */
export function readFiles(text: string): ReadonlyMap<FilePath, string> {
  const dedented = dedent(text).trimStart();
  assert(/^(?:# file: |$)/.test(dedented), 'Text stands before the first "# file: path" header.');
  const files = new Map<FilePath, string>();
  for (const file of readExampleFiles(dedented)) {
    assert(!files.has(file.path), `The file ${file.path} is given twice.`);
    files.set(file.path, file.text);
  }
  return files;
}

/** The inverse of {@link readFiles}, files in name order: two sets of files are compared as texts. */
export function filesText(files: ReadonlyMap<FilePath, string>): string {
  const names = [...files.keys()].sort();
  return names.map((name) => `# file: ${name}\n${files.get(name)}`).join('');
}

/** @param files a text with `# file: path` headers, or texts by path */
export function memoryFiles(files: string | ReadonlyMap<FilePath, string>): MemoryFiles {
  const texts = new Map<FilePath, FileText>();
  for (const [file, text] of typeof files === 'string' ? readFiles(files) : files) {
    texts.set(file, { kind: 'text', text });
  }
  const reads: FilePath[] = [];
  return {
    reads,
    list: () => [...texts.keys()],
    read(file) {
      reads.push(file);
      return texts.get(file) ?? { kind: 'missing' };
    },
    write: (file, text) => void texts.set(file, { kind: 'text', text }),
    remove: (file) => void texts.delete(file),
    spoil: (file, reason) => void texts.set(file, { kind: 'unreadable', reason }),
  };
}

function dedent(text: string): string {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const shared = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(Math.min(shared, line.length - line.trimStart().length))).join('\n');
}
