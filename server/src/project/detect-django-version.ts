import type { FilePath } from '../base/file-path.ts';
import { baseNameOf } from '../base/file-path.ts';
import type { Version } from '../base/target.ts';
import { newestDjango } from '../base/target.ts';
import type { VersionSpecifier } from './version-specifier.ts';
import { compareVersions, readVersionSpecifier } from './version-specifier.ts';

/** Releases with a minor version of their own since the migrations of today were invented. */
const releases: readonly Version[] = [
  ...[7, 8, 9, 10, 11].map((minor): Version => [1, minor]),
  ...[2, 3, 4, 5].flatMap((major) => [0, 1, 2].map((minor): Version => [major, minor])),
  newestDjango,
];

type Reader = (text: string) => readonly string[];

/** What may say which Django is installed, most exact first. All yield version specifiers. */
const sources: readonly { readonly name: RegExp; readonly specifiers: Reader }[] = [
  { name: /^(?:uv|poetry|pdm)\.lock$|^pylock(?:\.[\w-]+)?\.toml$/, specifiers: lockedVersions },
  { name: /^Pipfile\.lock$/, specifiers: pipfileVersions },
  { name: /requirements[\w.-]*\.txt$|^constraints\.txt$/i, specifiers: requirementLines },
  { name: /requirements[\w.-]*\.in$/i, specifiers: requirementLines },
  { name: /^pyproject\.toml$/, specifiers: (text) => [...quotedRequirements(text), ...tomlVersions(text)] },
  { name: /^Pipfile$/, specifiers: tomlVersions },
  { name: /^setup\.cfg$/, specifiers: requirementLines },
  { name: /^setup\.py$/, specifiers: quotedRequirements },
];

/** Whether a file is one of those that name the installed packages. */
export function namesPackages(file: FilePath): boolean {
  return sourceOf(file) !== undefined;
}

/**
 * The version of Django that a project runs on: what a lock file or a requirement pins, else the newest known release
 * that the requirements allow; `undefined` where no file names Django.
 *
 * @param files those that {@link namesPackages}, nearest to the project first
 */
export function detectDjangoVersion(
  files: readonly FilePath[],
  read: (file: FilePath) => string | undefined,
): Version | undefined {
  const ranges: VersionSpecifier[] = [];
  for (const source of sources) {
    const texts = files.filter((file) => sourceOf(file) === source).map((file) => read(file) ?? '');
    for (const text of texts) {
      const specifiers = source
        .specifiers(text)
        .map(readVersionSpecifier)
        .filter((each) => each !== undefined);
      const pins = specifiers.map(({ pinned }) => pinned).filter((pinned) => pinned !== undefined);
      // A library's lock file may hold several, each for another Python.
      const newest = pins.sort(compareVersions).at(-1);
      if (newest) return newest;
      ranges.push(...specifiers);
    }
  }
  const [range] = ranges;
  if (range === undefined) return undefined;
  return releases.findLast((release) => range.allows(release)) ?? range.atLeast;
}

function sourceOf(file: FilePath) {
  // Asked of every file of a project: most are Python files.
  if (file.endsWith('.py') && !file.endsWith('setup.py')) return undefined;
  const name = baseNameOf(file);
  const isInRequirements = /(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/.test(file);
  return sources.find((source) => source.name.test(isInRequirements ? `requirements-${name}` : name));
}

/** `[[package]]` tables; their `version` stands right below their `name`. */
function lockedVersions(text: string): readonly string[] {
  return Array.from(text.matchAll(/^name = "django"\r?\nversion = "([^"]+)"/gim), ([, version = '']) => version);
}

function pipfileVersions(text: string): readonly string[] {
  return Array.from(text.matchAll(/"django"\s*:\s*\{[^}]*?"version"\s*:\s*"([^"]+)"/gi), ([, version = '']) => version);
}

/** `Django[argon2]>=4.2,<5 ; python_version > "3.9"  # why` */
function requirementLines(text: string): readonly string[] {
  const line = /^[ \t]*django(?:\[[^\]\n]*\])?[ \t]*([=<>~!][^\s;#\\]*(?:[ \t]*,[ \t]*[=<>~!][^\s;#\\]*)*)/gim;
  return Array.from(text.replace(/([=<>~!,])[ \t]+(?=[\d=<>~!])/g, '$1').matchAll(line), ([, version = '']) => version);
}

/** The same in quotes, as Python and TOML lists have them. */
function quotedRequirements(text: string): readonly string[] {
  const requirement = /(["'])django(?:\[[^\]\n]*\])?\s*\(?([=<>~!][^"';)\n]*)\)?[^"'\n]*\1/gi;
  return Array.from(withoutComments(text).matchAll(requirement), ([, , version = '']) => version.replace(/\s/g, ''));
}

/** `django = "^4.2"` and `django = { version = "~=4.2", extras = […] }` */
function tomlVersions(text: string): readonly string[] {
  const entry =
    /^[ \t]*["']?django["']?[ \t]*=[ \t]*(?:["']([^"'\n]+)["']|\{[^}\n]*?version[ \t]*=[ \t]*["']([^"'\n]+)["'])/gim;
  return Array.from(withoutComments(text).matchAll(entry), ([, plain, inTable]) => plain ?? inTable ?? '');
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, '');
}
