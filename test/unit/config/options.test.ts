import assert from 'node:assert/strict';
import { levels } from '../../../server/src/base/level.ts';
import { defaultEditorSettings, readEditorSettings } from '../../../server/src/config/editor-settings.ts';
import { editorOptions, levelChoices, pyprojectOptions } from '../../../server/src/config/options.ts';
import { readPyproject } from '../../../server/src/config/read-pyproject.ts';

describe('options', () => {
  it('have one home each', () => {
    const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');
    const names = [...pyprojectOptions, ...editorOptions].map(({ name }) => plain(name));
    assert.equal(new Set(names).size, names.length);
  });

  it('list the levels worst first', () => {
    assert.deepEqual(
      levelChoices.map(({ value }) => value),
      levels,
    );
  });

  it('of a project are shown by an example that works', () => {
    for (const { name, example } of pyprojectOptions) {
      const reading = readPyproject(`[tool.stepwise]\n${example}\n`, 'pyproject.toml', [
        'rename-column',
        'opaque-operation',
      ]);
      assert.deepEqual(reading?.problems, [], name);
      assert.ok(example.startsWith(`${name} = `), name);
    }
  });

  it('of the editor have the defaults that hold', () => {
    const written = Object.fromEntries(editorOptions.map((option) => [option.name, option.default]));
    assert.deepEqual(readEditorSettings(written), { settings: defaultEditorSettings, problems: [] });
  });

  it('of the editor are read from whatever a client sends', () => {
    assert.deepEqual(readEditorSettings(undefined), { settings: defaultEditorSettings, problems: [] });
    assert.deepEqual(readEditorSettings({ enable: false, minimumLevel: 'medium', other: 1 }), {
      settings: { enable: false, minimumLevel: 'medium' },
      problems: [],
    });
    assert.deepEqual(readEditorSettings({ enable: 'no', minimumLevel: 'warning' }), {
      settings: defaultEditorSettings,
      problems: [
        'stepwise.enable: expected true or false.',
        'stepwise.minimumLevel: expected one of "critical", "high", "medium", "low".',
      ],
    });
  });
});
