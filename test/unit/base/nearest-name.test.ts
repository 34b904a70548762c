import assert from 'node:assert/strict';
import { nearestName } from '../../../server/src/base/nearest-name.ts';

const rules = ['blocking-index', 'drop-column', 'drop-table', 'set-not-null'];

function checkNearest(name: string, expected: string | undefined): void {
  assert.equal(nearestName(name, rules), expected, name);
}

describe('nearestName', () => {
  it('finds a name with a letter missing, added, replaced or swapped', () => {
    checkNearest('blocking-indx', 'blocking-index');
    checkNearest('blocking-indexx', 'blocking-index');
    checkNearest('drop-colunm', 'drop-column');
    checkNearest('drop_table', 'drop-table');
  });

  it('ignores case', () => checkNearest('DROP-TABLE', 'drop-table'));

  it('prefers the closest of several', () => checkNearest('drop-tabel', 'drop-table'));

  it('does not guess when nothing is close', () => {
    checkNearest('spelling', undefined);
    checkNearest('', undefined);
  });
});
