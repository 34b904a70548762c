import { indented } from '../edits/rewritten.ts';

/** An operation that changes only the state, only the database, or each in its own way; in column 0. */
export function separated(
  parts: { readonly database?: readonly string[]; readonly state?: readonly string[] },
  migrations: string,
): string {
  const lists = [
    ...(parts.database === undefined ? [] : [listArgument('database_operations', parts.database)]),
    ...(parts.state === undefined ? [] : [listArgument('state_operations', parts.state)]),
  ];
  return [`${migrations}.SeparateDatabaseAndState(`, ...lists, ')'].join('\n');
}

function listArgument(name: string, operations: readonly string[]): string {
  const items = operations.map((operation) => `        ${indented(operation, '        ')},`);
  return [`    ${name}=[`, ...items, '    ],'].join('\n');
}
