/** What a migration that builds an index concurrently says of itself: such a build can fail, and leaves something then. */
export function buildDocstring(sentence: string, after: string): string {
  return [
    sentence,
    '',
    `Runs after ${after}, in the same deploy. If the build fails, drop the invalid index that it leaves before the`,
    'migration is run again.',
    '',
  ].join('\n');
}
