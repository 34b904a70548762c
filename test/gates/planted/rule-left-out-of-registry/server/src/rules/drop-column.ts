import type { Rule } from './rule.ts';

export const dropColumn: Rule = {
  name: 'drop-column',
};
