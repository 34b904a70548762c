import assert from 'node:assert/strict';
import type { FilePath } from '../../server/src/base/file-path.ts';
import { applyFixes } from '../../server/src/engine/apply-fixes.ts';
import type { CheckedWorkspace } from '../../server/src/engine/checked-workspace.ts';
import type { Fix } from '../../server/src/fixes/fix.ts';
import { readExampleFiles } from '../../server/src/rules/example-text.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { pythonParser } from '../support/python.ts';
import { applyFix, changedFiles, exampleProject, openTexts } from '../support/rule-examples.ts';
import { schemaText } from '../support/schema-text.ts';

type Texts = ReadonlyMap<FilePath, string>;

interface Offered {
  readonly rule: string;
  readonly message: string;
  readonly fix: Fix;
}

const examples = rules
  .flatMap((rule) => rule.examples.bad.map((example) => ({ name: `${rule.name}: ${example.title}`, example })))
  .map(({ name, example }) => ({ name, ...exampleProject(example) }));

const initial = `# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Customer", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey("shop.Customer", on_delete=models.CASCADE)),
                ("code", models.CharField(max_length=20, null=True)),
                ("total", models.IntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(name="Line", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Invoice", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
`;

const busy = [
  {
    name: 'rows, an index, a check and columns of four tables',
    text: `
from django.db import migrations, models

OPEN = "open"


def close(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.all():
        order.code = OPEN
        order.save()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        # What was sold.
        migrations.AddField("line", "note", models.TextField(null=True)),
        migrations.AddField("invoice", "note", models.TextField(null=True)),  # for the books
        migrations.RunPython(close),
        migrations.AddIndex("order", models.Index(fields=["code"], name="order_code_idx")),
        migrations.AddField("customer", "note", models.TextField(null=True)),
        migrations.AddConstraint("order", models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total")),
        migrations.AddField("order", "state", models.CharField(max_length=8, default=OPEN)),
    ]
`,
  },
  {
    name: 'several statements of SQL',
    text: `
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE shop_order SET code = 'none' WHERE code IS NULL;
            ALTER TABLE shop_order ADD COLUMN note text;
            CREATE INDEX order_total_idx ON shop_order (total);
            ALTER TABLE shop_order ADD CONSTRAINT order_total CHECK (total >= 0);
            ALTER TABLE shop_line ADD CONSTRAINT line_key UNIQUE (id);
            """
        ),
    ]
`,
  },
  {
    name: 'keys, columns and a table that go',
    text: `
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=20, null=True, unique=True)),
        migrations.RemoveField("order", "total"),
        migrations.DeleteModel("Invoice"),
        migrations.AddField("line", "order", models.ForeignKey("shop.Order", null=True, on_delete=models.CASCADE)),
    ]
`,
  },
].map(({ name, text }) => {
  const checked = 'shop/migrations/0002_busy.py';
  const files = readExampleFiles(`${initial}# file: ${checked}${text}`);
  return { name, checked, texts: new Map(files.map((file) => [file.path, file.text])) };
});

/** The preferred fix of each finding; those about timeouts aside, which have to be set wherever a lock is taken. */
function offeredIn(workspace: CheckedWorkspace, files: readonly FilePath[]): readonly Offered[] {
  return files.flatMap((file) =>
    workspace.check(file).flatMap(({ rule, message, fixes }) => {
      const [fix] = fixes();
      return fix === undefined || rule.name === 'missing-lock-timeout' ? [] : [{ rule: rule.name, message, fix }];
    }),
  );
}

/**
 * Where the second fix is no longer offered when the first has been applied, and the finding stays: what the first one writes
 * is in `SeparateDatabaseAndState`, or has a way back that cannot be taken apart.
 */
const onlyFirst: ReadonlyMap<string, string> = new Map([
  ['not-null-without-default', 'blocking-index'],
  ['overwrite-all-rows', 'work-under-exclusive-lock'],
  ['not-null-with-dropped-default', 'unique-with-shared-default'],
  ['blocking-index', 'not-null-with-dropped-default'],
]);

