import type { ModelRef } from './model-ref.ts';

/**
 * The tables of Django's own apps, whose migrations are in no project. Their primary keys are `AutoField`s, except
 * where said otherwise.
 */
const tables: Readonly<Record<string, string>> = {
  'admin.logentry': 'django_admin_log',
  'auth.group': 'auth_group',
  'auth.permission': 'auth_permission',
  'auth.user': 'auth_user',
  'contenttypes.contenttype': 'django_content_type',
  'flatpages.flatpage': 'django_flatpage',
  'redirects.redirect': 'django_redirect',
  'sessions.session': 'django_session',
  'sites.site': 'django_site',
};

export function contribTableOf(ref: ModelRef): string | undefined {
  return tables[`${ref.app}.${ref.name}`];
}

/** The class of the `id` of a model of Django's own apps; `undefined` for other models and for keys that are no id. */
export function contribKeyOf(ref: ModelRef): string | undefined {
  const label = `${ref.app}.${ref.name}`;
  return label in tables && label !== 'sessions.session' ? 'AutoField' : undefined;
}
