/** Type-checks every program: each one sees only the environment its code runs in. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const programs = [
  'tsconfig.json',
  'server/tsconfig.engine.json',
  'server/tsconfig.web.json',
  'client/tsconfig.json',
  'client/tsconfig.web.json',
];

/**
 * Whether a program's single entry has been written; a program that includes a folder is always checked.
 *
 * @param {string} project
 */
function isCheckable(project) {
  /** @type {{ readonly files?: readonly string[] }} */
  const { files = [] } = JSON.parse(readFileSync(project, 'utf8'));
  const folder = project.slice(0, project.lastIndexOf('/') + 1);
  return files.every((file) => existsSync(folder + file));
}

/**
 * @param {string} project
 * @returns {Promise<{ readonly project: string, readonly code: number | null }>}
 */
function check(project) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project, '--pretty'], {
      stdio: 'inherit',
    });
    child.on('close', (code) => resolve({ project, code }));
  });
}

const results = [];
for (const project of programs.filter(isCheckable)) results.push(await check(project));
const failed = results.filter((result) => result.code !== 0);
for (const { project } of failed) console.error(`types: ${project} has errors`);
process.exitCode = failed.length === 0 ? 0 : 1;
