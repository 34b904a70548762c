import { readFile } from 'node:fs/promises';
import { check } from '../engine/check.ts';

process.exitCode = check(await readFile('migration.py', 'utf8'));
