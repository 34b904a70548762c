import type { Span } from '../base/span.ts';
import type { TextEdit } from '../base/text-edit.ts';
import type { Field } from '../django/field.ts';
import type { ModelState } from '../django/project-state.ts';
import { findModel } from '../django/project-state.ts';
import type { Project } from '../project/project.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { CallExpression, Module } from '../syntax/module.ts';
import { findKeyword, removeArgument, setKeyword } from './edits/arguments.ts';
import { carriedImports } from './edits/carried-imports.ts';
import { indented, rewritten } from './edits/rewritten.ts';

/** A field's definition as some migration wrote it, to be written again elsewhere. */
export interface FieldSource {
  readonly text: string;
  readonly module: Module;
  readonly call: CallExpression;
}

/** A change to make in a copied definition; `undefined` takes the keyword out. */
export type KeywordChanges = Readonly<Record<string, string | undefined>>;

/** The definition that the historical state holds just before a migration, where it was written as a call. */
export function fieldSourceOf(field: Field, project: Project): FieldSource | undefined {
  const { value } = field;
  if (value?.kind !== 'call' || value.at.kind !== 'call') return undefined;
  const source = project.sourceOf(value.module);
  return source && { text: source.text, module: source.module, call: value.at };
}

/** A model and one of its fields just before a migration; the field may be given in any case Django accepts. */
export function findModelField(
  project: Project,
  before: MigrationId,
  app: string,
  model: string,
  field: string,
): { readonly model: ModelState; readonly field: Field } | undefined {
  const state = project.migration(before)?.stateBefore;
  const found = state && findModel(state, { app, name: model.toLowerCase() });
  const known = found?.fields.get(field);
  return found && known && { model: found, field: known };
}

/**
 * The definition with keywords changed, in column 0.
 *
 * @param className another class for it
 */
export function fieldText(source: FieldSource, changes: KeywordChanges, className?: string): string {
  const { text, module, call } = source;
  const names = Object.entries(changes).filter(([name, value]) => value !== undefined || findKeyword(call, name));
  if (names.length > 1 || className !== undefined) return rearranged(source, changes, className);
  const site = { text, module, call };
  const edits: TextEdit[] = [];
  for (const [name, value] of Object.entries(changes)) {
    const existing = findKeyword(call, name);
    if (value !== undefined) edits.push(setKeyword(site, name, value));
    else if (existing) edits.push(removeArgument(site, existing));
  }
  return rewritten(text, call.span, edits);
}

/** Written anew, argument by argument: edits of neighbors would get into each other's way. */
function rearranged({ text, call }: FieldSource, changes: KeywordChanges, className: string | undefined): string {
  const kept = call.arguments.flatMap((argument) => {
    const { name } = argument;
    if (name === undefined || !Object.hasOwn(changes, name)) return rewritten(text, argument.span, []);
    const value = changes[name];
    return value === undefined ? [] : `${name}=${value}`;
  });
  const added = Object.entries(changes).flatMap(([name, value]) =>
    value === undefined || findKeyword(call, name) ? [] : `${name}=${value}`,
  );
  const items = [...kept, ...added];
  const head = className ?? text.slice(call.callee.span.start, call.callee.span.end);
  if (!text.slice(call.span.start, call.span.end).includes('\n')) return `${head}(${items.join(', ')})`;
  return `${head}(\n${items.map((item) => `    ${indented(item, '    ')},\n`).join('')})`;
}

/**
 * The import lines that the definition needs in another file of the folder; `undefined` where it uses something that
 * its own file defines and that no import can reach.
 */
export function fieldImports({ text, module, call }: FieldSource): readonly string[] | undefined {
  const carried = carriedImports(text, module, [call]);
  return carried.missing.length > 0 ? undefined : carried.lines;
}

/** Whether two definitions say the same, whatever the order of their keywords, apart from the ignored ones. */
export function isSameDefinition(one: FieldSource, other: FieldSource, ignored: readonly string[]): boolean {
  return normalized(one, ignored) === normalized(other, ignored);
}

function normalized({ text, call }: FieldSource, ignored: readonly string[]): string {
  const slice = ({ start, end }: Span): string => text.slice(start, end).replaceAll(/\s+/g, '').replaceAll("'", '"');
  const args = call.arguments.filter(({ name }) => !ignored.includes(name ?? '')).map(({ span }) => slice(span));
  return `${slice(call.callee.span)}(${args.sort().join()})`;
}
