import { migrationSqlOf } from '../engine/migration-sql.ts';
import { withSqlParser } from '../sql/postgresql/parser-source.ts';
import { problemsOf, writeProblems } from './check-command.ts';
import type { SqlCommand } from './command-line.ts';
import { openPaths } from './open-workspaces.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

/** `stepwise sql`: what the migrations at the paths send to the database, in the order in which they run. */
export async function runSql(command: SqlCommand, terminal: Terminal): Promise<ExitCode> {
  const { workspaces, problems } = await openPaths(command.paths, terminal);
  const texts: string[] = [];
  for (const { asked, workspace } of workspaces) {
    for (const file of asked) {
      texts.push(await withSqlParser(() => migrationSqlOf(workspace.projectOf(file), file) ?? ''));
    }
  }
  terminal.output.write(texts.join('\n'));
  const trouble = [...workspaces.flatMap(problemsOf), ...problems];
  writeProblems(trouble, terminal);
  return trouble.length > 0 ? exitCodes.failed : exitCodes.clean;
}
