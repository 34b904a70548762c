import assert from 'node:assert/strict';
import { defaultProjectSettings } from '../../../server/src/config/project-settings.ts';
import { readPyproject } from '../../../server/src/config/read-pyproject.ts';

const rules = ['blocking-index', 'drop-column', 'rename-column'];

function read(text: string) {
  return readPyproject(text, 'pyproject.toml', rules);
}

/** The settings of a text without problems. */
function settingsOf(text: string) {
  const reading = read(text);
  assert.deepEqual(reading?.problems, []);
  return reading?.settings;
}

/** Checks the problems, each written as `underlined text ~ message`, and gives what still applies. */
function checkProblems(text: string, ...expected: readonly string[]) {
  const reading = read(text);
  const found = reading?.problems.map(({ span, message }) => `${text.slice(span.start, span.end)} ~ ${message}`);
  assert.deepEqual(found, expected);
  return reading?.settings;
}

describe('pyproject.toml', () => {
  it('says nothing when it does not configure Stepwise', () => {
    assert.equal(read('[project]\nname = "shop"\n'), undefined);
    assert.equal(read('[project]\nname = "stepwise-demo"\n[tool.black]\nline-length = 100\n'), undefined);
  });

  it('is read whole', () => {
    const settings = settingsOf(
      [
        '[tool.stepwise]',
        'database = "mysql"',
        'database-version = "8.4.3"',
        'django-version = "5"',
        'deploys = "stopped"',
        'rules = { rename-column = "high", drop-column = "off" }',
        'ignore = [\'legacy/**\', "*/0001_*.py"]',
      ].join('\n'),
    );
    assert.deepEqual(settings, {
      database: 'mysql',
      databaseVersion: [8, 4],
      django: [5, 0],
      deploys: 'stopped',
      rules: new Map([
        ['rename-column', 'high'],
        ['drop-column', 'off'],
      ]),
      ignore: ['legacy/**', '*/0001_*.py'],
    });
  });

  it('keeps the defaults of what is not said', () => {
    assert.deepEqual(settingsOf('[tool.stepwise]\n'), defaultProjectSettings);
  });

  it('reads all ways to write a table', () => {
    const expected = { ...defaultProjectSettings, deploys: 'stopped', rules: new Map([['drop-column', 'off']]) };
    assert.deepEqual(
      settingsOf('tool.stepwise.deploys = "stopped"\ntool.stepwise.rules.drop-column = "off"\n'),
      expected,
    );
    assert.deepEqual(
      settingsOf('[tool.stepwise.rules]\ndrop-column = "off"\n[tool.stepwise]\ndeploys="stopped"\n'),
      expected,
    );
    assert.deepEqual(
      settingsOf('[tool]\nstepwise = {deploys = "stopped", rules = {"drop-column" = "off"}}\n'),
      expected,
    );
    assert.deepEqual(
      settingsOf(
        '[[tool.mypy.overrides]]\nmodule = "a"\n[tool.stepwise]\nrules.drop-column = "off"\ndeploys = "stopped"',
      ),
      expected,
    );
  });

  it('names the option that was probably meant', () => {
    const settings = checkProblems(
      '[tool.stepwise]\ndatabse = "postgresql"\nfrobnicate = 1\ndeploys = "stopped"\n',
      'databse ~ tool.stepwise.databse: there is no such option. Did you mean database?',
      'frobnicate ~ tool.stepwise.frobnicate: there is no such option.',
    );
    assert.equal(settings?.deploys, 'stopped');
  });

  it('names the rule that was probably meant, and keeps the other levels', () => {
    const settings = checkProblems(
      '[tool.stepwise.rules]\nblocking-indx = "off"\nrename-column = "hihg"\ndrop-column = 3\n',
      'blocking-indx ~ tool.stepwise.rules.blocking-indx: there is no such rule. Did you mean blocking-index?',
      '"hihg" ~ tool.stepwise.rules.rename-column: expected one of "critical", "high", "medium", "low", "off". Did you mean high?',
      '3 ~ tool.stepwise.rules.drop-column: expected one of "critical", "high", "medium", "low", "off".',
    );
    assert.deepEqual(settings?.rules, new Map());
    const others = read('[tool.stepwise.rules]\nno-such = "off"\ndrop-column = "low"\n')?.settings.rules;
    assert.deepEqual(others, new Map([['drop-column', 'low']]));
  });

  it('rejects what has the wrong type', () => {
    const settings = checkProblems(
      [
        '[tool.stepwise]',
        'database = "postgres"',
        'database-version = 16',
        'django-version = "five"',
        'deploys = true',
        'rules = ["drop-column"]',
        'ignore = ["a", 7]',
      ].join('\n'),
      '"postgres" ~ tool.stepwise.database: expected one of "postgresql", "mysql", "mariadb", "sqlite", "oracle". Did you mean postgresql?',
      '16 ~ tool.stepwise.database-version: expected a version in quotes, like "5.2".',
      '"five" ~ tool.stepwise.django-version: expected a version in quotes, like "5.2".',
      'true ~ tool.stepwise.deploys: expected one of "rolling", "stopped".',
      '["drop-column"] ~ tool.stepwise.rules: expected a table of rules and their levels, like { rename-column = "off" }.',
      '7 ~ tool.stepwise.ignore: expected a pattern in quotes.',
    );
    assert.deepEqual(settings, { ...defaultProjectSettings, ignore: ['a'] });
  });

  it('wants a list of patterns and a table of options', () => {
    checkProblems(
      '[tool.stepwise]\nignore = "legacy"\n',
      '"legacy" ~ tool.stepwise.ignore: expected a list of patterns, like ["legacy/**"].',
    );
    checkProblems('[tool]\nstepwise = "yes"\n', 'stepwise ~ tool.stepwise: expected a table.');
    checkProblems('[[tool.stepwise]]\ndatabase = "mysql"\n', 'stepwise ~ tool.stepwise: expected a table.');
  });

  it('tells of broken TOML once, where it breaks', () => {
    const settings = checkProblems(
      '[tool.stepwise]\nname = "é😀"\ndatabase = = "mysql"\n',
      '= "mysql" ~ This file is not valid TOML, so its tool.stepwise does not apply: Unexpected token.',
    );
    assert.deepEqual(settings, defaultProjectSettings);
    checkProblems(
      '[tool.stepwise',
      '[tool.stepwise ~ This file is not valid TOML, so its tool.stepwise does not apply: the header [tool.stepwise is not closed, ] is missing.',
    );
    checkProblems(
      '[project]\nname = "x"\n  [[tool.stepwise  \ndatabase = "mysql"\n',
      '[[tool.stepwise ~ This file is not valid TOML, so its tool.stepwise does not apply: the header [[tool.stepwise is not closed, ]] is missing.',
    );
    checkProblems(
      '[tool.stepwise]\nignore = [\n  "a",\n  "b\n]\n',
      '  "b ~ This file is not valid TOML, so its tool.stepwise does not apply: a text is not closed, its quote is missing.',
    );
    checkProblems(
      '[tool.stepwise]\nignore = [\n  "a"\ndatabase = "mysql"\n',
      'database = "mysql" ~ This file is not valid TOML, so its tool.stepwise does not apply: a value, a comma or a closing bracket is missing here.',
    );
    checkProblems(
      '[tool.stepwise]\ndatabase = "mysql"\ndatabase = "sqlite"\n',
      'database = "sqlite" ~ This file is not valid TOML, so its tool.stepwise does not apply: Defining a key multiple times is invalid.',
    );
  });

  it('leaves broken TOML without our table to others', () => {
    assert.equal(read('# not for stepwise\nname = = 1\n'), undefined);
  });
});
