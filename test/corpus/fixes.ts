/**
 * Applies every fix that is offered in checked-out projects, each by itself and in memory alone: whether it can be applied,
 * leaves Python that parses, makes its finding go away, and brings no new finding of level high or critical.
 *
 * npx tsx test/corpus/fixes.ts [--rule <name>] <folder>…
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { FilePath } from '../../server/src/base/file-path.ts';
import { applyEdits } from '../../server/src/base/text-edit.ts';
import { diskFiles } from '../../server/src/disk/disk-files.ts';
import { type CheckedWorkspace, openCheckedWorkspace } from '../../server/src/engine/checked-workspace.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import type { Fix } from '../../server/src/fixes/fix.ts';
import { rules } from '../../server/src/rules/registry.ts';
import type { PythonParser } from '../../server/src/syntax/parser.ts';
import { pythonParser } from '../support/python.ts';
import { loadedSqlParser } from '../support/sql.ts';

const { values: flags, positionals: folders } = parseArgs({
  options: { rule: { type: 'string' } },
  allowPositionals: true,
});

const parser = await pythonParser();
const sqlParser = await loadedSqlParser();

for (const folder of folders) {
  const files = diskFiles(resolve(folder), ({ folder: unreadable, reason }) => console.log(`${unreadable}: ${reason}`));
  const checked = openCheckedWorkspace({
    root: resolve(folder),
    files,
    parser,
    sqlParser,
    rules,
    onRuleFailure: ({ rule, file, error }) => console.log(`${file}: ${rule} failed: ${error}`),
  });
  const counts = new Map<string, { fixes: number; problems: number }>();
  for (const file of checked.migrationFiles()) {
    // What was changed for one fix and taken back makes the project another object, whose fixes belong to it.
    const places = checked.check(file).map(({ fixes }, index) => fixes().map((_, choice) => ({ index, choice })));
    for (const { index, choice } of places.flat()) {
      const finding = checked.check(file)[index];
      const fix = finding?.fixes()[choice];
      if (finding === undefined || fix === undefined) throw new Error(`${file}: a fix is no longer offered.`);
      const rule = finding.rule.name;
      if (flags.rule !== undefined && flags.rule !== rule) continue;
      const problem = problemOf(fix, finding, checked, parser);
      const count = counts.get(rule) ?? { fixes: 0, problems: 0 };
      counts.set(rule, { fixes: count.fixes + 1, problems: count.problems + (problem === undefined ? 0 : 1) });
      if (problem !== undefined) console.log(`${file}:${lineOf(finding, checked)} ${rule}: ${fix.title}: ${problem}`);
    }
  }
  console.log(folder);
  console.table(Object.fromEntries(counts));
}

function lineOf({ file, span }: Finding, { workspace }: CheckedWorkspace): number {
  const text = workspace.projectOf(file).module(file)?.text ?? '';
  return text.slice(0, span.start).split('\n').length;
}

/** What is wrong with a fix, as one sees it after applying it; all is as it was before afterwards. */
function problemOf(fix: Fix, finding: Finding, checked: CheckedWorkspace, python: PythonParser): string | undefined {
  const { workspace } = checked;
  if (fix.edits.some(({ kind }) => kind === 'rename')) return undefined;
  const before = findingsIn(
    fix.edits.map(({ file }) => file),
    checked,
  );
  const opened: FilePath[] = [];
  try {
    for (const edit of fix.edits) {
      if (edit.kind === 'rename') continue;
      const old = workspace.projectOf(edit.file).module(edit.file)?.text ?? '';
      const text = edit.kind === 'create' ? edit.text : applyEdits(old, edit.edits);
      if (python.read(text).broken.length > 0) return `${edit.file} is no valid Python.\n${text}`;
      workspace.openDocument(edit.file, text);
      opened.push(edit.file);
    }
    const after = findingsIn(opened, checked);
    const told = saying(finding);
    if (after.filter(told).length >= Math.max(1, before.filter(told).length))
      return 'The rule says the same as before.';
    const worse = after.find((each) => isGrave(each) && !before.some(saying(each)));
    return worse && `New: ${worse.rule.name} in ${worse.file}: ${worse.message}`;
  } catch (error) {
    return String(error);
  } finally {
    for (const file of opened) workspace.closeDocument(file);
  }
}

function findingsIn(files: readonly FilePath[], checked: CheckedWorkspace): readonly Finding[] {
  return files.flatMap((file) => checked.check(file));
}

/** Wherever it says so: what moves to another file takes its findings along. */
function saying({ rule, message }: Finding): (other: Finding) => boolean {
  return (other) => other.rule === rule && other.message === message;
}

function isGrave({ level }: Finding): boolean {
  return level === 'critical' || level === 'high';
}
