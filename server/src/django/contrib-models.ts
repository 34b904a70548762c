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

/**
 * The last migrations of Django's own apps, Django 3.1 to 6.0, which is what makemigrations names, and the apps whose
 * migrations they depend on in turn.
 */
const histories: Readonly<Record<string, { readonly last: string; readonly after: readonly string[] }>> = {
  admin: { last: '0003_logentry_add_action_flag_choices', after: ['auth', 'contenttypes'] },
  auth: { last: '0012_alter_user_first_name_max_length', after: ['contenttypes'] },
  contenttypes: { last: '0002_remove_content_type_name', after: [] },
  flatpages: { last: '0001_initial', after: ['sites'] },
  redirects: { last: '0002_alter_redirect_new_path_help_text', after: ['sites'] },
  sessions: { last: '0001_initial', after: [] },
  sites: { last: '0002_alter_domain_unique', after: [] },
};

export function contribHistoryOf(app: string): (typeof histories)[string] | undefined {
  return histories[app];
}

export function contribTableOf(ref: ModelRef): string | undefined {
  return tables[`${ref.app}.${ref.name}`];
}

/** The class of the `id` of a model of Django's own apps; `undefined` for other models and for keys that are no id. */
export function contribKeyOf(ref: ModelRef): string | undefined {
  const label = `${ref.app}.${ref.name}`;
  return label in tables && label !== 'sessions.session' ? 'AutoField' : undefined;
}
