import { containsSpan, type Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Statement } from '../../syntax/module.ts';
import { carriedImports } from './carried-imports.ts';
import { indentationAt, lineBreakOf, lineStartBefore, nextLineStart } from './layout.ts';
import { rewrittenCode } from './rewritten.ts';

/** Sets `atomic`, `initial` and the like in the Migration class: changes the value that is there, or adds a line. */
export function setClassAttribute(source: DjangoMigration, name: string, value: string): TextEdit {
  const { text } = source;
  const existing = source.class.body.find((statement) => assigns(statement, name));
  if (existing?.kind === 'assign') return { span: existing.value.span, newText: value };
  const lineBreak = lineBreakOf(text);
  const first = firstAfterDocstring(source.class.body);
  const indentation = first ? indentationAt(text, first.span.start) : '    ';
  const at = first ? lineStartBefore(text, first.span.start) : nextLineStart(text, source.class.span.end);
  return { span: { start: at, end: at }, newText: `${indentation}${name} = ${value}${lineBreak}${lineBreak}` };
}

/** Puts top-level code before the Migration class, two blank lines apart. `code` has no trailing line break. */
export function insertBeforeClass(source: DjangoMigration, code: string): TextEdit {
  const lineBreak = lineBreakOf(source.text);
  const anchor = source.class.decorators[0]?.span.start ?? source.class.span.start;
  const at = lineStartBefore(source.text, commentsAbove(source, anchor));
  const body = code.replaceAll('\n', lineBreak);
  return { span: { start: at, end: at }, newText: `${body}${lineBreak}${lineBreak}${lineBreak}` };
}

/** A name for new top-level code that nothing in the file uses yet. */
export function unusedName(source: DjangoMigration, wanted: string): string {
  const isUsed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(source.text);
  let name = wanted;
  for (let suffix = 2; isUsed(name); suffix++) name = `${wanted}_${suffix}`;
  return name;
}

/** Statements of the class besides Django's own, which hold for all parts of the migration: marks of packages. */
export interface ClassAttributes {
  /** In column 0. */
  readonly statements: readonly string[];
  readonly imports: readonly string[];
}

/** What Django looks for in the class; nothing else in it uses them. */
export const djangosAttributes = new Set(['atomic', 'dependencies', 'initial', 'operations', 'replaces', 'run_before']);

/** Undefined where the class is more than Django's migration with attributes. */
export function findMovableAttributes(source: DjangoMigration): ClassAttributes | undefined {
  const { text, module, class: definition } = source;
  const [base, ...others] = definition.bases;
  const isDjangos = base !== undefined && others.length === 0 && /^(?:.+\.)?Migration$/.test(textOf(text, base.span));
  if (!isDjangos || definition.decorators.length > 0) return undefined;
  const own = definition.body.filter((statement) => !isDocstring(statement) && !isDjangosOwn(statement));
  const values = own.flatMap((statement) => (statement.kind === 'assign' ? [statement.value] : []));
  const carried = carriedImports(text, module, values);
  if (values.length < own.length || carried.missing.length > 0) return undefined;
  return { statements: own.map(({ span }) => rewrittenCode(text, span, [])), imports: carried.lines };
}

function isDocstring(statement: Statement): boolean {
  return statement.kind === 'expression' && statement.value.kind === 'string';
}

function isDjangosOwn(statement: Statement): boolean {
  if (statement.kind !== 'assign' || statement.targets.length !== 1) return false;
  const [target] = statement.targets;
  return target?.kind === 'name' && djangosAttributes.has(target.name);
}

/** The dependencies on other apps that pieces of code name, as they are written: models are named `app.Model`. */
export function neededDependencies(
  { text, app, dependencies, dependenciesList }: DjangoMigration,
  pieces: readonly string[],
): readonly string[] {
  const all = pieces.join('\n');
  return dependencies
    .filter(
      (each) => each.app !== app && dependenciesList !== undefined && containsSpan(dependenciesList.span, each.at),
    )
    .filter((each) => {
      if (each.kind === 'swappable') return each.setting !== undefined && all.includes(`.${each.setting}`);
      return each.app !== undefined && new RegExp(`["']${each.app}(?:\\.\\w+)?["']`).test(all);
    })
    .map(({ at }) => rewrittenCode(text, at, []))
    .filter((written) => /^[([]|^migrations\./.test(written));
}

function textOf(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

function assigns(statement: Statement, name: string): boolean {
  return (
    statement.kind === 'assign' && statement.targets.some((target) => target.kind === 'name' && target.name === name)
  );
}

function firstAfterDocstring(body: readonly Statement[]): Statement | undefined {
  const [first, second] = body;
  return first !== undefined && isDocstring(first) ? (second ?? first) : first;
}

function commentsAbove(source: DjangoMigration, offset: number): number {
  let start = offset;
  for (const comment of source.module.comments.toReversed()) {
    if (comment.span.end > start || !comment.ownLine) continue;
    if (!/^\r?\n[ \t]*$/.test(source.text.slice(comment.span.end, start))) break;
    start = comment.span.start;
  }
  return start;
}
