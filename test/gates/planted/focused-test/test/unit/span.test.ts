import assert from 'node:assert/strict';
import { lengthOf } from '../../server/src/base/span.ts';

describe('a span', () => {
  it.only('has a length', () => assert.equal(lengthOf({ start: 1, end: 3 }), 2));
});
