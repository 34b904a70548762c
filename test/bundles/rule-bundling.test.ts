import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { rulesWithoutPages, withoutPage } from '../../scripts/rule-bundling.mjs';
import { rules } from '../../server/src/rules/registry.ts';
import { rulePage } from '../../server/src/rules/rule-page.ts';

const root = resolve(import.meta.dirname, '..', '..');

describe('rules in a bundle', () => {
  it('are those of the sources without what only their pages need', async () => {
    const bundled = await bundledRules();
    assert.deepEqual(bundled.map(runningPart), rules.map(withoutPageParts).map(runningPart));
  });

  it('bring neither docs nor examples with them', async () => {
    const text = await bundleText();
    const strays = rules.filter(({ docs }) => text.includes(docs.whatHappens));
    assert.deepEqual(
      strays.map(({ name }) => name),
      [],
    );
    assert.ok(!text.includes('# file: '), 'a file of an example is left');
  });

  it('have their pages beside them', () => {
    const cli = resolve(root, 'dist', 'cli.mjs');
    for (const rule of rules.filter((_, index) => index % 20 === 0)) {
      const page = execFileSync(process.execPath, [cli, 'explain', rule.name], { encoding: 'utf8' });
      assert.equal(page, rulePage(rule));
    }
  });

  it('cannot lose more than their pages: a layout that is not understood ends the build', () => {
    const rule = (body: string) => `export const any: Rule = {\n  name: 'any',\n${body}};\n`;
    const page = '  docs: {\n    a: 1,\n  },\n  sources: [{ title: "" }],\n';
    const examples = '  examples: {\n    bad: [],\n  },\n';
    assert.equal(withoutPage(rule(page + examples), 'any.ts'), rule(''));
    assert.throws(() => withoutPage(rule(page), 'any.ts'), /any\.ts.*examples.*found 0/);
    assert.throws(() => withoutPage(rule(page + examples + examples), 'any.ts'), /any\.ts.*examples.*found 2/);
    assert.equal(withoutPage(page + examples, 'helper.ts'), page + examples);
  });
});

type Part = Readonly<Record<string, unknown>>;

function withoutPageParts({
  docs: _docs,
  sources: _sources,
  examples: _examples,
  ...rest
}: (typeof rules)[number]): Part {
  return { ...rest };
}

/** Functions by what they are called: their text is minified. */
function runningPart(rule: Part): Part {
  return Object.fromEntries(
    Object.entries(rule).map(([key, value]) => [key, typeof value === 'function' ? `${value.name}()` : value]),
  );
}

async function bundledRules(): Promise<readonly Part[]> {
  const module = await import(`data:text/javascript;base64,${Buffer.from(await bundleText()).toString('base64')}`);
  return module.runnableRules;
}

async function bundleText(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['server/src/rules/runnable-rules.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    plugins: [rulesWithoutPages],
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
