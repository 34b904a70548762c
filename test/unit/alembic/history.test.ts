import assert from 'node:assert/strict';
import { rules } from '../../../server/src/rules/registry.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { findingsIn, revisionText } from './check-revision.ts';

describe('the history of Alembic', () => {
  const texts = (...revisions: readonly (readonly [id: string, down: string | undefined])[]) =>
    new Map(revisions.map(([id, down]) => [`db/versions/${id}_x.py`, revisionText(id, down, 'pass')]));

  it('runs parents first, whatever the files are called', async () => {
    const { workspace } = await openTexts(texts(['cccc', undefined], ['aaaa', 'bbbb'], ['bbbb', 'cccc']), rules);
    assert.deepEqual(workspace.projectOf('db/versions/aaaa_x.py').order, ['cccc', 'bbbb', 'aaaa']);
  });

  it('tells several heads, once', async () => {
    assert.deepEqual(await findingsIn(texts(['aaaa', undefined], ['bbbb', 'aaaa'], ['cccc', 'aaaa'])), [
      'db/versions/cccc_x.py multiple-leaves: The history has 2 heads, bbbb and cccc: "alembic upgrade head" refuses to run.',
    ]);
  });

  it('hands out revisions as they are written', async () => {
    const { workspace } = await openTexts(texts(['aaaa', undefined], ['bbbb', 'aaaa']), rules);
    const project = workspace.projectOf('db/versions/bbbb_x.py');
    assert.deepEqual(
      project.revision('bbbb')?.downRevisions.map(({ id }) => id),
      ['aaaa'],
    );
    assert.equal(project.revision('gone'), undefined);
    assert.equal(project.source('bbbb'), undefined);
  });

  it('takes a head of each labelled branch for what is wanted', async () => {
    const labelled = (id: string, label: string) =>
      revisionText(id, 'aaaa', 'pass').replace('down_revision', `branch_labels = ("${label}",)\ndown_revision`);
    const all = new Map([
      ...texts(['aaaa', undefined], ['dddd', 'cccc']),
      ['db/versions/bbbb_x.py', labelled('bbbb', 'expand')],
      ['db/versions/cccc_x.py', labelled('cccc', 'contract')],
    ]);
    assert.deepEqual(await findingsIn(all), []);
  });

  it('tells a parent that is not there', async () => {
    assert.deepEqual(await findingsIn(texts(['aaaa', undefined], ['bbbb', 'gone'])), [
      'db/versions/bbbb_x.py unknown-parent: There is no revision gone: Alembic refuses to migrate.',
    ]);
  });

  it('tells revisions that wait for each other', async () => {
    const findings = await findingsIn(texts(['aaaa', 'bbbb'], ['bbbb', 'aaaa']));
    assert.equal(findings.length, 1);
    assert.match(findings[0] ?? '', /dependency-cycle: .* Alembic refuses to migrate\.$/);
  });

  it('sees both branches of a split, and the merge', async () => {
    const merge = revisionText('dddd', 'bbbb', 'op.drop_index("ix", "t")').replace('"bbbb"', '("bbbb", "cccc")');
    const all = new Map([
      ...texts(['aaaa', undefined], ['bbbb', 'aaaa']),
      ['db/versions/cccc_x.py', revisionText('cccc', 'aaaa', 'op.create_index("ix", "t", ["a"])')],
      ['db/versions/dddd_x.py', merge],
    ]);
    const { workspace } = await openTexts(all, rules);
    const project = workspace.projectOf('db/versions/aaaa_x.py');
    assert.deepEqual(project.graph.parentsOf('dddd'), ['bbbb', 'cccc']);
    assert.deepEqual(
      [...project.graph.groups.values()].flatMap(({ leaves }) => leaves),
      ['dddd'],
    );
  });
});

describe('the environments of Alembic', () => {
  async function rootsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const { workspace } = await openTexts(new Map(Object.entries(files)), rules);
    return workspace.projects.flatMap(({ files: all }) => [...all.keys()]);
  }

  const revision = revisionText('aaaa', undefined, 'pass');

  it('are found by alembic.ini, wherever it points', async () => {
    const ini =
      '[alembic]\nscript_location = %(here)s/db/scripts\nversion_locations = %(here)s/db/one %(here)s/db/two\n';
    assert.deepEqual(
      await rootsOf({
        'alembic.ini': ini,
        'db/one/a.py': revision,
        'db/two/b.py': revisionText('bbbb', 'aaaa', 'pass'),
      }),
      ['db/one/a.py', 'db/two/b.py'],
    );
  });

  it('are one where alembic.ini and env.py are about the same revisions', async () => {
    const ini = '[alembic]\nscript_location = %(here)s/db\n';
    assert.deepEqual(await rootsOf({ 'alembic.ini': ini, 'db/env.py': '', 'db/versions/a.py': revision }), [
      'db/versions/a.py',
    ]);
  });

  it('are found by pyproject.toml', async () => {
    const toml = '[tool.alembic]\nscript_location = "db/scripts"\n';
    assert.deepEqual(await rootsOf({ 'pyproject.toml': toml, 'db/scripts/versions/a.py': revision }), [
      'db/scripts/versions/a.py',
    ]);
  });

  it('are found by env.py, in nested folders, and by what stands in the files', async () => {
    assert.deepEqual(await rootsOf({ 'migrations/env.py': '', 'migrations/versions/2024/a.py': revision }), [
      'migrations/versions/2024/a.py',
    ]);
    assert.deepEqual(await rootsOf({ 'app/versions/a.py': revision, 'app/versions/helper.py': 'x = 1' }), [
      'app/versions/a.py',
    ]);
  });

  it('leave the migrations of Django alone', async () => {
    const django =
      'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = []\n    operations = []\n';
    assert.deepEqual(await rootsOf({ 'shop/migrations/0001_initial.py': django, 'versions/a.py': revision }), [
      'versions/a.py',
      'shop/migrations/0001_initial.py',
    ]);
  });
});
