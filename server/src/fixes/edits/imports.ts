import { containsSpan, type Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import { childStatementsOf } from '../../syntax/child-expressions.ts';
import type { ImportFromStatement, ImportStatement, Module, Statement } from '../../syntax/module.ts';
import { lineBreakOf, lineStartBefore, nextLineStart } from './layout.ts';

/** What an import makes usable: the name to write in code, and the edits that make it so. */
export interface ImportEdit {
  readonly name: string;
  readonly edits: readonly TextEdit[];
}

/**
 * Makes `from module import name` available: by the name the file already has for it, or by a new import line at the
 * place where isort would put it among the imports that are there.
 */
export function importName(text: string, module: Module, from: string, name: string): ImportEdit {
  for (const statement of module.body) {
    if (statement.kind !== 'import-from' || statement.level !== 0 || statement.module !== from) continue;
    const imported = statement.names.find((each) => each.name === name);
    if (imported) return { name: imported.alias ?? imported.name, edits: [] };
  }
  const existing = module.body.find(
    (statement): statement is ImportFromStatement =>
      statement.kind === 'import-from' &&
      statement.level === 0 &&
      statement.module === from &&
      isOneLine(text, statement),
  );
  if (existing) return { name, edits: [extend(text, existing, name)] };
  return { name, edits: [insertLine(text, module, `from ${from} import ${name}`)] };
}

/** Makes `import module` available; the name to write is the module's dotted name or its alias. */
export function importModule(text: string, module: Module, name: string): ImportEdit {
  for (const statement of module.body) {
    if (statement.kind !== 'import') continue;
    const imported = statement.names.find((each) => each.name === name);
    if (imported) return { name: imported.alias ?? imported.name, edits: [] };
  }
  return { name, edits: [insertLine(text, module, `import ${name}`)] };
}

/** Makes whole import lines (`import x`, `from x import y, z as w`) available: those that are not there yet are added. */
export function importLines(text: string, module: Module, lines: readonly string[]): readonly TextEdit[] {
  const present = new Set(module.body.filter(isImport).map((each) => text.slice(each.span.start, each.span.end)));
  return lines.flatMap((line) => {
    if (present.has(line)) return [];
    const from = /^from ([\w.]+) import (\w+)$/.exec(line);
    if (from?.[1] && from[2] && !from[1].startsWith('.')) return importName(text, module, from[1], from[2]).edits;
    const plain = /^import ([\w.]+)$/.exec(line);
    return plain?.[1] ? importModule(text, module, plain[1]).edits : [insertLine(text, module, line)];
  });
}

function isOneLine(text: string, statement: ImportFromStatement): boolean {
  const written = text.slice(statement.span.start, statement.span.end);
  return !written.includes('\n') && !written.endsWith(')') && !written.endsWith('*');
}

function extend(text: string, statement: ImportFromStatement, name: string): TextEdit {
  const after = statement.names.find((each) => each.name.localeCompare(name) > 0);
  if (after) return { span: { start: after.span.start, end: after.span.start }, newText: `${name}, ` };
  const end = statement.names.at(-1)?.span.end ?? statement.span.end;
  return { span: { start: end, end }, newText: text[end] === ',' ? ` ${name},` : `, ${name}` };
}

/** isort's sections, as far as migrations need them. */
export function sectionOf(module: string): number {
  if (module === '__future__') return 0;
  if (module.startsWith('.')) return 4;
  return standardModules.has(module.split('.')[0] ?? '') ? 1 : 2;
}

const standardModules = new Set(
  'ast base64 calendar collections contextlib copy csv datetime decimal enum functools hashlib io itertools json logging math operator os pathlib random re secrets string sys time typing uuid warnings zoneinfo'.split(
    ' ',
  ),
);

function insertLine(text: string, module: Module, line: string): TextEdit {
  const lineBreak = lineBreakOf(text);
  const imports = module.body.filter(isImport);
  const key = sortKeyOf(line);
  const next = imports.find((statement) => sortKeyOf(text.slice(statement.span.start, statement.span.end)) > key);
  const previous = next ? imports[imports.indexOf(next) - 1] : imports.at(-1);
  const section = key[0];
  if (next) {
    // isort sets the project's own packages apart from others by a blank line.
    const isOther =
      previous !== undefined && hasBlankLine(text, previous, next) && packageOf(next) !== packageOfLine(line);
    const apart = isOther || sortKeyOf(text.slice(next.span.start, next.span.end))[0] !== section;
    const joins =
      previous !== undefined && sortKeyOf(text.slice(previous.span.start, previous.span.end))[0] === section;
    if (apart && joins) return insertAfter(text, previous, `${line}${lineBreak}`);
    const at = next.span.start;
    return { span: { start: at, end: at }, newText: `${line}${lineBreak}${apart ? lineBreak : ''}` };
  }
  if (previous) {
    const apart = sortKeyOf(text.slice(previous.span.start, previous.span.end))[0] !== section;
    return insertAfter(text, previous, `${apart ? lineBreak : ''}${line}${lineBreak}`);
  }
  const at = module.docstringEnd > 0 ? nextLineStart(text, module.docstringEnd) : 0;
  return { span: { start: at, end: at }, newText: `${at > 0 ? lineBreak : ''}${line}${lineBreak}` };
}

export function hasBlankLine(text: string, before: Statement, after: Statement): boolean {
  return /\n[ \t]*\r?\n/.test(text.slice(before.span.end, after.span.start));
}

/** `django` of `from django.db import migrations`; dots for relative imports. */
export function packageOf(statement: AnyImport): string {
  const name = statement.kind === 'import' ? statement.names[0]?.name : '.'.repeat(statement.level) + statement.module;
  return /^\.+|^[^.]*/.exec(name ?? '')?.[0] ?? '';
}

/** `django` of `from django.db import migrations`. */
function packageOfLine(line: string): string | undefined {
  return line.split(/\s+/, 2)[1]?.split('.')[0];
}

function insertAfter(text: string, statement: Statement, newText: string): TextEdit {
  const at = nextLineStart(text, statement.span.end);
  return { span: { start: at, end: at }, newText };
}

export type AnyImport = ImportStatement | ImportFromStatement;

export function isImport(statement: Statement): statement is AnyImport {
  return statement.kind === 'import' || statement.kind === 'import-from';
}

/** Section, then `import x` before `from x import y`, then the module's name. */
function sortKeyOf(line: string): string {
  const [keyword = '', name = ''] = line.split(/\s+/, 2);
  return `${sectionOf(name)}${keyword === 'import' ? 0 : 1}${name}`;
}

/** Removes one name from an import, with the whole statement and the blank line above it where it was the only one. */
export function removeImportedName(text: string, module: Module, name: Span): readonly TextEdit[] {
  return removeImportedNames(text, module, [name]);
}

/** Removes names from the imports that they stand in, of which those without a name left go as a whole. */
export function removeImportedNames(text: string, module: Module, names: readonly Span[]): readonly TextEdit[] {
  const isGone = ({ span }: { readonly span: Span }): boolean => names.some((name) => containsSpan(span, name));
  const found = names.map((name) => findImport(module.body, name)).filter((statement) => statement !== undefined);
  const statements = [...new Set(found)].sort((one, other) => one.span.start - other.span.start);
  const whole = statements.filter((statement) => statement.names.every(isGone));
  const parts = statements.filter((statement) => !whole.includes(statement));
  return [...removeStatements(text, whole), ...parts.flatMap((statement) => removeNames(statement, isGone))];
}

/** Neighbors go together, with the blank line above them where there is another one below. */
function removeStatements(text: string, statements: readonly AnyImport[]): readonly TextEdit[] {
  const blocks: Span[] = [];
  for (const { span } of statements) {
    const lines = { start: lineStartBefore(text, span.start), end: nextLineStart(text, span.end) };
    const last = blocks.at(-1);
    if (last?.end === lines.start) blocks[blocks.length - 1] = { start: last.start, end: lines.end };
    else blocks.push(lines);
  }
  return blocks.map(({ start, end }) => {
    const above = /(?<=\n)[ \t]*\r?\n$/.exec(text.slice(0, start))?.[0].length ?? 0;
    const isBlankBelow = /^[ \t]*(\r?\n|$)/.test(text.slice(end));
    return { span: { start: isBlankBelow ? start - above : start, end }, newText: '' };
  });
}

/** Names side by side go together, with the comma between them and what stays. */
function removeNames({ names }: AnyImport, isGone: (name: { readonly span: Span }) => boolean): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let kept: Span | undefined;
  let gone: Span[] = [];
  for (const name of names) {
    if (isGone(name)) {
      gone.push(name.span);
      continue;
    }
    const [first] = gone;
    if (first !== undefined) edits.push({ span: { start: first.start, end: name.span.start }, newText: '' });
    [kept, gone] = [name.span, []];
  }
  const last = gone.at(-1);
  if (kept !== undefined && last !== undefined) {
    edits.push({ span: { start: kept.end, end: last.end }, newText: '' });
  }
  return edits;
}

function findImport(statements: readonly Statement[], name: Span): ImportStatement | ImportFromStatement | undefined {
  const holder = statements.find(({ span }) => containsSpan(span, name));
  if (holder === undefined || isImport(holder)) return holder;
  return findImport(childStatementsOf(holder), name);
}
