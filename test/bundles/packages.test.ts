import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** As the npm script `package` does it. */
const PACKAGE = ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out'];
const LARGEST_EXTENSION = 2 * 1024 * 1024;

const wasm = ['dist/libpg-query.wasm', 'dist/tree-sitter-python.wasm', 'dist/web-tree-sitter.wasm'];
const licenses = ['LICENSE', 'dist/third-party-licenses.txt'];

describe('the packages', () => {
  it('the extension holds its bundles and pages, and no sources', () => {
    const files = run('@vscode/vsce/vsce', ['ls', '--no-dependencies']).trim().split('\n');
    const bundles = ['dist/client-node.cjs', 'dist/client-web.js', 'dist/server-node.cjs', 'dist/server-web.js'];
    for (const file of ['package.json', 'README.md', 'images/icon.png', ...bundles, ...wasm, ...licenses]) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
    const pages = files.filter((file) => /^docs\/rules\/[\w-]+\.md$/.test(file));
    assert.notEqual(pages.length, 0, 'the pages of the rules are missing');
    const strange = files.filter(
      (file) => !/^(?:[^/]+\.(?:md|json)|LICENSE|(?:dist|docs\/(?:images|rules)|images|syntaxes)\/.*)$/.test(file),
    );
    assert.deepEqual(strange, []);
  });

  it('the extension stays small', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stepwise-vsix-'));
    try {
      const out = join(folder, 'stepwise.vsix');
      run('@vscode/vsce/vsce', [...PACKAGE, out]);
      const { size } = statSync(out);
      assert.ok(size <= LARGEST_EXTENSION, `${size} bytes`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('the npm package holds the command line', () => {
    const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--loglevel=error'], {
      cwd: ROOT,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    const [packed] = JSON.parse(output) as readonly [{ readonly files: readonly { readonly path: string }[] }];
    const files = packed.files.map((file) => file.path);
    for (const file of ['package.json', 'README.md', 'dist/cli.mjs', ...wasm, ...licenses]) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
    assert.ok(files.includes('docs/rules/blocking-index.md'), 'the pages of the rules are missing');
    assert.deepEqual(
      files.filter((file) => !/^(?:dist\/.*|docs\/rules\/[\w-]+\.md|package\.json|README\.md|LICENSE)$/.test(file)),
      [],
    );
  });
});

function run(script: string, args: readonly string[]): string {
  return execFileSync(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd: ROOT, encoding: 'utf8' });
}
