import assert from 'node:assert/strict';
import { randomOf } from '../../../bench/random.ts';
import { toSource } from '../../../server/src/base/offset-map.ts';
import { decodeLiteral, literalOffsets } from '../../../server/src/syntax/reading/decode-string.ts';

const scraps = [
  ...['a', 'B', '7', ' ', '"', "'", '{', '}', '{{', '}}', '\n', '\r\n', '\r', '\\', '\\\\', '\\n', '\\\n', '\\\r\n'],
  ...[
    "\\'",
    '\\101',
    '\\8',
    '\\x41',
    '\\xe9',
    '\\u00e9',
    '\\U0001F600',
    '\\q',
    '\\{',
    '\\ud83d\\ude00',
    'é',
    '😀',
    '中',
  ],
];

describe('literalOffsets', () => {
  it('follows every escape, prefix and line break', () => {
    const random = randomOf(11);
    for (let round = 0; round < 5_000; round++) {
      const content = Array.from({ length: random.below(12) }, () => random.pick(scraps)).join('');
      for (const prefix of ['', 'r', 'f', 'fr', 'u']) checkContent(content, prefix);
    }
  });

  /** Each character of the decoded text, looked up in the content and decoded by itself, is that character. */
  function checkContent(content: string, prefix: string): void {
    const text = decodeLiteral(content, prefix);
    if (text === undefined) return;
    const map = literalOffsets(content, prefix);
    for (let offset = 0; offset < text.length; offset++) {
      const { start, end } = toSource(map, { start: offset, end: offset + 1 });
      const decoded = decodeLiteral(content.slice(start, end), prefix);
      const isHalf = decoded?.length === 2 && /^[\ud800-\udfff]{2}$/.test(decoded);
      const where = `${JSON.stringify(content)} ${prefix} at ${offset}`;
      if (isHalf) assert.ok(decoded.includes(text.charAt(offset)), where);
      else assert.equal(decoded, text.charAt(offset), where);
    }
    const whole = toSource(map, { start: 0, end: text.length });
    if (text !== '') assert.equal(decodeLiteral(content.slice(whole.start, whole.end), prefix), text);
  }
});
