import { readFile } from 'node:fs/promises';
import { check } from '../engine/check.ts';

async function run(): Promise<void> {
  process.exitCode = check(await readFile('migration.py', 'utf8'));
}

run();
