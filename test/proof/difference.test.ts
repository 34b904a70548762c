import { strict as assert } from 'node:assert/strict';
import { assertDifference } from './difference.ts';

describe('proof: declared differences', () => {
  it('accepts what was declared, in any order', () => {
    assertDifference('The schema', ['c', 'a'], ['a', 'b'], { added: ['c'], removed: ['b'] });
  });

  it('names the lines that are too many and those that are missing', () => {
    assert.throws(() => assertDifference('The schema', ['a', 'c'], ['a', 'b']), {
      message: 'The schema differs (+ found, - missing):\n+ c\n- b',
    });
  });

  it('rejects a declaration that declares nothing', () => {
    assert.throws(() => assertDifference('The schema', ['a'], ['a'], { removed: ['b'] }), /was never there: b/);
    assert.throws(() => assertDifference('The schema', ['a'], ['a'], { added: ['a'] }), /was there before: a/);
  });
});
