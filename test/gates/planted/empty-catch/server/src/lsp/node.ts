import { readFile } from 'node:fs/promises';
import { check } from '../engine/check.ts';

try {
  process.exitCode = check(await readFile('migration.py', 'utf8'));
} catch {}
