import { diskFiles } from '../../../server/src/disk/disk-files.ts';
import { openCheckedWorkspace } from '../../../server/src/engine/checked-workspace.ts';
import type { Project } from '../../../server/src/project/project.ts';
import { pythonParser } from '../../support/python.ts';
import { loadedSqlParser } from '../../support/sql.ts';

/** The project of a folder as Stepwise reads it. */
export async function openProject(folder: string): Promise<Project> {
  const { workspace } = openCheckedWorkspace({
    root: folder,
    files: diskFiles(folder, ({ reason }) => {
      throw new Error(reason);
    }),
    parser: await pythonParser(),
    sqlParser: await loadedSqlParser(),
    rules: [],
    onRuleFailure: ({ error }) => {
      throw error;
    },
  });
  const [project] = workspace.projects;
  if (project === undefined) throw new Error(`There is no project in ${folder}.`);
  return project;
}
