import { readFile } from 'node:fs/promises';
import { check } from '../engine/check.ts';

console.log(check(await readFile('migration.py', 'utf8')));
