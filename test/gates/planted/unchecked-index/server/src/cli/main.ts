import { check } from '../engine/check.ts';

process.exitCode = check(process.argv[2]);
