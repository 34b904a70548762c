import assert from 'node:assert/strict';
import { fromSource, offsetMapOf, toSource } from '../../../server/src/base/offset-map.ts';

describe('offset maps', () => {
  // source: a\\tb\\\ncd{{e    text: a<tab>bcd{e
  const source = 'a\\tb\\\ncd{{e';
  const text = 'a\tbcd{e';
  const map = offsetMapOf([
    { from: 1, to: 3, length: 1 },
    { from: 4, to: 6, length: 0 },
    { from: 8, to: 10, length: 1 },
  ]);

  function checkSource(part: string, expected: string): void {
    const start = text.indexOf(part);
    const span = toSource(map, { start, end: start + part.length });
    assert.equal(source.slice(span.start, span.end), expected);
  }

  it('lead from the text to the shortest part of the source', () => {
    checkSource('a', 'a');
    checkSource('\t', '\\t');
    checkSource('\tb', '\\tb');
    checkSource('b', 'b');
    checkSource('c', 'c');
    checkSource('bc', 'b\\\nc');
    checkSource('{', '{{');
    checkSource('e', 'e');
    checkSource(text, source);
  });

  it('keep an empty span with what stands before it', () => {
    assert.deepEqual(toSource(map, { start: 3, end: 3 }), { start: 4, end: 4 });
    assert.deepEqual(toSource(map, { start: 2, end: 2 }), { start: 3, end: 3 });
    assert.deepEqual(toSource(map, { start: 0, end: 0 }), { start: 0, end: 0 });
  });

  it('lead back', () => {
    const offsets = [...source].map((_, offset) => fromSource(map, offset));
    assert.deepEqual(offsets, [0, 1, 1, 2, 3, 3, 3, 4, 5, 5, 6]);
  });

  it('are empty where nothing is replaced', () => {
    assert.deepEqual(offsetMapOf([{ from: 3, to: 5, length: 2 }]), []);
    assert.deepEqual(toSource([], { start: 2, end: 4 }), { start: 2, end: 4 });
  });
});
