import type { TextEdit } from '../base/text-edit.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import type { Statement } from '../syntax/module.ts';
import { namesIn } from '../syntax/names.ts';
import { importLinesFor } from './edits/carried-imports.ts';
import { djangosAttributes } from './edits/migration-class.ts';
import { type Definition, definitionsOf, namesBoundBy, removalsOf } from './edits/top-level.ts';

/** What pieces of a file need to mean the same in another file of the same folder. */
export interface CarriedCode {
  readonly imports: readonly string[];
  readonly definitions: readonly Definition[];
}

/** A file that code is carried from: a migration of Django with its class, or a revision. */
export type CodeSource = Pick<DjangoMigration, 'text' | 'module'> & Partial<Pick<DjangoMigration, 'class'>>;

/**
 * The imports and the definitions that pieces of code use, and what those use in turn.
 *
 * @returns undefined where something else at the top of the file decides what a name stands for, or the class itself
 */
export function carriedCode(source: CodeSource, pieces: readonly string[]): CarriedCode | undefined {
  const { text, module } = source;
  const known = definitionsOf(text, module).filter(({ statement }) => !isClassItself(statement, source));
  const elsewhere = namesOfOthers(source, known);
  const imports = new Set<string>();
  const found = new Set<Definition>();
  const open = [...pieces];
  for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
    for (const [name, paths] of namesIn(piece)) {
      if (elsewhere.has(name)) return undefined;
      for (const line of importLinesFor(text, module.body, name, paths)) imports.add(line);
      for (const definition of known.filter(({ names }) => names.includes(name))) {
        if (found.has(definition)) continue;
        found.add(definition);
        open.push(textOf(source, definition));
      }
    }
  }
  return { imports: [...imports], definitions: known.filter((each) => found.has(each)) };
}

function isClassItself({ span }: Statement, { class: migration }: CodeSource): boolean {
  return migration !== undefined && span.start <= migration.span.start && migration.span.end <= span.end;
}

/** Names that an `if`, a `try`, a loop or the class of the migration gives a value to. */
function namesOfOthers(source: CodeSource, known: readonly Definition[]): ReadonlySet<string> {
  const { body } = source.module;
  const simple = new Set(known.map(({ statement }) => statement));
  const others = body.filter((each) => !simple.has(each) && each.kind !== 'import' && each.kind !== 'import-from');
  const inClass = (source.class?.body ?? []).flatMap(namesBoundBy).filter((name) => !djangosAttributes.has(name));
  return new Set([...others.flatMap(namesBoundBy), ...inClass]);
}

/** Definitions as they are written, the gaps between neighbors kept. */
export function codeOf(source: CodeSource, definitions: readonly Definition[]): string {
  const { text } = source;
  let code = '';
  for (const [index, definition] of definitions.entries()) {
    const before = definitions[index - 1];
    if (before !== undefined) code += gapBetween(before, definition, text);
    code += textOf(source, definition);
  }
  return code.replaceAll('\r\n', '\n');
}

function gapBetween(before: Definition, { statement, span }: Definition, text: string): string {
  const above = text.slice(text.slice(0, span.start).trimEnd().length, span.start);
  const isNeighbor = text.slice(before.span.end, span.start).trim() === '';
  return isNeighbor || (before.statement.kind === 'assign' && statement.kind === 'assign') ? above : '\n\n\n';
}

function textOf({ text }: CodeSource, { span }: Definition): string {
  return text.slice(span.start, span.end);
}

/** A definition that would stand in two files, where one changes what the other reads. */
export function isShareable({ statement, names }: Definition, { text }: DjangoMigration): boolean {
  if (statement.kind !== 'assign') return true;
  return names.every((name) => !new RegExp(changing(name)).test(text));
}

function changing(name: string): string {
  const methods = 'add|append|clear|discard|extend|insert|pop|popitem|remove|reverse|setdefault|sort|update';
  return [
    `\\b${name}\\s*\\.(?:${methods})\\(`,
    `\\b${name}\\s*\\[[^\\]\\n]*\\]\\s*(?:[-+*/|&]?=(?!=))`,
    `\\b(?:global|nonlocal|del)\\b[^\\n]*\\b${name}\\b`,
    `\\b${name}\\s*[-+*/|&]=`,
  ].join('|');
}

/**
 * Takes the definitions out of a file that nothing needs there any more when `cut` is gone from it.
 *
 * @returns the edits, and the definitions that stay because something else uses them
 */
export function removeUnneeded(
  source: DjangoMigration,
  carried: readonly Definition[],
  cut: readonly TextEdit[],
): { readonly edits: readonly TextEdit[]; readonly shared: readonly Definition[] } {
  if (carried.length === 0) return { edits: [], shared: [] };
  const kept = new Set<Definition>();
  const roots = remaining(source, [...cut, ...carried.map(({ span }) => ({ span, newText: '' }))]);
  const open = [roots];
  for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
    const names = namesIn(piece);
    for (const definition of carried) {
      if (kept.has(definition) || !definition.names.some((name) => names.has(name))) continue;
      kept.add(definition);
      open.push(textOf(source, definition));
    }
  }
  const gone = carried.filter((definition) => !kept.has(definition));
  return {
    edits: removalsOf(source.text, source.module, gone),
    shared: carried.filter((definition) => kept.has(definition)),
  };
}

/** The text around spans that do not overlap. */
function remaining({ text }: DjangoMigration, edits: readonly TextEdit[]): string {
  let rest = '';
  let position = 0;
  for (const { span, newText } of [...edits].sort((one, other) => one.span.start - other.span.start)) {
    rest += text.slice(position, span.start) + newText;
    position = Math.max(position, span.end);
  }
  return rest + text.slice(position);
}
