import assert from 'node:assert/strict';
import { applyAction, findingOf, goneFrom, newFile, quickFix, typeText } from './editor.ts';
import { restoreWorkspace } from './workspace.ts';

interface Typed {
  readonly title: string;
  /** Typed first, and broken off in an open bracket: the finding has to be there already. */
  readonly begin: string;
  /** The rest of the file. */
  readonly end: string;
  readonly rule: string;
  readonly underlined: string;
  readonly fix: RegExp;
  /** What the text holds after the fix. */
  readonly fixed: RegExp;
}

const head = 'from django.db import migrations, models\n\n\n';
const migration = `class Migration(migrations.Migration):
    dependencies = [("newsletter", "0004_subscriber_source")]

    operations = [
`;

const examples: readonly Typed[] = [
  {
    title: 'deleting all rows',
    begin: `${head}def reset_all_preferences(apps, schema_editor):
    Preferences = apps.get_model("newsletter", "Preferences")
    Preferences.objects.all().delete()


${migration}        migrations.RunPython(reset_all_preferences, `,
    end: 'migrations.RunPython.noop),\n    ]\n',
    rule: 'delete-all-rows',
    underlined: 'Preferences.objects.all().delete()',
    fix: /^Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set$/,
    fixed: /os\.environ/,
  },
  {
    title: 'RunPython without reverse_code',
    begin: `${head}def greet(apps, schema_editor):
    print("Hello")


${migration}        migrations.RunPython(greet)`,
    end: ',\n    ]\n',
    rule: 'irreversible-run-python',
    underlined: 'migrations.RunPython',
    fix: /noop/,
    fixed: /migrations\.RunPython\(greet, reverse_code=migrations\.RunPython\.noop\)/,
  },
  {
    title: 'dropping a table and creating it again',
    begin: `${head}${migration}        migrations.DeleteModel(name="ImportRow"),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("email", models.CharField(max_length=320)),
                ("imported_at", models.DateTimeField(null=True)),
            ]`,
    end: ',\n        ),\n    ]\n',
    rule: 'drop-and-recreate-table',
    underlined: '"ImportRow"',
    fix: /^Change the table instead$/,
    fixed: /migrations\.AlterField\(/,
  },
];

describe('while a migration is typed', () => {
  afterEach(restoreWorkspace);

  for (const { title, begin, end, rule, underlined, fix, fixed } of examples) {
    it(`underlines ${title} before the list is closed, and fixes it`, async () => {
      const { document } = await newFile(`newsletter/migrations/0005_typed_${rule.replaceAll('-', '_')}.py`);
      await typeText(begin);
      await findingOf(document, rule);
      await typeText(end);
      const finding = await findingOf(document, rule);
      assert.equal(finding.underlined, underlined);

      await applyAction(await quickFix(document, finding, fix));
      await goneFrom(document, rule);
      assert.match(document.getText(), fixed);
    });
  }
});
