import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { suites } from '../../scripts/suites.mjs';

const ROOT = resolve(import.meta.dirname, '..', '..');
const PLANTED = join(import.meta.dirname, 'planted');

/** Everything that decides what the gates let through. */
const CONFIGURATION = [
  '.gitignore',
  '.mocharc.json',
  'README.md',
  'biome.jsonc',
  'client/package.json',
  'client/tsconfig.json',
  'client/tsconfig.web.json',
  'knip.jsonc',
  'package.json',
  'scripts/package.json',
  'server/package.json',
  'server/tsconfig.engine.json',
  'server/tsconfig.web.json',
  'test/package.json',
  'tsconfig.base.json',
  'tsconfig.json',
];

export type Gate = 'types' | 'lint' | 'dead-code' | 'generated';

/** A gate's verdict on a project. */
export interface Verdict {
  readonly passed: boolean;
  readonly output: string;
}

/** A folder with this repository's configuration and a few sources of its own. */
export interface SmallProject {
  /** Lays a folder of planted/ over the project. */
  plant(name: string): Promise<void>;
  /** Writes the generated files. */
  generate(): Promise<void>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  run(gate: Gate, ...options: readonly string[]): Promise<Verdict>;
  remove(): Promise<void>;
}

/** A project without any source. */
export async function createSmallProject(): Promise<SmallProject> {
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-gates-'));
  for (const file of CONFIGURATION) await cp(join(ROOT, file), join(folder, file));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return {
    plant: (name) => cp(join(PLANTED, name), folder, { recursive: true }),
    async generate() {
      const writing = argumentsOf('generated').filter((argument) => argument !== '--check');
      const { passed, output } = await runNode(folder, writing);
      if (!passed) throw new Error(output);
    },
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
    },
    run: (gate, ...options) => runNode(folder, [...argumentsOf(gate), ...options]),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The very command of the suite, except that the scripts are this repository's own. */
function argumentsOf(gate: Gate): readonly string[] {
  const command = suites.find((suite) => suite.name === gate)?.command;
  if (command === undefined) throw new Error(`there is no suite "${gate}"`);
  const own = command.map((argument) => (argument.startsWith('scripts/') ? join(ROOT, argument) : argument));
  // What a small project does not import is not dead in the real one: dependencies are judged there alone.
  return gate === 'dead-code' ? [...own, '--include', 'files,exports,types'] : own;
}

function runNode(cwd: string, args: readonly string[]): Promise<Verdict> {
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      done({ passed: error === null, output: `${stdout}\n${stderr}` });
    });
  });
}
