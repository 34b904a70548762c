import type { Rule } from './rule.ts';

export const dropTable: Rule = {
  name: 'drop-table',
};
