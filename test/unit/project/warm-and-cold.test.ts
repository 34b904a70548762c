import assert from 'node:assert/strict';
import type { FilePath } from '../../../server/src/base/file-path.ts';
import { openWorkspace } from '../../../server/src/project/open-workspace.ts';
import type { Project } from '../../../server/src/project/project.ts';
import type { Workspace } from '../../../server/src/project/workspace.ts';
import type { PythonParser } from '../../../server/src/syntax/parser.ts';
import type { MemoryFiles } from '../../support/memory-files.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { pythonParser } from '../../support/python.ts';

function open(files: MemoryFiles, parser: PythonParser, mostRemembered: number): Workspace {
  return openWorkspace({
    root: '',
    files,
    parser,
    mostRemembered,
    sqlParser: () => undefined,
    decisionsIn: () => undefined,
  });
}

function migration(dependencies: string, body: string, imports = ''): string {
  const head = `from django.db import migrations, models\nfrom django.conf import settings\n${imports}`;
  return `${head}class Migration(migrations.Migration):\n    dependencies = [${dependencies}]\n    ${body}\n`;
}

const operations = (...calls: readonly string[]): string =>
  `operations = [${calls.map((each) => `migrations.${each}`).join(', ')}]`;
const order = 'CreateModel("Order", [("id", models.BigAutoField(primary_key=True))])';
const add = (name: string, field = 'models.IntegerField(null=True)'): string =>
  `AddField("order", "${name}", ${field})`;

/** What each file may say; `undefined` is that it is not there. The history is whole in some states only. */
const variants: Readonly<Record<FilePath, readonly (string | undefined)[]>> = {
  'shop/migrations/0001_initial.py': [
    migration('', operations(order)),
    migration(
      '',
      operations(order, 'CreateModel("Line", [("order", models.ForeignKey("shop.Order", models.CASCADE))])'),
    ),
  ],
  'shop/migrations/0002_total.py': [
    migration('("shop", "0001_initial")', operations(add('total'))),
    migration('("shop", "0001_initial")', `${operations(add('total'))}\n    # the same`),
    migration('("shop", "0001_initial")', operations(add('sum', 'models.CharField(max_length=9, default="x")'))),
    migration('("shop", "0001_initial"), ("blog", "0001_initial")', operations()),
    undefined,
  ],
  'shop/migrations/0003_weight.py': [
    migration('("shop", "0002_total")', operations(add('weight'))),
    migration('("shop", "0001_initial")', operations(add('weight'))),
    migration('("shop", "0002_total")', operations('AlterField("order", "total", models.BigIntegerField())')),
    undefined,
  ],
  'shop/migrations/0002_squashed.py': [
    undefined,
    migration(
      '',
      `replaces = [("shop", "0001_initial"), ("shop", "0002_total")]\n    ${operations(order, add('total'))}`,
    ),
  ],
  'shop/migrations/names.py': [undefined, 'NAME = "note"\n', 'NAME = "remark"\n'],
  'shop/migrations/0004_note.py': [
    undefined,
    migration(
      '("shop", "0003_weight")',
      operations('AddField("order", NAME, models.TextField())'),
      'from .names import NAME\n',
    ),
  ],
  'blog/migrations/0001_initial.py': [
    migration(
      '',
      operations('CreateModel("Post", [("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE))])'),
    ),
    migration(
      '("shop", "__latest__")',
      operations('CreateModel("Post", [("order", models.ForeignKey("shop.Order", models.CASCADE))])'),
    ),
    migration('migrations.swappable_dependency(settings.AUTH_USER_MODEL)', operations('CreateModel("Post", [])')),
  ],
  'shop/apps.py': [undefined, 'class ShopConfig(AppConfig):\n    default_auto_field = "django.db.models.AutoField"\n'],
  'settings.py': [
    undefined,
    'AUTH_USER_MODEL = "shop.Order"\n',
    'DATABASES = "mysql://db/x"\nMIGRATION_MODULES = {"blog": None}\n',
  ],
};

/** Everything that can be asked of a project, as plain text. */
function picture(workspace: Workspace): string {
  return workspace.projects.map(pictureOf).join('\n\n');
}

function pictureOf(project: Project): string {
  const migrations = project.order.map((id) => {
    const judged = project.migration(id);
    const tables = [...(judged?.after.tables.values() ?? [])].map(({ name, columns, indexes }) => {
      const described = [...columns.values()].map((column) => `${column.name} ${column.type.name} ${column.bornIn}`);
      return `${name.name}(${described.join(', ')}; ${[...indexes.keys()].join(', ')})`;
    });
    const changes = judged?.migration.forward.map(({ kind, at }) => `${kind} ${at.start}-${at.end}`);
    const parents = judged?.migration.parents.map((parent) => `${parent.id} ${parent.at?.start}`);
    const unknown = project.graph.unknownParentsOf(id).map(({ name }) => name);
    return [id, parents, unknown, changes, tables.sort()].map(String).join(' | ');
  });
  const leaves = [...project.graph.groups.values()].map((group) => `${group.name}: ${group.leaves}`).sort();
  return [JSON.stringify(project.target), ...leaves, ...migrations].join('\n');
}

/** A sequence that looks random and is the same in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; state = (state * 1103515245 + 12345) % 2147483648) yield state / 2147483648;
}

describe('a workspace after many changes', () => {
  it('says the same as one that is opened with the same files', async () => {
    const parser = await pythonParser();
    for (const mostRemembered of [100, 2]) {
      const files = memoryFiles(new Map());
      const warm = open(files, parser, mostRemembered);
      const opened = new Set<FilePath>();
      const random = numbers(mostRemembered);
      const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next().value * items.length)] as T;
      for (let round = 0; round < 100; round++) {
        const file = pick(Object.keys(variants));
        const text = pick(variants[file] ?? []);
        if (random.next().value < 0.3) openOrClose(files, warm, file, opened);
        change(files, warm, file, text, opened);
        if (random.next().value < 0.3) continue;
        assert.equal(picture(warm), picture(open(files, parser, 100)), `round ${round}: ${file}`);
      }
    }
  });
});

/** Changes a file on the disk, or in an editor that saves at once. */
function change(
  files: MemoryFiles,
  workspace: Workspace,
  file: FilePath,
  text: string | undefined,
  open: Set<FilePath>,
): void {
  const before = files.read(file);
  if (text === undefined) files.remove(file);
  else files.write(file, text);
  if (!open.has(file)) {
    workspace.filesChanged([file]);
  } else if (text === undefined) {
    open.delete(file);
    workspace.closeDocument(file);
  } else {
    const end = before.kind === 'text' ? before.text.length : 0;
    workspace.editDocument(file, [{ span: { start: 0, end }, newText: text }]);
  }
}

function openOrClose(files: MemoryFiles, workspace: Workspace, file: FilePath, open: Set<FilePath>): void {
  const read = files.read(file);
  if (open.delete(file)) {
    workspace.closeDocument(file);
  } else if (read.kind === 'text') {
    open.add(file);
    workspace.openDocument(file, read.text);
  }
}
