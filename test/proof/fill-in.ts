import { strict as assert } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';

/** Writes what a fix leaves to the author. */
export async function fillIn(file: string, find: string, replacement: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  assert.ok(text.includes(find), text);
  await writeFile(file, text.replace(find, replacement));
}
