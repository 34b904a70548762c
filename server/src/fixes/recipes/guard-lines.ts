/** The environment variable that must be `1` for a destructive migration to run. */
export const destructiveFlag = 'ALLOW_DESTRUCTIVE_MIGRATIONS';

/** The statements of a guard, for the head of a function. */
export function guardLines(os: string, quote: '"' | "'"): readonly string[] {
  const q = quote;
  return [
    `if ${os}.environ.get(${q}${destructiveFlag}${q}) != ${q}1${q}:`,
    `    raise RuntimeError(${q}This migration destroys data. Set ${destructiveFlag}=1 to run it.${q})`,
  ];
}
