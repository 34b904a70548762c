import { check } from '../engine/check.ts';

enum Exit {
  Clean,
}

process.exitCode = check('') === 0 ? Exit.Clean : 1;
