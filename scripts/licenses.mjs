/** The license texts of the packages whose code is inside the bundles. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} root the repository
 * @param {readonly string[]} inputs the files that went into the bundles, relative to the repository
 */
export function licenseTexts(root, inputs) {
  const packages = [...new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined))].sort();
  return packages.map((folder) => entryOf(join(root, folder))).join('\n');
}

/**
 * `node_modules/@scope/name` of a file in it; undefined for a file of this repository.
 *
 * @param {string} file
 */
function packageFolder(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** @param {string} folder */
function entryOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `License: ${license}` : readFileSync(join(folder, file), 'utf8').trim();
  return `${'='.repeat(80)}\n${name} ${version}\n\n${text}\n`;
}
