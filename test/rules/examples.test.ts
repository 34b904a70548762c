import assert from 'node:assert/strict';
import { readExampleFiles } from '../../server/src/rules/example-text.ts';
import { rules } from '../../server/src/rules/registry.ts';
import type { BadExample, GoodExample, Rule } from '../../server/src/rules/rule.ts';
import { pythonParser } from '../support/python.ts';
import {
  applyFix,
  changedFiles,
  exampleProject,
  filesAsText,
  findingsText,
  markText,
  openExample,
} from '../support/rule-examples.ts';

async function checkBad(rule: Rule, example: BadExample): Promise<void> {
  const { texts, checked, marks } = exampleProject(example);
  assert(marks.length > 0, 'a bad example marks what is bad');
  const text = texts.get(checked) ?? '';
  const workspace = await openExample(texts, rule);
  const expected = marks.toSorted((one, other) => one.span.start - other.span.start);
  const found = findingsText(workspace, checked, text, rule);
  assert.equal(found, expected.map((mark) => markText(text, mark)).join('\n'));
}

async function checkFix(rule: Rule, example: BadExample, title: string, files: string): Promise<void> {
  const { texts, checked } = exampleProject(example);
  const workspace = await openExample(texts, rule);
  const offered = workspace
    .check(checked)
    .filter((finding) => finding.rule.name === rule.name)
    .flatMap((finding) => finding.fixes());
  const fix = offered.find((each) => each.title === title);
  assert(fix, `offered are: ${offered.map((each) => each.title).join(' | ')}`);
  const after = applyFix(texts, fix);
  const changed = changedFiles(texts, after);
  const expected = readExampleFiles(files).toSorted((one, other) => (one.path < other.path ? -1 : 1));
  assert.equal(filesAsText(changed), filesAsText(expected));
  const parser = await pythonParser();
  const fixed = await openExample(after, rule);
  const before = findingsText(workspace, checked, texts.get(checked) ?? '', rule).split('\n').length;
  let left = 0;
  for (const { path, text } of changed) {
    assert.deepEqual(parser.read(text).broken, [], `${path} is still Python`);
    left += findingsText(fixed, path, text, rule).split('\n').filter(Boolean).length;
  }
  assert(left < before, `${rule.name} still speaks after its own fix`);
}

async function checkGood(rule: Rule, example: GoodExample): Promise<void> {
  const { texts, checked } = exampleProject(example);
  const workspace = await openExample(texts, rule);
  assert.equal(findingsText(workspace, checked, texts.get(checked) ?? '', rule), '');
}

for (const rule of rules) {
  describe(`rule ${rule.name}`, () => {
    it('has bad and good examples', () => {
      assert(rule.examples.bad.length > 0 && rule.examples.good.length > 0);
    });
    for (const example of rule.examples.bad) {
      it(`reports: ${example.title}`, () => checkBad(rule, example));
      for (const { title, files } of example.fixed ?? []) {
        it(`fixes: ${example.title}: ${title}`, () => checkFix(rule, example, title, files));
      }
    }
    for (const example of rule.examples.good) {
      it(`is silent: ${example.title}`, () => checkGood(rule, example));
    }
  });
}
