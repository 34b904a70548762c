import type { FrameworkRelease } from './framework-release.ts';

/** Adds what every Django project has, where it is not among the files. */
export function completeDjangoProject(
  files: ReadonlyMap<string, string>,
  { version }: FrameworkRelease,
): ReadonlyMap<string, string> {
  const apps = appsIn([...files.keys()]);
  const packages = apps.flatMap((app) => [app, `${app}/migrations`]);
  return new Map([
    ['manage.py', MANAGE],
    ['requirements.txt', `Django==${version}\npsycopg[binary]==3.3.9\n`],
    ['config/__init__.py', ''],
    ['config/settings.py', settings([...apps, ...contribApps(files)], userModel(files))],
    ...packages.map((one) => [`${one}/__init__.py`, ''] as const),
    ...files,
  ]);
}

function appsIn(paths: readonly string[]): readonly string[] {
  const folders = paths.flatMap((path) => /^(.+)\/(?:models\.py$|migrations\/)/.exec(path)?.[1] ?? []);
  return [...new Set(folders)];
}

const MANAGE = `import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
execute_from_command_line(sys.argv)
`;

/** Django's own apps that the migrations name, with those that they need. */
function contribApps(files: ReadonlyMap<string, string>): readonly string[] {
  const namesAuth = [...files.values()].some((text) => /["']auth["']/.test(text));
  return namesAuth ? ['django.contrib.contenttypes', 'django.contrib.auth'] : [];
}

/** What another settings module of the project says: examples show no more of it. */
function userModel(files: ReadonlyMap<string, string>): string | undefined {
  return [...files.values()].flatMap((text) => /^AUTH_USER_MODEL = "([\w.]+)"$/m.exec(text)?.[1] ?? [])[0];
}

function settings(apps: readonly string[], user: string | undefined): string {
  return `SECRET_KEY = "proof"
INSTALLED_APPS = [${apps.map((app) => `"${app.replaceAll('/', '.')}"`).join(', ')}]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "proof"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
${user === undefined ? '' : `AUTH_USER_MODEL = "${user}"\n`}`;
}
