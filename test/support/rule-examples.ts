import assert from 'node:assert/strict';
import type { FilePath } from '../../server/src/base/file-path.ts';
import { applyEdits } from '../../server/src/base/text-edit.ts';
import type { CheckedWorkspace } from '../../server/src/engine/checked-workspace.ts';
import { openCheckedWorkspace } from '../../server/src/engine/checked-workspace.ts';
import type { Fix } from '../../server/src/fixes/fix.ts';
import type { ExampleFile, Mark } from '../../server/src/rules/example-text.ts';
import { readExampleFiles, readMarks } from '../../server/src/rules/example-text.ts';
import { rules } from '../../server/src/rules/registry.ts';
import type { BadExample, GoodExample, Rule } from '../../server/src/rules/rule.ts';
import { memoryFiles } from './memory-files.ts';
import { pythonParser } from './python.ts';
import { loadedSqlParser } from './sql.ts';

/** An example as a project in memory. */
export interface ExampleProject {
  readonly texts: ReadonlyMap<FilePath, string>;
  /** The file that is checked: the last of the example. */
  readonly checked: FilePath;
  readonly marks: readonly Mark[];
}

/** The framework that runs the migrations of an example. */
export function frameworkOf({ files }: BadExample | GoodExample): 'django' | 'alembic' {
  return isRevisionText(files) ? 'alembic' : 'django';
}

export function isRevisionText(text: string): boolean {
  return /^(?:down_)?revision\b[^\n]*=/m.test(text);
}

export function exampleProject(example: BadExample | GoodExample): ExampleProject {
  const files = readExampleFiles(example.files);
  const checked = files.at(-1);
  assert(checked !== undefined, `The example «${example.title}» has no files.`);
  const texts = new Map(files.map(({ path, text }) => [path, readMarks(text).text]));
  if (example.settings !== undefined) texts.set('pyproject.toml', `[tool.stepwise]\n${example.settings}\n`);
  return { texts, checked: checked.path, marks: readMarks(checked.text).marks };
}

/** Checks with one rule alone; rules about comments need to know the others. */
export async function openExample(texts: ReadonlyMap<FilePath, string>, rule: Rule): Promise<CheckedWorkspace> {
  return openTexts(texts, rule.group === 'Comments' ? rules : [rule]);
}

export async function openTexts(
  texts: ReadonlyMap<FilePath, string>,
  used: readonly Rule[],
): Promise<CheckedWorkspace> {
  return openCheckedWorkspace({
    root: '',
    files: memoryFiles(texts),
    parser: await pythonParser(),
    sqlParser: await loadedSqlParser(),
    rules: used,
    onRuleFailure({ rule, file, error }) {
      throw new Error(`The rule ${rule} failed in ${file}.`, { cause: error });
    },
  });
}

/** The findings of a file as one text: each with the text it underlines. */
export function findingsText(workspace: CheckedWorkspace, file: FilePath, text: string, rule: Rule): string {
  const findings = workspace.check(file).filter((finding) => finding.rule.name === rule.name);
  return findings.map(({ span, message }) => markText(text, { span, message })).join('\n');
}

export function markText(text: string, { span, message }: Mark): string {
  return `${span.start} ${JSON.stringify(text.slice(span.start, span.end))} ${message}`;
}

export function applyFix(texts: ReadonlyMap<FilePath, string>, fix: Fix): Map<FilePath, string> {
  const after = new Map(texts);
  for (const edit of fix.edits) {
    if (edit.kind === 'create') {
      assert(!after.has(edit.file), `${edit.file} exists already.`);
      after.set(edit.file, edit.text);
    } else if (edit.kind === 'change') {
      after.set(edit.file, applyEdits(after.get(edit.file) ?? '', edit.edits));
    }
  }
  for (const edit of fix.edits) {
    if (edit.kind !== 'rename') continue;
    assert(!after.has(edit.to), `${edit.to} exists already.`);
    after.set(edit.to, after.get(edit.file) ?? '');
    after.delete(edit.file);
  }
  return after;
}

export function changedFiles(
  before: ReadonlyMap<FilePath, string>,
  after: ReadonlyMap<FilePath, string>,
): readonly ExampleFile[] {
  const changed = [...after].filter(([path, text]) => before.get(path) !== text);
  return changed.map(([path, text]) => ({ path, text })).sort((one, other) => (one.path < other.path ? -1 : 1));
}

export function filesAsText(files: readonly ExampleFile[]): string {
  return files.map(({ path, text }) => `# file: ${path}\n${text}`).join('');
}
