/**
 * Everything that can be set, in one table. Decisions of a project stand in its pyproject.toml, tastes of a person in
 * the editor; no option is in both. The manifest of the extension and the tables in the docs are made from here.
 */
export interface Option {
  /** The key below `[tool.stepwise]`, or the editor's setting without its prefix `stepwise.`. */
  readonly name: string;
  readonly where: 'pyproject' | 'editor';
  readonly type: OptionType;
  /** What holds when it is not set; `undefined` where that is found out and `docs` says how. */
  readonly default: string | boolean | undefined;
  /** Markdown. */
  readonly docs: string;
  /** As it would be written, value and all. */
  readonly example: string;
}

export type OptionType =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | { readonly kind: 'version' }
  | { readonly kind: 'patterns' }
  | { readonly kind: 'rule-levels' };

export interface Choice {
  readonly value: string;
  readonly docs: string;
}

export const databaseChoices = [
  { value: 'postgresql', docs: 'PostgreSQL, PostGIS included.' },
  { value: 'mysql', docs: 'MySQL.' },
  { value: 'mariadb', docs: 'MariaDB.' },
  { value: 'sqlite', docs: 'SQLite.' },
  { value: 'oracle', docs: 'Oracle.' },
] as const;

export const deployChoices = [
  { value: 'rolling', docs: 'The old release serves while the migrations run.' },
  { value: 'stopped', docs: 'The application is stopped to migrate.' },
] as const;

export const levelChoices = [
  { value: 'critical', docs: 'Rows or tables are lost, or the migration fails.' },
  { value: 'high', docs: 'A column is lost, a live table is blocked, or there is no way back.' },
  { value: 'medium', docs: 'The running release breaks while a deploy lasts.' },
  { value: 'low', docs: 'Habits.' },
] as const;

export const ruleLevelChoices = [...levelChoices, { value: 'off', docs: 'The rule is not checked.' }] as const;

export const pyprojectOptions = [
  {
    name: 'database',
    where: 'pyproject',
    type: { kind: 'choice', choices: databaseChoices },
    default: undefined,
    docs: 'The database that the migrations run on. Without it the settings modules decide: one that names PostgreSQL wins over others; where none names a database it is PostgreSQL.',
    example: 'database = "postgresql"',
  },
  {
    name: 'database-version',
    where: 'pyproject',
    type: { kind: 'version' },
    default: undefined,
    docs: 'Its version: what is free in one version rewrites a table in another. Without it, the newest that Stepwise knows.',
    example: 'database-version = "16"',
  },
  {
    name: 'django-version',
    where: 'pyproject',
    type: { kind: 'version' },
    default: undefined,
    docs: 'The version of Django. Without it the lock files decide, then the requirements; where they say nothing it is the newest that Stepwise knows.',
    example: 'django-version = "5.2"',
  },
  {
    name: 'deploys',
    where: 'pyproject',
    type: { kind: 'choice', choices: deployChoices },
    default: 'rolling',
    docs: 'How a release is put into service. With `"stopped"` no old code meets the new schema: fixes write all their steps at once, and rules about the running release are low.',
    example: 'deploys = "rolling"',
  },
  {
    name: 'rules',
    where: 'pyproject',
    type: { kind: 'rule-levels' },
    default: undefined,
    docs: 'The level of a rule, or `"off"`. Rules that are not named keep their own level.',
    example: 'rules = { rename-column = "high", opaque-operation = "off" }',
  },
  {
    name: 'ignore',
    where: 'pyproject',
    type: { kind: 'patterns' },
    default: undefined,
    docs: 'Files that are not reported, relative to the pyproject.toml: `*` within a folder, `**` over folders, a name without `/` anywhere. They are still read, because later migrations build on them.',
    example: 'ignore = ["legacy/**", "*/migrations/0001_*.py"]',
  },
] as const satisfies readonly Option[];

export const editorOptions = [
  {
    name: 'enable',
    where: 'editor',
    type: { kind: 'boolean' },
    default: true,
    docs: 'Check migrations.',
    example: '"stepwise.enable": true',
  },
  {
    name: 'minimumLevel',
    where: 'editor',
    type: { kind: 'choice', choices: levelChoices },
    default: 'low',
    docs: 'The mildest findings that are shown.',
    example: '"stepwise.minimumLevel": "medium"',
  },
  {
    name: 'trace.server',
    where: 'editor',
    type: {
      kind: 'choice',
      choices: [
        { value: 'messages', docs: 'Which messages are sent.' },
        { value: 'verbose', docs: 'Messages with their content.' },
      ],
    },
    default: 'messages',
    docs: 'What the log shows, at the log level Trace, of the conversation between the editor and the language server.',
    example: '"stepwise.trace.server": "verbose"',
  },
] as const satisfies readonly Option[];

export type PyprojectOption = (typeof pyprojectOptions)[number];
