/**
 * Writes the generated files, or with `--check` says which of them are not what would be written.
 * Works on the repository in the working directory.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { extensionSettings } from './generators/extension-settings.ts';
import type { GeneratedFile, Generator, Repository } from './generators/generator.ts';
import { readmeTables } from './generators/readme-tables.ts';
import { rulePages } from './generators/rule-pages.ts';
import { ruleRegistry } from './generators/rule-registry.ts';
import { sqlGrammar } from './generators/sql-grammar.ts';

// The registry comes first: pages and tables are made from the rules in it.
const generators: readonly Generator[] = [ruleRegistry, rulePages, readmeTables, extensionSettings, sqlGrammar];

const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const repository: Repository = {
  read: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
  list: (folder) => {
    if (!existsSync(folder)) return [];
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  },
};

let stale = 0;
for (const generator of generators) {
  const files = (await generator.generate(repository)).map(formatted);
  const changed = files.filter((file) => repository.read(file.path) !== file.text);
  const leftOver = leftOverFiles(generator, files);
  stale += changed.length + leftOver.length;
  if (flags.check) report(generator, [...changed.map((file) => file.path), ...leftOver]);
  else update(changed, leftOver);
}
if (flags.check && stale > 0) process.exitCode = 1;

function leftOverFiles(generator: Generator, files: readonly GeneratedFile[]): readonly string[] {
  const { folder } = generator;
  if (folder === undefined) return [];
  const paths = repository.list(folder).map((name) => `${folder}/${name}`);
  return paths.filter((path) => !files.some((file) => file.path === path));
}

function report(generator: Generator, paths: readonly string[]): void {
  for (const path of paths) console.error(`${path} is out of date (${generator.name}): run \`npm run gen\``);
}

function update(changed: readonly GeneratedFile[], leftOver: readonly string[]): void {
  for (const { path, text } of changed) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
  for (const path of leftOver) {
    rmSync(path);
    console.log(`removed ${path}`);
  }
}

/** Generated code is laid out like all other code, so that it never differs after a run of the formatter. */
function formatted(file: GeneratedFile): GeneratedFile {
  if (!/\.(?:ts|json)$/.test(file.path)) return file;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'check', '--write', `--config-path=${root}`, `--stdin-file-path=${file.path}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    input: file.text,
    encoding: 'utf8',
    cwd: root,
  });
  if (status !== 0) throw new Error(`the generated ${file.path} could not be formatted: ${stderr}`);
  return { path: file.path, text: stdout };
}
