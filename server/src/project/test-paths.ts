import type { FilePath } from '../base/file-path.ts';

/** Whether a path below `root` speaks of tests: `tests/settings.py`, `config/settings_test.py`, `shop/testing/`. */
export function isForTests(file: FilePath, root: FilePath): boolean {
  return /(?:^|[/_])tests?(?:[/_.]|$)|testing/.test(file.slice(root.length));
}
