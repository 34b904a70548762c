import type { FilePath } from '../base/file-path.ts';
import { stemOf } from '../base/file-path.ts';
import { childStatementsOf } from '../syntax/child-expressions.ts';
import type { Statement } from '../syntax/module.ts';
import type { App } from './apps.ts';
import type { ProjectProblem } from './project.ts';
import type { SourceFiles } from './source-files.ts';

/**
 * Files beside migrations that define no `Migration`: Django loads every module there whose name does not begin with `_` or
 * `~`, and refuses to go on where one has none (`BadMigrationError`).
 */
export function missingClasses(
  apps: readonly App[],
  isRead: (file: FilePath) => boolean,
  sources: SourceFiles,
): readonly ProjectProblem[] {
  // A folder without any migration may be called so for another reason.
  const concerned = apps.filter(({ files }) => files.some(isRead));
  return concerned.flatMap(({ label, files }) =>
    files
      .filter((file) => !isRead(file) && lacksClass(file, sources))
      .map((file) => ({
        file,
        message: `This file has no class Migration, so Django refuses to run any: "Migration ${stemOf(file)} in app ${label} has no Migration class". The name of a module that is no migration begins with _.`,
      })),
  );
}

function lacksClass(file: FilePath, sources: SourceFiles): boolean {
  const source = sources.module(file);
  // A file that is empty has just been made.
  if (source === undefined || source.module.broken.length > 0 || source.module.body.length === 0) return false;
  const mayBeMade = /\b(?:exec|globals|locals|setattr|vars|__getattr__)\b/.test(source.text);
  return !mayBeMade && !source.module.body.some(bindsMigration);
}

function bindsMigration(statement: Statement): boolean {
  switch (statement.kind) {
    case 'class':
    case 'function':
      return statement.name === 'Migration';
    case 'assign':
      return statement.targets.some((target) => target.kind !== 'name' || target.name === 'Migration');
    case 'import-from':
      return statement.names.some(({ name, alias }) => name === '*' || (alias ?? name) === 'Migration');
    case 'import':
      return statement.names.some(({ name, alias }) => (alias ?? name) === 'Migration');
    default:
      return childStatementsOf(statement).some(bindsMigration);
  }
}
