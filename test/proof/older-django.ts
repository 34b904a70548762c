import { type FrameworkRelease, isBefore } from './framework-release.ts';

/** A migration or model in the words of an older Django, where it knows the thing by another name. */
export function inWordsOf(release: FrameworkRelease, text: string): string {
  const isOld = release.framework === 'django' && isBefore(release, '5.1');
  return isOld ? text.replaceAll(/(CheckConstraint\((?:[^()]|\([^()]*\))*?\b)condition=/g, '$1check=') : text;
}
