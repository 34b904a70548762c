import type { FilePath } from '../base/file-path.ts';
import { folderOf, joinPath } from '../base/file-path.ts';
import type { Module } from '../syntax/module.ts';

/**
 * The file of a module by its dotted name. Where Python starts to look is not known, so every folder above the importing
 * file counts, and the `src` in each; the nearest one wins.
 *
 * @param dotted with leading dots for a relative import: `..helpers`
 */
export function findModule(
  dotted: string,
  from: FilePath,
  root: FilePath,
  exists: (file: FilePath) => boolean,
): FilePath | undefined {
  const level = /^\.*/.exec(dotted)?.[0].length ?? 0;
  const path = dotted.slice(level).replaceAll('.', '/');
  if (level > 0) {
    let folder = folderOf(from);
    for (let up = 1; up < level; up++) folder = folderOf(folder);
    return moduleFile(folder, path, exists);
  }
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    const found = moduleFile(folder, path, exists) ?? moduleFile(joinPath(folder, 'src'), path, exists);
    if (found !== undefined) return found;
    if (folder.length <= root.length) return undefined;
  }
}

function moduleFile(folder: FilePath, path: string, exists: (file: FilePath) => boolean): FilePath | undefined {
  const whole = path === '' ? folder : joinPath(folder, path);
  return [`${whole}.py`, joinPath(whole, '__init__.py')].find(exists);
}

/** What the imports of a file may mean as modules, dotted: `from a import b` the package and what is in it. */
export function importedModules({ body }: Module): readonly string[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'import') return statement.names.map(({ name }) => name);
    if (statement.kind !== 'import-from') return [];
    const { level, module, names } = statement;
    const inside = names.map(({ name }) => (module === '' ? name : `${module}.${name}`));
    return [module, ...inside].map((name) => '.'.repeat(level) + name);
  });
}
