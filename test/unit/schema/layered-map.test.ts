import assert from 'node:assert/strict';
import { LayeredMap } from '../../../server/src/schema/layered-map.ts';

describe('LayeredMap', () => {
  it('says what a Map says, whatever is written and deleted', () => {
    let random = 7;
    const next = (below: number): number => {
      random = (random * 1103515245 + 12345) % 2147483648;
      return random % below;
    };
    const plain = new Map<number, number>();
    let layered = LayeredMap.over<number, number>(new Map());
    for (let step = 0; step < 3000; step++) {
      const key = next(150);
      if (next(3) === 0) {
        plain.delete(key);
        layered = layered.without(key);
      } else {
        plain.set(key, step);
        layered = layered.with(key, step);
      }
      assert.equal(layered.size, plain.size);
      assert.equal(layered.get(key), plain.get(key));
      assert.equal(layered.has(key), plain.has(key));
    }
    const sorted = (entries: Iterable<[number, number]>) => [...entries].sort((one, other) => one[0] - other[0]);
    assert.deepEqual(sorted(layered), sorted(plain));
    assert.equal([...layered.keys()].length, plain.size);
    assert.equal([...layered.values()].length, plain.size);
  });

  it('leaves the map that it was made from alone', () => {
    const one = LayeredMap.over(new Map([['a', 1]]));
    const other = one.with('b', 2).without('a');
    assert.deepEqual([...one], [['a', 1]]);
    assert.deepEqual([...other], [['b', 2]]);
  });
});
