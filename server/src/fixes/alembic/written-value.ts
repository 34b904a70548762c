import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import type { Module } from '../../syntax/module.ts';
import type { CallValue, Value } from '../../syntax/value.ts';
import { isSequence } from '../../syntax/values.ts';
import { importLines } from '../edits/imports.ts';
import { quoted, quoteOf } from '../edits/layout.ts';

/** Code on its way into a revision: how strings are quoted there, and what has to be imported. */
export interface Writing {
  readonly source: AlembicRevision;
  readonly quote: '"' | "'";
  /** Whole import lines that the code needs besides those of the file. */
  readonly imports: Set<string>;
}

export function newWriting(source: AlembicRevision): Writing {
  return { source, quote: quoteOf(source.text), imports: new Set() };
}

export function text(value: string, { quote }: Writing): string {
  return quoted(value, quote);
}

export function listText(values: readonly string[], writing: Writing): string {
  return `[${values.map((value) => text(value, writing)).join(', ')}]`;
}

export function importEdits({ source, imports }: Writing): readonly TextEdit[] {
  return importLines(source.text, source.module, [...imports].sort());
}

/**
 * A value that is known, written for a revision: `sa.String(length=20)`. Undefined where a part of it is only known to the
 * file that it comes from.
 */
export function valueText(value: Value, writing: Writing): string | undefined {
  switch (value.kind) {
    case 'string':
      return text(value.value, writing);
    case 'number':
      return value.at.kind === 'number' ? value.at.text : String(value.value);
    case 'constant':
      return constantTexts.get(value.value);
    case 'list':
    case 'tuple':
    case 'set':
      return sequenceText(value, writing);
    case 'dictionary':
      return dictionaryText(value, writing);
    case 'reference':
      return nameText(value.name, writing);
    case 'call':
      return callText(value, writing);
    default:
      return undefined;
  }
}

const constantTexts: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [true, 'True'],
  [false, 'False'],
  [null, 'None'],
  ['...', '...'],
]);

function sequenceText(value: Value, writing: Writing): string | undefined {
  if (!isSequence(value) || value.partial || value.kind === 'set') return undefined;
  const items = textsOf(value.items, writing);
  if (items === undefined) return undefined;
  if (value.kind === 'list') return `[${items.join(', ')}]`;
  return items.length === 1 ? `(${items.join('')},)` : `(${items.join(', ')})`;
}

function dictionaryText(value: Value, writing: Writing): string | undefined {
  if (value.kind !== 'dictionary' || value.partial) return undefined;
  const keys = textsOf(
    value.entries.map(({ key }) => key),
    writing,
  );
  const values = textsOf(
    value.entries.map((entry) => entry.value),
    writing,
  );
  if (keys === undefined || values === undefined) return undefined;
  return `{${keys.map((key, index) => `${key}: ${values[index] ?? ''}`).join(', ')}}`;
}

function textsOf(values: readonly Value[], writing: Writing): readonly string[] | undefined {
  const texts = values.map((value) => valueText(value, writing));
  return texts.every((each) => each !== undefined) ? texts : undefined;
}

function callText(value: CallValue, writing: Writing): string | undefined {
  const { callee, receiver, at } = value;
  if (value.partial || value.called !== undefined) return undefined;
  const method = at.callee.kind === 'attribute' ? at.callee.name : undefined;
  const object = callee === undefined && receiver?.kind === 'call' ? callText(receiver, writing) : undefined;
  const named = callee === undefined ? undefined : nameText(callee, writing);
  const head = object !== undefined && method !== undefined ? `${object}.${method}` : named;
  const args = argumentTexts(value, writing);
  return head === undefined || args === undefined ? undefined : `${head}(${args.join(', ')})`;
}

function argumentTexts({ positional, keywords }: CallValue, writing: Writing): readonly string[] | undefined {
  const first = textsOf(positional, writing);
  const others = textsOf([...keywords.values()], writing);
  if (first === undefined || others === undefined) return undefined;
  return [...first, ...[...keywords.keys()].map((name, index) => `${name}=${others[index] ?? ''}`)];
}

/** `name=value` for each option that can be written; undefined where one cannot. */
export function optionTexts(
  options: ReadonlyMap<string, Value>,
  names: readonly string[],
  writing: Writing,
): readonly string[] | undefined {
  const texts = names.flatMap((name) => {
    const value = options.get(name);
    if (value === undefined || (value.kind === 'constant' && value.value === null)) return [];
    const written = valueText(value, writing);
    return [written === undefined ? undefined : `${name}=${written}`];
  });
  return texts.every((each) => each !== undefined) ? texts : undefined;
}

/** What the file calls a thing that is named by its whole path, imported where it is not yet. */
export function nameText(path: string, writing: Writing): string | undefined {
  const known = importedName(path, writing.source.module);
  if (known !== undefined) return known;
  const { line, name } = importOf(path);
  if (line !== undefined) writing.imports.add(line);
  return name;
}

function isOfDialect(path: string): boolean {
  return path.startsWith('sqlalchemy.dialects.');
}

/** By the import that says most of the path. */
function importedName(path: string, { body }: Module): string | undefined {
  let best: { readonly length: number; readonly name: string } | undefined;
  for (const statement of body) {
    if (statement.kind !== 'import' && statement.kind !== 'import-from') continue;
    if (statement.kind === 'import-from' && statement.level > 0) continue;
    for (const { name, alias } of statement.names) {
      const imported = statement.kind === 'import' ? name : `${statement.module}.${name}`;
      // A dialect is a module of its own, which has to be imported.
      if (isOfDialect(path) && !isOfDialect(imported)) continue;
      if (path !== imported && !path.startsWith(`${imported}.`)) continue;
      const own = alias ?? name;
      if (best === undefined || imported.length > best.length) {
        best = { length: imported.length, name: `${own}${path.slice(imported.length)}` };
      }
    }
  }
  return best?.name;
}

/** `import sqlalchemy as sa`, `from sqlalchemy.dialects import postgresql`, `from app.types import Money`. */
function importOf(path: string): { readonly line: string | undefined; readonly name: string } {
  const parts = path.split('.');
  const [root = '', second, dialect] = parts;
  if (root === 'alembic') return { line: `from alembic import ${second ?? ''}`, name: parts.slice(1).join('.') };
  if (root === 'sqlalchemy' && second === 'dialects' && dialect !== undefined) {
    return { line: `from sqlalchemy.dialects import ${dialect}`, name: parts.slice(2).join('.') };
  }
  if (root === 'sqlalchemy') return { line: 'import sqlalchemy as sa', name: `sa.${parts.slice(1).join('.')}` };
  // A builtin.
  if (parts.length === 1) return { line: undefined, name: path };
  const name = parts.at(-1) ?? '';
  return { line: `from ${parts.slice(0, -1).join('.')} import ${name}`, name };
}
