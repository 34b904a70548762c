import { named, own, type Repository, type Rule } from './rule.ts';

/**
 * `# stepwise: ignore[rule, …] reason` and `# stepwise: ignore-file[…]`, in the form that
 * server/src/engine/suppression-comment.ts reads; what is not read stays an ordinary comment.
 */
export const suppressionComment: Rule = {
  name: 'comment.line.number-sign.python',
  match: '(#)\\s*(stepwise:)\\s*(ignore(?:-file)?)\\s*(\\[)([^\\]\\n]*[^\\]\\s,][^\\]\\n]*)(\\]).*$',
  captures: {
    ...named(
      'punctuation.definition.comment.python',
      'keyword.control.directive.stepwise',
      'keyword.control.directive.stepwise',
      'punctuation.section.brackets.begin.stepwise',
    ),
    5: { patterns: [own('rule-name')] },
    6: { name: 'punctuation.section.brackets.end.stepwise' },
  },
};

export const ruleName: Repository = {
  'rule-name': { name: 'entity.name.tag.stepwise', match: '[^\\s,]+' },
};
