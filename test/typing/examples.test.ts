import assert from 'node:assert/strict';
import type { Finding } from '../../server/src/engine/finding.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { exampleProject, openTexts } from '../support/rule-examples.ts';

const examples = rules.flatMap((rule) =>
  rule.examples.bad.map((example) => ({ name: `${rule.name}: ${example.title}`, ...exampleProject(example) })),
);

/** A letter each; where a line begins, the editor indents it along with the line break. */
const STROKES = /\n *|./g;

describe('somebody types a bad example', function () {
  // Hundreds of checks each: all rules, wherever a word begins or ends.
  this.timeout(60_000);
  for (const { name, texts, checked } of examples) {
    it(name, async () => {
      const workspace = await openTexts(texts, rules);
      const text = texts.get(checked) ?? '';
      workspace.workspace.openDocument(checked, '');
      for (const { index: at, 0: newText } of text.matchAll(STROKES)) {
        workspace.workspace.editDocument(checked, [{ span: { start: at, end: at }, newText }]);
        if (!isTelling(text, at + newText.length)) continue;
        for (const { span, rule } of workspace.check(checked)) assert(span.end <= at + newText.length, rule.name);
      }
      assert.deepEqual(described(workspace.check(checked)), described((await openTexts(texts, rules)).check(checked)));
    });
  }
});

/** Not inside of words, whose names stay unknown between the first letter and the last, and not after a blank. */
function isTelling(text: string, end: number): boolean {
  const [before, last, next] = [text[end - 2], text[end - 1], text[end]].map((letter = ' ') => /\w/.test(letter));
  return last === true ? !before || !next : text[end - 1] !== ' ';
}

function described(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, message, level }) => `${rule.name} ${level} ${message}`);
}
