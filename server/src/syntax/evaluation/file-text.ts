import type { FilePath } from '../../base/file-path.ts';
import type { Module } from '../module.ts';
import type { SourceTexts } from '../scope.ts';
import { holeCharacter, knownTextOf } from '../text-piece.ts';
import type { CallValue, Value } from '../value.ts';
import { packageFolder } from './paths.ts';

/** The text of a file that a call reads: `open(path).read()`; undefined for all other calls, and files not at hand. */
export function readByCall(call: CallValue, texts: SourceTexts | undefined): Value | undefined {
  const wanted = texts === undefined ? undefined : pathReadBy(call);
  const found = wanted === undefined ? undefined : texts?.find(withoutDots(wanted), call.module);
  if (found === undefined) return undefined;
  const { at, module } = call;
  return { kind: 'string', at, module, value: found.text, readFrom: found.file };
}

function pathReadBy(call: CallValue): FilePath | undefined {
  const { receiver, at, callee, positional } = call;
  if (callee !== undefined && packageReaders.has(callee)) return pathInPackage(positional);
  if (at.callee.kind !== 'attribute' || receiver === undefined) return undefined;
  switch (at.callee.name) {
    case 'read_text':
    case 'read_bytes':
      return pathOf(receiver);
    case 'read':
      return positional.length === 0 ? openedPath(receiver) : undefined;
    default:
      return undefined;
  }
}

const packageReaders: ReadonlySet<string> = new Set([
  'importlib.resources.read_binary',
  'importlib.resources.read_text',
  'pkgutil.get_data',
]);

const openers: ReadonlySet<string> = new Set(['builtins.open', 'codecs.open', 'io.open']);

/** Whether a value is a file that was opened. */
export function isOpenFile(value: Value): boolean {
  return openedPath(value) !== undefined;
}

/** The path at which a file was opened: `open(path)`, `path.open()`. */
function openedPath(value: Value): FilePath | undefined {
  if (value.kind !== 'call' || value.conditional) return undefined;
  const { callee, positional, keywords, receiver, at } = value;
  if (callee !== undefined && openers.has(callee)) return pathOf(positional[0] ?? keywords.get('file'));
  if (callee === 'importlib.resources.open_text') return pathInPackage(positional);
  return at.callee.kind === 'attribute' && at.callee.name === 'open' ? pathOf(receiver) : undefined;
}

function pathInPackage([folder, name]: readonly Value[]): FilePath | undefined {
  const path = packageFolder(folder);
  return path !== undefined && name?.kind === 'string' ? `${path}/${name.value}` : undefined;
}

/** A text; what stands behind `settings.BASE_DIR + "/"`. */
function pathOf(value: Value | undefined): FilePath | undefined {
  if (value === undefined || value.conditional) return undefined;
  if (value.kind === 'string') return value.value;
  const text = knownTextOf(value.pieces ?? []);
  return text.lastIndexOf(holeCharacter) === 0 && text.charAt(1) === '/' ? text.slice(2) : undefined;
}

/** `__file__`, and the folder that stands for `__package__`; undefined for all other names. */
export function pathOfName(name: string, module: Module, texts: SourceTexts | undefined): FilePath | undefined {
  if (name !== '__file__' && name !== '__package__') return undefined;
  const file = texts?.fileOf(module);
  return name === '__file__' ? file : file?.slice(0, Math.max(0, file.lastIndexOf('/')));
}

/** `shop/migrations/../sql/x.sql` is `shop/sql/x.sql`. */
function withoutDots(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
