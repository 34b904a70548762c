import { existsSync, readFileSync } from 'node:fs';
import manifest from '../../../package.json' with { type: 'json' };

/** The version of this package. */
export const version: string = manifest.version;

/** The folder of the rules' pages, seen from the bundle or from the sources; `undefined` where it was left out. */
export function shippedRulePages(): URL | undefined {
  const places = ['../docs/rules', '../../../docs/rules'].map((path) => new URL(path, import.meta.url));
  return places.find((place) => existsSync(place));
}

/** @throws when the pages were left out */
export function readRulePage(rule: string): string {
  const folder = shippedRulePages();
  if (folder === undefined) throw new Error('The pages of the rules (docs/rules) are missing from this installation.');
  return readFileSync(new URL(`rules/${rule}.md`, folder), 'utf8');
}
