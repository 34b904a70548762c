import assert from 'node:assert/strict';
import { detectDjangoVersion, namesPackages } from '../../../server/src/project/detect-django-version.ts';
import { readFiles } from '../../support/memory-files.ts';

function checkVersion(files: string, expected: string | undefined): void {
  const texts = readFiles(files);
  const named = [...texts.keys()].filter(namesPackages);
  assert.equal(detectDjangoVersion(named, (file) => texts.get(file))?.join('.'), expected);
}

/** A requirement, alone in a requirements.txt. */
function checkRequirement(requirement: string, expected: string | undefined): void {
  checkVersion(`# file: requirements.txt\ncelery==5.2\n${requirement}\ngunicorn>=20\n`, expected);
}

describe('the version of Django', () => {
  it('is the one that a lock file pins', () => {
    checkVersion(
      `
      # file: requirements.txt
      Django==4.2.1
      # file: uv.lock
      version = 1

      [[package]]
      name = "django-filter"
      version = "26.1"

      [[package]]
      name = "django"
      version = "5.1.17"
      source = { registry = "…" }
      `,
      '5.1',
    );
    checkVersion('# file: poetry.lock\n[[package]]\nname = "Django"\nversion = "4.2.9"\n', '4.2');
    checkVersion('# file: pdm.lock\n[[package]]\nname = "django"\nversion = "5.0"\n', '5.0');
    checkVersion(
      '# file: Pipfile.lock\n{"default": {"django": {"hashes": ["sha256:x"], "version": "==3.2.25"}}}\n',
      '3.2',
    );
  });

  it('is the newest of those that a lock file holds for different Pythons', () => {
    checkVersion('# file: uv.lock\nname = "django"\nversion = "6.0.8"\n\nname = "django"\nversion = "5.2.17"\n', '6.0');
  });

  it('is the one that a requirement pins', () => {
    checkRequirement('Django==6.1.2', '6.1');
    checkRequirement('django[argon2] == 5.1.3 ; python_version >= "3.10"  # why', '5.1');
    checkRequirement('django===4.2', '4.2');
    checkRequirement('Django==4.2.11 \\\n    --hash=sha256:00', '4.2');
    checkVersion('# file: requirements/base.txt\ndjango==4.1\n', '4.1');
    checkVersion('# file: dev-requirements.in\ndjango==4.0.1\n', '4.0');
  });

  it('is the newest that a range allows', () => {
    checkRequirement('Django>=4.2,<5', '4.2');
    checkRequirement('Django >= 4.2, < 5.2', '5.1');
    checkRequirement('Django>=3.2', '6.1');
    checkRequirement('Django<5.1.3', '5.1');
    checkRequirement('Django<=5.0', '5.0');
    checkRequirement('Django~=4.1', '4.2');
    checkRequirement('Django~=4.1.0', '4.1');
    checkRequirement('Django==4.*', '4.2');
    checkRequirement('Django==5.1.*', '5.1');
    checkRequirement('Django>=4.2,!=5.2.*,<6', '5.1');
    checkRequirement('Django>=4.2,!=5.2.1,<6', '5.2');
    checkRequirement('Django>=7.3', '7.3');
  });

  it('is not told by other packages and by what is no version', () => {
    checkRequirement('django-filter==26.1', undefined);
    checkRequirement('django', undefined);
    checkRequirement('django @ https://example.org/django.zip', undefined);
    checkRequirement('# django==3.2', undefined);
    checkVersion('# file: notes.txt\ndjango==3.2\n', undefined);
  });

  it('is read from pyproject.toml in all its dialects', () => {
    checkVersion(
      '# file: pyproject.toml\ndependencies = [\n  "django[bcrypt]~=5.1.17",\n  "django-filter~=26.1",\n]\n',
      '5.1',
    );
    checkVersion("# file: pyproject.toml\ndependencies = ['Django (>=4.2,<5.0)']\n", '4.2');
    checkVersion('# file: pyproject.toml\n[tool.poetry.dependencies]\ndjango = "^4.1"\n', '4.2');
    checkVersion(
      '# file: pyproject.toml\n[tool.poetry.dependencies]\nDjango = {version = "~5.1", extras = ["argon2"]}\n',
      '5.1',
    );
    checkVersion(
      '# file: pyproject.toml\n[tool.uv.exclude-newer-package]\ndjango = "2026-08-04T15:05:00Z"\n',
      undefined,
    );
    checkVersion(
      '# file: pyproject.toml\nkeywords = ["django"]\nclassifiers = ["Framework :: Django :: 4.2"]\n',
      undefined,
    );
    checkVersion('# file: pyproject.toml\n  # "django==3.2",\n', undefined);
    checkVersion('# file: Pipfile\n[packages]\ndjango = "~=4.1.0"\n', '4.1');
    checkVersion('# file: Pipfile\n[packages]\ndjango = "*"\n', undefined);
  });

  it('is read from setup.cfg and setup.py', () => {
    checkVersion('# file: setup.cfg\n[options]\ninstall_requires =\n    Django >= 4.0, < 4.2\n', '4.1');
    checkVersion('# file: setup.py\nsetup(install_requires=["requests", "Django>=4.0,<5"])\n', '4.2');
  });
});