/** Applies one fix, and the other one as it is offered afterwards, wherever it is; undefined where nothing is left to mend. */
async function inOrder(texts: Texts, checked: FilePath, first: Offered, second: Offered): Promise<Texts | undefined> {
  const one = applyFix(texts, first.fix);
  const files = [...new Set([checked, ...changedFiles(texts, one).map(({ path }) => path)])].filter(isMigration);
  const workspace = await checkSound(texts, one);
  const isSecond = ({ rule, message }: Offered): boolean => rule === second.rule && message === second.message;
  const next = offeredIn(workspace, files).find(isSecond);
  if (next !== undefined) return applyFix(one, next.fix);
  if (onlyFirst.get(first.rule) === second.rule) return undefined;
  const left = files.flatMap((file) => workspace.check(file)).filter(({ message }) => message === second.message);
  assert.deepEqual(
    left.map(({ rule }) => rule.name),
    [],
    `${first.rule}: ${first.fix.title} keeps ${second.rule} from being mended`,
  );
  return undefined;
}

function isMigration(file: FilePath): boolean {
  return /\/migrations\/\w+\.py$/.test(file);
}

/** What was changed is Python, and one history. */
async function checkSound(before: Texts, after: Texts): Promise<CheckedWorkspace> {
  const parser = await pythonParser();
  const workspace = await openTexts(after, rules);
  for (const { path, text } of changedFiles(before, after)) assert.deepEqual(parser.read(text).broken, [], path);
  const tangled = ['multiple-leaves', 'unknown-parent', 'dependency-cycle', 'duplicate-migration'];
  const told = (each: CheckedWorkspace, texts: Texts): readonly string[] =>
    [...texts.keys()]
      .filter(isMigration)
      .flatMap((file) => each.check(file))
      .filter(({ rule }) => tangled.includes(rule.name))
      .map(({ message }) => message);
  const known = told(await openTexts(before, rules), before);
  assert.deepEqual(
    told(workspace, after).filter((message) => !known.includes(message)),
    [],
  );
  return workspace;
}

describe('two fixes of one file', function () {
  this.timeout(60_000);
  for (const { name, texts, checked } of [...examples, ...busy]) {
    it(`${name}: one after the other, in both orders, come to the same`, async () => {
      const offered = offeredIn(await openTexts(texts, rules), [checked]);
      for (const [index, one] of offered.entries()) {
        for (const other of offered.slice(index + 1)) {
          if (one.rule === other.rule) continue;
          const ends = [await inOrder(texts, checked, one, other), await inOrder(texts, checked, other, one)];
          const [first, second] = ends.filter((end) => end !== undefined);
          if (first === undefined || second === undefined) continue;
          const schemas = [await checkSound(texts, first), await checkSound(texts, second)].map(schemaText);
          assert.equal(schemas[1], schemas[0], `${one.rule}, ${other.rule}`);
        }
      }
    });
  }
});

describe('all fixes of one file', function () {
  this.timeout(60_000);
  for (const { name, texts, checked } of busy) {
    it(`${name}: applied together they come to what they come to one by one`, async () => {
      const together = await allTogether(texts, checked);
      const byHand = await oneByOne(texts, checked);
      assert.equal(schemaText(await checkSound(texts, together)), schemaText(await checkSound(texts, byHand)));
      assert(together.size > texts.size, 'there are new files');
    });
  }
});

async function oneByOne(texts: Texts, checked: FilePath): Promise<Texts> {
  let now = texts;
  for (let count = 0; count < 40; count++) {
    const [next] = offeredIn(await openTexts(now, rules), [checked]);
    if (next === undefined) return now;
    now = applyFix(now, next.fix);
  }
  return assert.fail('the fixes never end');
}

async function allTogether(texts: Texts, checked: FilePath): Promise<Texts> {
  const now = new Map(texts);
  const workspace = await openTexts(texts, rules);
  const outcome = applyFixes(
    {
      candidates: (file) =>
        workspace
          .check(file)
          .filter(({ rule }) => rule.name !== 'missing-lock-timeout')
          .map(({ rule, fixes, refusals }) => ({ rule: rule.name, file, fixes, refusals })),
      read(file) {
        const text = now.get(file);
        return text === undefined ? { kind: 'missing' } : { kind: 'text', text };
      },
      put(file, text) {
        now.set(file, text);
        workspace.workspace.openDocument(file, text);
      },
      hide(file) {
        now.delete(file);
        workspace.workspace.hideDocument(file);
      },
      takeBack: (file) => assert.fail(`${file} is taken back`),
    },
    [checked],
    (candidate) => candidate.fixes()[0],
  );
  assert.deepEqual(outcome.refused, []);
  return now;
}
