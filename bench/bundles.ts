import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../scripts/install.mjs';

const folder = join(root, '.cache', 'bench');

/** What ships. */
export const shipped = {
  cli: join(root, 'dist', 'cli.mjs'),
  server: join(root, 'dist', 'server-node.cjs'),
};

/** What it is measured against, bundled like what ships. */
export const yardsticks = { parseOnly: join(folder, 'parse-only.mjs'), emptyServer: join(folder, 'empty-server.cjs') };

export async function buildYardsticks(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const common = {
    absWorkingDir: root,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  } as const;
  const require = "import{createRequire as r}from'node:module';const require=r(import.meta.url);";
  await Promise.all([
    build({
      ...common,
      entryPoints: ['bench/processes/parse-only.ts'],
      outfile: yardsticks.parseOnly,
      format: 'esm',
      banner: { js: `${require}const __filename=import.meta.filename;const __dirname=import.meta.dirname;` },
    }),
    build({
      ...common,
      entryPoints: ['bench/processes/empty-server.ts'],
      outfile: yardsticks.emptyServer,
      format: 'cjs',
    }),
  ]);
  for (const wasm of ['web-tree-sitter.wasm', 'tree-sitter-python.wasm', 'libpg-query.wasm']) {
    copyFileSync(join(root, 'dist', wasm), join(folder, wasm));
  }
}
