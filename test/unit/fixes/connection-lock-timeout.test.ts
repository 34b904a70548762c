import assert from 'node:assert/strict';
import { missingLockTimeout } from '../../../server/src/rules/missing-lock-timeout.ts';
import { applyFix, openExample } from '../../support/rule-examples.ts';

const settings = 'config/settings.py';
const head = 'INSTALLED_APPS = ["shop"]\n';

/** What the fix makes of the settings; undefined where none is offered. */
async function fixed(databases: string): Promise<string | undefined> {
  const texts = new Map([
    [
      'shop/migrations/0001_initial.py',
      'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    pass\n',
    ],
    [settings, head + databases],
  ]);
  const [finding, ...others] = (await openExample(texts, missingLockTimeout)).check(settings);
  assert(finding !== undefined && others.length === 0, 'it is said once');
  const [fix] = finding.fixes();
  return fix && applyFix(texts, fix).get(settings)?.slice(head.length);
}

const postgresql = '"ENGINE": "django.db.backends.postgresql"';

describe('lock_timeout in the settings', () => {
  const written: readonly (readonly [string, string, string])[] = [
    [
      'no OPTIONS yet, an entry a line',
      `DATABASES = {\n    "default": {\n        ${postgresql},\n        "NAME": "shop",  # ours\n    }\n}\n`,
      `DATABASES = {\n    "default": {\n        ${postgresql},\n        "NAME": "shop",  # ours\n        "OPTIONS": {"options": "-c lock_timeout=5s"},\n    }\n}\n`,
    ],
    [
      'all on one line',
      `DATABASES = {"default": {${postgresql}}}\n`,
      `DATABASES = {"default": {${postgresql}, "OPTIONS": {"options": "-c lock_timeout=5s"}}}\n`,
    ],
    [
      'other options of the server, in single quotes',
      `DATABASES = {'default': {'ENGINE': 'django.contrib.gis.db.backends.postgis', 'OPTIONS': {'options': '-c search_path=shop'}}}\n`,
      `DATABASES = {'default': {'ENGINE': 'django.contrib.gis.db.backends.postgis', 'OPTIONS': {'options': '-c search_path=shop -c lock_timeout=5s'}}}\n`,
    ],
    [
      'empty OPTIONS, under a condition, with a type',
      `if True:\n    DATABASES = {"default": {${postgresql}, "OPTIONS": {}}}\n`,
      `if True:\n    DATABASES = {"default": {${postgresql}, "OPTIONS": {"options": "-c lock_timeout=5s"}}}\n`,
    ],
    [
      'a line elsewhere that only reads',
      `DATABASES = {"default": {${postgresql}}}\nNAME = DATABASES["default"]["ENGINE"]\n`,
      `DATABASES = {"default": {${postgresql}, "OPTIONS": {"options": "-c lock_timeout=5s"}}}\nNAME = DATABASES["default"]["ENGINE"]\n`,
    ],
  ];
  for (const [name, before, after] of written) {
    it(`is added: ${name}`, async () => assert.equal(await fixed(before), after));
  }

  const left: Readonly<Record<string, string>> = {
    'an environment decides': 'DATABASES = {"default": env.db()}\nX = "postgres://"\n',
    'a dictionary from elsewhere comes with it': `DATABASES = {"default": {${postgresql}, **SHARED}}\n`,
    'options from elsewhere come with them': `DATABASES = {"default": {${postgresql}, "OPTIONS": {**SHARED}}}\n`,
    'options that are computed': `DATABASES = {"default": {${postgresql}, "OPTIONS": {"options": f"-c search_path={PATH}"}}}\n`,
    'options that are concatenated': `DATABASES = {"default": {${postgresql}, "OPTIONS": {"options": "-c a=1 " "-c b=2"}}}\n`,
    'options set later': `DATABASES = {"default": {${postgresql}}}\nDATABASES["default"]["OPTIONS"] = {"sslmode": "require"}\n`,
    'set again': `DATABASES = {"default": {${postgresql}}}\nDATABASES = {"default": {${postgresql}, "NAME": "x"}}\n`,
  };
  for (const [name, text] of Object.entries(left)) {
    it(`is left alone: ${name}`, async () => assert.equal(await fixed(text), undefined));
  }
});
