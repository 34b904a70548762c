import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const withComment = (comment: string) =>
  ({
    project: shopProject({
      created: '("title", models.CharField(max_length=200)),',
      model: `
        title = models.CharField(max_length=200)
        note = models.TextField(null=True)
      `,
      operations: `
        ${comment}
        migrations.AddField(model_name="product", name="note", field=models.TextField(null=True)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
  }) as const;

describe('proof: unused-suppression', () => {
  provesFix({
    ...withComment('# stepwise: ignore[drop-column] nobody uses it'),
    name: 'the comment goes, the migration stays as it is',
    rule: 'unused-suppression',
    steps: [{ fix: 'Remove the comment', losesComment: '# stepwise: ignore[drop-column] nobody uses it' }],
  });
});

describe('proof: unknown-suppression', () => {
  provesFix({
    ...withComment('# stepwise: ignore[drop-colunm] nobody uses it'),
    name: 'the comment gets the name that was meant',
    rule: 'unknown-suppression',
    steps: [
      {
        fix: 'Change drop-colunm to drop-column',
        losesComment: '# stepwise: ignore[drop-colunm] nobody uses it',
        brings: ['unused-suppression'],
      },
    ],
  });
});
