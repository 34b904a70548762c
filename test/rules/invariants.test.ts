import assert from 'node:assert/strict';
import type { FilePath } from '../../server/src/base/file-path.ts';
import { sortEdits } from '../../server/src/base/text-edit.ts';
import type { CheckedWorkspace } from '../../server/src/engine/checked-workspace.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { rules } from '../../server/src/rules/registry.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { pythonParser } from '../support/python.ts';
import { applyFix, changedFiles, exampleProject, openTexts } from '../support/rule-examples.ts';

type Texts = ReadonlyMap<FilePath, string>;

const projects = rules.flatMap((rule) =>
  [...rule.examples.bad, ...rule.examples.good].map((example) => ({
    name: `${rule.name}: ${example.title}`,
    ...exampleProject(example),
  })),
);

const askedAboutAll: readonly Rule[] = rules.map(({ kinds: _, ...rule }) => rule);

async function findingsOf(texts: Texts, file: FilePath): Promise<readonly Finding[]> {
  return (await openTexts(texts, rules)).check(file);
}

function described(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, message, level }) => `${rule.name} ${level} ${message}`);
}

describe('every example, checked with all rules', () => {
  for (const { name, texts, checked } of projects) {
    it(`${name}: findings and fixes are sound`, async () => {
      const findings = await findingsOf(texts, checked);
      const text = texts.get(checked) ?? '';
      const parser = await pythonParser();
      for (const { span, rule, fixes } of findings) {
        assert(0 <= span.start && span.start <= span.end && span.end <= text.length, rule.name);
        for (const fix of fixes()) {
          for (const edit of fix.edits) {
            if (edit.kind === 'change') assertDisjoint(sortEdits(edit.edits));
          }
          for (const file of changedFiles(texts, applyFix(texts, fix))) {
            assert.deepEqual(parser.read(file.text).broken, [], `${fix.title}: ${file.path} is still Python`);
          }
        }
      }
    });

    it(`${name}: the same answer twice, and with CRLF`, async () => {
      const once = described(await findingsOf(texts, checked));
      assert.deepEqual(described(await findingsOf(texts, checked)), once);
      const windows = new Map([...texts].map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
      assert.deepEqual(described(await findingsOf(windows, checked)), once);
    });

    it(`${name}: a rule that is not asked has nothing to say`, async () => {
      const all = await openTexts(texts, askedAboutAll);
      assert.deepEqual(described(all.check(checked)), described(await findingsOf(texts, checked)));
    });
  }
});

/** What a fix turns into something smaller, which then is all there is to tell. */
const smaller: ReadonlyMap<string, readonly string[]> = new Map([
  ['drop-and-recreate-column', ['narrowing-type-change']],
  ['drop-and-recreate-table', ['drop-column']],
]);

describe('every fix of every example, checked with all rules', () => {
  for (const { name, texts, checked } of projects) {
    it(`${name}: no fix brings a high or critical finding`, async () => {
      const workspace = await openTexts(texts, rules);
      for (const mended of workspace.check(checked)) {
        for (const fix of mended.fixes()) {
          const after = applyFix(texts, fix);
          const files = new Set([checked, ...changedFiles(texts, after).map(({ path }) => path)]);
          const before = severeIn(
            workspace,
            [...files].filter((file) => texts.has(file)),
          );
          const now = severeIn(await openTexts(after, rules), [...files]);
          for (const rule of new Set(now)) {
            if (smaller.get(mended.rule.name)?.includes(rule) === true) continue;
            const [more, known] = [now, before].map((all) => all.filter((each) => each === rule).length);
            assert((more ?? 0) <= (known ?? 0), `${mended.rule.name}: ${fix.title}: now ${rule} speaks`);
          }
        }
      }
    });
  }
});

/** The names of the rules with high and critical findings, one for each finding. */
function severeIn(workspace: CheckedWorkspace, files: readonly FilePath[]): readonly string[] {
  return files
    .flatMap((file) => workspace.check(file))
    .filter(({ level }) => level === 'high' || level === 'critical')
    .map(({ rule }) => rule.name);
}

function assertDisjoint(edits: ReturnType<typeof sortEdits>): void {
  for (const [index, edit] of edits.entries()) {
    assert(edit.span.start >= (edits[index - 1]?.span.end ?? 0), 'edits overlap');
  }
}
