import { isUtf8 } from 'node:buffer';
import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileText } from '../project/files.ts';

const byteOrderMark = '\uFEFF';
const replacement = '\uFFFD';

/** Reads UTF-8 without its byte order mark, as editors hand out documents. */
export function readTextFile(native: string): FileText {
  let bytes: Buffer;
  try {
    bytes = readFileSync(native);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return missing(native);
    return { kind: 'unreadable', reason: reasonOf(error) };
  }
  if (!isUtf8(bytes)) return { kind: 'unreadable', reason: encodingFault(bytes) };
  const text = bytes.toString('utf8');
  return { kind: 'text', text: text.startsWith(byteOrderMark) ? text.slice(1) : text };
}

function missing(native: string): FileText {
  const link = lstatSync(native, { throwIfNoEntry: false });
  return link === undefined
    ? { kind: 'missing' }
    : { kind: 'unreadable', reason: 'it is a symbolic link that leads nowhere' };
}

/** Replaces the text of a file and keeps its byte order mark. */
export function replaceTextFile(native: string, text: string): void {
  const hasMark = readFileSync(native).subarray(0, 3).equals(Buffer.from(byteOrderMark));
  writeFileSync(native, hasMark ? byteOrderMark + text : text);
}

/** @throws when the file exists: nothing is ever overwritten by creating. */
export function createTextFile(native: string, text: string): void {
  mkdirSync(dirname(native), { recursive: true });
  writeFileSync(native, text, { flag: 'wx' });
}

/** @returns what puts it back, byte for byte */
export function removeFile(native: string): () => void {
  const bytes = readFileSync(native);
  rmSync(native);
  return () => writeFileSync(native, bytes);
}

/** Why a file could not be read, as a sentence that follows its name. */
export function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ELOOP':
      return 'its symbolic links lead in a circle';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function encodingFault(bytes: Buffer): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return 'it is encoded in UTF-16, not UTF-8';
  }
  const fault = firstFault(bytes);
  const line = bytes.subarray(0, fault).filter((byte) => byte === 10).length + 1;
  return `it is not UTF-8: byte 0x${(bytes[fault] ?? 0).toString(16).toUpperCase()} in line ${line}`;
}

/** The offset of the first byte that cannot be decoded; a replacement character that is really in the file is none. */
function firstFault(bytes: Buffer): number {
  let offset = 0;
  for (const part of bytes.toString('utf8').split(replacement)) {
    offset += Buffer.byteLength(part);
    if (!bytes.subarray(offset, offset + 3).equals(Buffer.from(replacement))) return offset;
    offset += 3;
  }
  return bytes.length;
}
