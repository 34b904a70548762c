import assert from 'node:assert/strict';
import { counted, describedCounts } from '../../client/src/common/level-counts.ts';

describe('counts for people', () => {
  it('go from the worst down and leave out what is not there', () => {
    assert.equal(describedCounts({ critical: 2, high: 0, medium: 1, low: 30 }), '2 critical, 1 medium, 30 low');
    assert.equal(describedCounts({ critical: 0, high: 0, medium: 0, low: 0 }), '');
  });

  it('agree with their noun', () => {
    assert.equal(counted(1, 'migration'), '1 migration');
    assert.equal(counted(0, 'migration'), '0 migrations');
    assert.equal(counted(14, 'file'), '14 files');
  });
});
