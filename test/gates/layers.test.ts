import assert from 'node:assert/strict';
import { createSmallProject } from './small-project.ts';

/** Lowest first. A layer imports the ones before it, except where `alsoForbidden` says otherwise. */
const layers = [
  'base',
  'syntax',
  'schema',
  'sql',
  'database',
  'django',
  'alembic',
  'project',
  'fixes',
  'rules',
  'config',
  'engine',
  'disk',
  'lsp',
  'cli',
] as const;

type Layer = (typeof layers)[number];

const alsoForbidden: Partial<Record<Layer, readonly Layer[]>> = {
  database: ['sql'],
  alembic: ['django'],
  config: ['syntax', 'schema', 'sql', 'database', 'django', 'alembic', 'project', 'fixes', 'rules'],
};

/** Packages that only some layers may import. */
const packages: Readonly<Record<string, readonly Layer[]>> = {
  vscode: ['lsp', 'cli'],
  'vscode-languageserver/node': ['lsp', 'cli'],
  'vscode-languageserver-textdocument': ['lsp', 'cli'],
  'web-tree-sitter': ['syntax', 'lsp', 'cli'],
  'libpg-query/wasm/libpg-query.js': ['sql', 'lsp', 'cli'],
  'toml-eslint-parser': ['project', 'config', 'lsp', 'cli'],
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly allowed: boolean;
}

describe('the layers', () => {
  it('import downwards only', () => checkImports([...layerImports()]));

  it('import only the packages that are theirs', () => checkImports([...packageImports()]));
});

function* layerImports(): Generator<Import> {
  for (const [height, layer] of layers.entries()) {
    for (const [otherHeight, other] of layers.entries()) {
      if (other === layer) continue;
      const allowed = otherHeight < height && !alsoForbidden[layer]?.includes(other);
      // Files in subfolders reach the other layer by a longer path.
      yield { file: `server/src/${layer}/${other}-user.ts`, from: `../${other}/file.ts`, allowed };
      yield { file: `server/src/${layer}/inner/${other}-user.ts`, from: `../../${other}/inner/file.ts`, allowed };
    }
  }
}

function* packageImports(): Generator<Import> {
  for (const [name, users] of Object.entries(packages)) {
    for (const layer of layers) {
      const file = `server/src/${layer}/${name.replaceAll('/', '-')}-user.ts`;
      yield { file, from: name, allowed: users.includes(layer) };
    }
  }
}

async function checkImports(imports: readonly Import[]): Promise<void> {
  const project = await createSmallProject();
  try {
    const sources = imports.map(({ file, from }) => [file, `import { value } from '${from}';\n\nvoid value;\n`]);
    await project.write(Object.fromEntries(sources));
    const { output } = await project.run('lint', '--only=style/noRestrictedImports', '--max-diagnostics=none');
    const rejected = [...output.matchAll(/^(\S+):\d+:\d+ lint\/style\/noRestrictedImports/gm)].map((match) => match[1]);
    const expected = imports.flatMap(({ file, allowed }) => (allowed ? [] : [file]));
    assert.deepEqual(rejected.sort(), expected.sort());
  } finally {
    await project.remove();
  }
}
