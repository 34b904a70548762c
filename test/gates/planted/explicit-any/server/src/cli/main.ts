import { check } from '../engine/check.ts';

const argument: any = process.argv[2];
process.exitCode = check(argument);
