import type { FilePath } from '../../base/file-path.ts';
import type { Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import { childStatementsOf } from '../../syntax/child-expressions.ts';
import type { DictionaryExpression, Expression, Module, Statement } from '../../syntax/module.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { insertItems } from '../edits/list-items.ts';
import type { Fix } from '../fix.ts';
import { lockTimeoutValue } from './lock-timeout.ts';

/** A settings module as it is written. */
interface Settings {
  readonly text: string;
  readonly module: Module;
}

const option = `-c lock_timeout=${lockTimeoutValue}`;

/**
 * Lets every connection of the project give up waiting for a lock: an option of the default database, where that is
 * written down as a dictionary and nothing else can set its options.
 */
export function connectionLockTimeout({ connection, module }: Project): readonly Fix[] {
  const { databases } = connection;
  const settings = databases && module(databases.file);
  if (databases === undefined || settings === undefined || isSetElsewhere(settings.text)) return [];
  const value = assignedAt(databases.at, settings.module.body);
  const database = value && entryOf(value, 'default');
  const engine = database && entryOf(database, 'ENGINE');
  if (database?.kind !== 'dictionary' || engine?.kind !== 'string' || !/postg/.test(engine.value ?? '')) return [];
  const edit = optionEdit(database, settings);
  return edit === undefined ? [] : [fixOf(databases.file, edit)];
}

function fixOf(file: FilePath, edit: TextEdit): Fix {
  return {
    title: `Give up waiting for a lock after ${lockTimeoutValue}, on every connection: "options" in OPTIONS`,
    safety: 'review',
    edits: [{ kind: 'change', file, edits: [edit] }],
  };
}

/** Whether the dictionary is not all that is said of the default database. */
function isSetElsewhere(text: string): boolean {
  const mentions = text.match(/^[^#\n]*\bDATABASES\b.*/gm) ?? [];
  const [, ...others] = mentions;
  return others.some((line) => /\bOPTIONS\b|\bDATABASES\s*(?::[^=]+)?=(?!=)|\]\s*=\s*|update|setdefault/.test(line));
}

function assignedAt({ start }: Span, statements: readonly Statement[]): Expression | undefined {
  for (const statement of statements) {
    if (start < statement.span.start || start >= statement.span.end) continue;
    if (statement.kind !== 'assign') return assignedAt({ start, end: start }, childStatementsOf(statement));
    const [target] = statement.targets;
    return target?.kind === 'name' && target.span.start === start ? statement.value : undefined;
  }
  return undefined;
}

/** The value of a key; undefined where it may also come from another dictionary. */
function entryOf(value: Expression, key: string): Expression | undefined {
  if (!isWhole(value)) return undefined;
  const own = value.entries.filter((entry) => entry.key?.kind === 'string' && entry.key.value === key);
  return own.length === 1 ? own[0]?.value : undefined;
}

/** A dictionary whose keys are all written there. */
function isWhole(value: Expression): value is DictionaryExpression {
  if (value.kind !== 'dictionary' || value.broken) return false;
  return value.entries.every(({ key }) => key?.kind === 'string' && key.value !== undefined);
}

function optionEdit(database: DictionaryExpression, settings: Settings): TextEdit | undefined {
  const quote = quoteOf(settings.text);
  const entry = `${quoted('options', quote)}: ${quoted(option, quote)}`;
  const options = entryOf(database, 'OPTIONS');
  if (options === undefined) return added(database, `${quoted('OPTIONS', quote)}: {${entry}}`, settings);
  if (!isWhole(options)) return undefined;
  const isThere = options.entries.some(({ key }) => key?.kind === 'string' && key.value === 'options');
  if (!isThere) return added(options, entry, settings);
  const own = entryOf(options, 'options');
  return own && extended(own, settings);
}

function added(to: DictionaryExpression, entry: string, { text, module }: Settings): TextEdit {
  if (to.entries.length === 0) return { span: to.span, newText: `{${entry}}` };
  return insertItems({ text, module, span: to.span, items: to.entries }, to.entries.length, [entry]);
}

/** Behind the options of a plain literal. */
function extended(value: Expression, { text }: Settings): TextEdit | undefined {
  const { start, end } = value.span;
  const isPlain = value.kind === 'string' && /^(?:"[^"\\]+"|'[^'\\]+')$/.test(text.slice(start, end));
  return isPlain ? { span: { start: end - 1, end: end - 1 }, newText: ` ${option}` } : undefined;
}
