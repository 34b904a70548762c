import type { FilePath } from '../base/file-path.ts';
import { isWithin, joinPath } from '../base/file-path.ts';
import { compareText } from './migration-facts.ts';

/**
 * The folders of a `versions` folder that hold histories of their own, one for each database that is supported, say;
 * empty where it holds one. Alembic looks into no subfolder by itself: where revisions are in subfolders alone, env.py chooses
 * among them, and those that no `down_revision` connects are not run together.
 */
export function separateHistories(
  versions: FilePath,
  files: readonly FilePath[],
  textOf: (file: FilePath) => string | undefined,
): readonly FilePath[] {
  const idsIn = new Map<string, Set<string>>();
  const parentsIn = new Map<string, Set<string>>();
  for (const file of files) {
    if (!isWithin(file, versions)) return [];
    const { ids, parents } = namedIn(textOf(file) ?? '');
    if (ids.length === 0) continue;
    const [group, ...rest] = file.slice(versions.length + 1).split('/');
    if (group === undefined || rest.length === 0) return [];
    addAll(idsIn, group, ids);
    addAll(parentsIn, group, parents);
  }
  const groups = [...idsIn.keys()].sort(compareText);
  const isConnected = groups.some((group) =>
    [...(parentsIn.get(group) ?? [])].some(
      (parent) => idsIn.get(group)?.has(parent) !== true && [...idsIn.values()].some((ids) => ids.has(parent)),
    ),
  );
  return groups.length < 2 || isConnected ? [] : groups.map((group) => joinPath(versions, group));
}

/** The ids that a file assigns and names, as far as they are plain strings: a look that reads no Python. */
function namedIn(text: string) {
  const named = (assignment: RegExp): readonly string[] =>
    [...text.matchAll(assignment)].flatMap(([line]) =>
      [...line.matchAll(/["']([^"'\n]+)["']/g)].map(([, id]) => id ?? ''),
    );
  return {
    ids: named(/^revision\b[^\n]*/gm),
    parents: named(/^(?:down_revision|depends_on)\b(?:[^\n(]*\([^)]*\)|[^\n]*)/gm),
  };
}

function addAll(sets: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  const known = sets.get(key) ?? new Set();
  for (const value of values) known.add(value);
  sets.set(key, known);
}
