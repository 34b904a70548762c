/**
 * A rule is one file: its check, its docs and its examples. What ships needs the check alone; docs, sources and examples
 * are its page, docs/rules/<name>.md. They are most of the text, and all of it would be parsed at every start.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** The properties of a rule that only its page needs, as the formatter lays them out. */
const pageProperties = [
  /^ {2}docs: \{\n[\s\S]*?\n {2}\},\n/gm,
  /^ {2}sources: \[(?:\n[\s\S]*?\n {2}|[^\n]*)\],\n/gm,
  /^ {2}examples: \{\n[\s\S]*?\n {2}\},\n/gm,
];

/**
 * The text of a rule's file without what only its page needs; other files stay as they are.
 *
 * @param {string} text
 * @param {string} file for the message
 * @returns {string}
 */
export function withoutPage(text, file) {
  if (!/^export const \w+: Rule = \{$/m.test(text)) return text;
  return pageProperties.reduce((rest, property) => {
    const found = rest.match(property)?.length ?? 0;
    if (found !== 1) throw new Error(`${file}: expected one property like ${property}, found ${found}`);
    return rest.replace(property, '');
  }, text);
}

/** @type {import('esbuild').Plugin} */
export const rulesWithoutPages = {
  name: 'rules without pages',
  setup(build) {
    build.onLoad({ filter: /[/\\]server[/\\]src[/\\]rules[/\\][\w-]+\.ts$/ }, async ({ path }) => ({
      contents: withoutPage(await readFile(path, 'utf8'), basename(path)),
      loader: 'ts',
    }));
  },
};
