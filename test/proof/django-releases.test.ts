import { strict as assert } from 'node:assert/strict';
import { mainRelease, runnableReleases } from './django-releases.ts';
import { useLaboratory } from './laboratory.ts';

const releases = await runnableReleases();

describe('proof: releases of Django', () => {
  it('are several, the one that everything runs on among them', () => {
    assert.ok(releases.length > 1);
    assert.ok(releases.some(({ series }) => series === mainRelease.series));
  });

  for (const release of releases) {
    it(`${release.series}: is what its Python runs`, async () => {
      const { driver, createDatabase } = await useLaboratory(release);
      const database = await createDatabase();
      assert.deepEqual(await driver.run({ database }, [{ do: 'version' }]), [release.version]);
    });
  }
});
