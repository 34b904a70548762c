/**
 * Checks the example projects with the built command line and shows what it finds.
 * Succeeds when the check worked: the examples are there to be full of findings.
 */
import { spawnSync } from 'node:child_process';
import { ensureInstalled, root } from './install.mjs';

const examples = ['examples/shop', 'examples/broken-history', 'examples/catalog'];

ensureInstalled();
run(['scripts/build.mjs'], [0]);
for (const example of examples) {
  console.log(`\n$ stepwise check ${example}`);
  // 0: nothing at or above the threshold; 1: findings. 2 would mean that something could not be read.
  run(['dist/cli.mjs', 'check', example], [0, 1]);
}

/**
 * @param {readonly string[]} args
 * @param {readonly number[]} expected exit codes
 */
function run(args, expected) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status === null || !expected.includes(status)) {
    console.error(`demo: ${args.join(' ')} ended with exit code ${status}`);
    process.exit(1);
  }
}
