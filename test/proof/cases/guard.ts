/** The environment flag that destructive steps ask for. */
export const GUARD = {
  environment: { ALLOW_DESTRUCTIVE_MIGRATIONS: '1' },
  raises: 'ALLOW_DESTRUCTIVE_MIGRATIONS',
} as const;
