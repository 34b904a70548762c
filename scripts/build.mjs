/**
 * Bundles the extension, the language server and the command line into dist/.
 *
 * node scripts/build.mjs [--sourcemaps]
 *
 * Identifiers keep their names: a stack trace in somebody's log has to say where it came from.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { root } from './install.mjs';
import { licenseTexts } from './licenses.mjs';
import { rulesWithoutPages } from './rule-bundling.mjs';

const { values: flags } = parseArgs({ options: { sourcemaps: { type: 'boolean', default: false } } });

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: flags.sourcemaps ? 'linked' : false,
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [rulesWithoutPages],
};

/**
 * A CommonJS bundle has no `import.meta.url`: esbuild would leave it undefined, and web-tree-sitter's ESM build dies of
 * that at start, hence its CommonJS build. Sources may still use it to find the files beside the bundle.
 *
 * @type {import('esbuild').BuildOptions}
 */
const nodeCommonJs = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  alias: { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' },
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;" },
};

/** @type {import('esbuild').BuildOptions} */
const browser = { ...common, platform: 'browser', target: 'es2022', mainFields: ['browser', 'module', 'main'] };

/** What an ESM bundle needs for the CommonJS packages in it. */
const commonJsInEsm = [
  '#!/usr/bin/env node',
  "import{createRequire as stepwiseCreateRequire}from'node:module';",
  "import{dirname as stepwiseDirname}from'node:path';",
  "import{fileURLToPath as stepwiseFileUrlToPath}from'node:url';",
  'const require=stepwiseCreateRequire(import.meta.url);',
  'const __filename=stepwiseFileUrlToPath(import.meta.url);',
  'const __dirname=stepwiseDirname(__filename);',
].join('\n');

/** @type {readonly { readonly entry: string, readonly out: string, readonly options: import('esbuild').BuildOptions }[]} */
const bundles = [
  { entry: 'client/src/node.ts', out: 'dist/client-node.cjs', options: { ...nodeCommonJs, external: ['vscode'] } },
  {
    // VS Code's web host loads a CommonJS script and appends `.js` to its name.
    entry: 'client/src/web.ts',
    out: 'dist/client-web.js',
    options: { ...browser, format: 'cjs', external: ['vscode'] },
  },
  { entry: 'server/src/lsp/node.ts', out: 'dist/server-node.cjs', options: nodeCommonJs },
  {
    // A classic worker script: `import.meta` is a syntax error there. libpg-query asks for Node's modules only in Node.
    entry: 'server/src/lsp/web.ts',
    out: 'dist/server-web.js',
    options: { ...browser, format: 'iife', external: ['node:*'], define: { 'import.meta.url': 'self.location.href' } },
  },
  {
    entry: 'server/src/cli/main.ts',
    out: 'dist/cli.mjs',
    options: { ...common, platform: 'node', target: 'node20', format: 'esm', banner: { js: commonJsInEsm } },
  },
];

const wasm = [
  'web-tree-sitter/web-tree-sitter.wasm',
  'tree-sitter-python/tree-sitter-python.wasm',
  'libpg-query/wasm/libpg-query.wasm',
];

const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

for (const { entry } of bundles.filter((bundle) => !existsSync(join(root, bundle.entry)))) {
  console.error(`build: ${entry} does not exist, its bundle is left out`);
}
const results = await Promise.all(
  bundles
    .filter(({ entry }) => existsSync(join(root, entry)))
    .map(({ entry, out, options }) => build({ ...options, entryPoints: [entry], outfile: out })),
);
for (const file of wasm) {
  copyFileSync(join(root, 'node_modules', file), join(dist, basename(file)));
}
const inputs = results.flatMap((result) => Object.keys(result.metafile?.inputs ?? {}));
writeFileSync(
  join(dist, 'third-party-licenses.txt'),
  licenseTexts(root, [...inputs, ...wasm.map((file) => `node_modules/${file}`)]),
);

if (existsSync(join(dist, 'cli.mjs'))) chmodSync(join(dist, 'cli.mjs'), 0o755);
const written = bundles.map(({ out }) => out).filter((out) => existsSync(join(root, out)));
for (const out of written)
  console.log(`${out.padEnd(22)} ${(statSync(join(root, out)).size / 1024).toFixed(0).padStart(5)} KiB`);
