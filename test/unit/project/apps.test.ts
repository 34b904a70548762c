import assert from 'node:assert/strict';
import type { App } from '../../../server/src/project/apps.ts';
import { findApps, isLoadable } from '../../../server/src/project/apps.ts';
import type { PythonParser } from '../../../server/src/syntax/parser.ts';
import { readFiles } from '../../support/memory-files.ts';
import { pythonParser } from '../../support/python.ts';

let parser: PythonParser;
before(async () => {
  parser = await pythonParser();
});

function appsIn(files: string, migrationModules: readonly [string, string | undefined][] = []): readonly App[] {
  const texts = readFiles(files);
  return findApps({
    root: '',
    files: [...texts.keys()],
    migrationModules: new Map(migrationModules),
    text: (file) => texts.get(file),
    module: (file) => parser.read(texts.get(file) ?? ''),
  });
}

/** Each app as `label: folder`. */
function checkApps(files: string, expected: readonly string[], moved: readonly [string, string | undefined][] = []) {
  const found = appsIn(files, moved).map(({ label, folder }) => `${label}: ${folder}`);
  assert.deepEqual(found, expected);
}

describe('apps', () => {
  it('are called like their folder', () => {
    checkApps('# file: shop/migrations/0001_initial.py\n# file: apps/blog/migrations/0001_initial.py\n', [
      'blog: apps/blog/migrations',
      'shop: shop/migrations',
    ]);
  });

  it('have a label of their own where their apps.py says so', () => {
    checkApps(
      `
      # file: shop/migrations/0001_initial.py
      # file: shop/apps.py
      from django.apps import AppConfig

      class ShopConfig(AppConfig):
          name = "company.shop"
          label = "webshop"
      `,
      ['webshop: shop/migrations'],
    );
  });

  it('have the last part of their name as a label', () => {
    const files = `
      # file: src/migrations/0001_initial.py
      # file: src/apps.py
      class ShopConfig(apps.AppConfig):
          name = "shop"
      `;
    checkApps(files, ['shop: src/migrations']);
    checkApps(files.replace('"shop"', '"company.src"'), ['src: src/migrations']);
  });

  it('can be configured from elsewhere', () => {
    checkApps(
      `
      # file: company/orders/migrations/0001_initial.py
      # file: company/core/migrations/0001_initial.py
      # file: company/core/apps.py
      class OrdersConfig(AppConfig):
          name = "company.orders"
          label = "sales"
      `,
      ['core: company/core/migrations', 'sales: company/orders/migrations'],
    );
  });

  it('take the default one of several configurations', () => {
    const files = (first: string, second: string): string => `
      # file: shop/migrations/0001_initial.py
      # file: shop/apps.py
      class Plain(AppConfig):
          label = "plain"
          ${first}

      class Special(AppConfig):
          label = "special"
          ${second}

      class Helper:
          label = "helper"
      `;
    checkApps(files('pass', 'default = True'), ['special: shop/migrations']);
    checkApps(files('default = False', 'pass'), ['special: shop/migrations']);
    checkApps(files('pass', 'pass'), ['plain: shop/migrations']);
  });

  it('say what the id of their models is', () => {
    const [shop] = appsIn(`
      # file: shop/migrations/0001_initial.py
      # file: shop/apps.py
      class ShopConfig(AppConfig):
          default_auto_field = "django.db.models.BigAutoField"
      `);
    assert.equal(shop?.defaultAutoField, 'django.db.models.BigAutoField');
  });

  it('can keep their migrations elsewhere, or switch them off', () => {
    checkApps(
      `
      # file: blog/migrations/0001_initial.py
      # file: db/blog_migrations/0001_initial.py
      # file: legacy/migrations/0001_initial.py
      # file: shop/migrations/0001_initial.py
      `,
      ['blog: db/blog_migrations', 'shop: shop/migrations'],
      [
        ['blog', 'db.blog_migrations'],
        ['legacy', undefined],
      ],
    );
  });

  it('have no migrations in packages, helpers and nested folders', () => {
    const [shop] = appsIn(`
      # file: shop/migrations/__init__.py
      # file: shop/migrations/_helpers.py
      # file: shop/migrations/~0002_backup.py
      # file: shop/migrations/tasks/saleor.py
      # file: shop/migrations/0001_initial.py
      # file: shop/migrations/utils.py
      `);
    assert.deepEqual(shop?.files, ['shop/migrations/0001_initial.py', 'shop/migrations/utils.py']);
    assert.equal(isLoadable('shop/migrations/0001.initial.py'), false);
  });
});
