import type { Random } from './random.ts';

/** The models of the generated project as they stand while its history is written. */
export interface ModelState {
  readonly app: string;
  readonly name: string;
  readonly fields: Map<string, string>;
  readonly indexes: Set<string>;
}

const nouns =
  'order item price stock label region batch ticket note event rule quota channel voucher parcel route'.split(' ');
const qualifiers = 'draft total first last public legacy extra default internal billing shipping external'.split(' ');

export function modelName(random: Random, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const [first, second] = [random.pick(qualifiers), random.pick(nouns)];
    const name = capitalized(first) + capitalized(second) + (number > 5 ? number : '');
    if (!taken.has(name)) return name;
  }
}

export function fieldName(random: Random, taken: { has(name: string): boolean }): string {
  for (let number = 1; ; number++) {
    const name = `${random.pick(qualifiers)}_${random.pick(nouns)}${number > 5 ? `_${number}` : ''}`;
    if (!taken.has(name)) return name;
  }
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A field as `makemigrations` writes it, in the proportions of real projects. */
export function fieldText(random: Random, models: readonly ModelState[]): string {
  return random.weighted<() => string>([
    [
      30,
      () =>
        `models.CharField(${random.chance(0.4) ? 'blank=True, ' : ''}max_length=${random.pick([32, 64, 128, 255])})`,
    ],
    [8, () => 'models.TextField(blank=True, default="")'],
    [14, () => `models.BooleanField(default=${random.pick(['True', 'False'])})`],
    [10, () => `models.IntegerField(${random.pick(['null=True', 'default=0'])})`],
    [6, () => 'models.PositiveIntegerField(default=1)'],
    [8, () => `models.DateTimeField(${random.pick(['auto_now_add=True', 'blank=True, null=True'])})`],
    [6, () => 'models.DecimalField(decimal_places=3, default=0, max_digits=12)'],
    [5, () => 'models.JSONField(blank=True, default=dict, null=True)'],
    [3, () => 'models.UUIDField(default=uuid.uuid4, editable=False)'],
    [10, () => foreignKey(random, models)],
  ])();
}

function foreignKey(random: Random, models: readonly ModelState[]): string {
  const { app, name } = random.pick(models);
  return [
    'models.ForeignKey(',
    '                blank=True,',
    '                null=True,',
    '                on_delete=django.db.models.deletion.CASCADE,',
    `                related_name="+",`,
    `                to="${app}.${name.toLowerCase()}",`,
    '            )',
  ].join('\n');
}

/** The field after an `AlterField`: most of them change nothing in the database. */
export function alteredField(random: Random, field: string): string {
  const change = random.weighted<(text: string) => string>([
    [63, (text) => text.replace('(', `(help_text="Revision ${random.below(1000)}.", `)],
    [
      8,
      (text) =>
        text.includes('null=True') ? text.replace('null=True', 'default=0') : text.replace('(', '(null=True, '),
    ],
    [6, (text) => text.replace(/max_length=\d+/, 'max_length=512')],
    [4, (text) => (text.includes('db_index') ? text : text.replace('(', '(db_index=True, '))],
    [19, (text) => text.replace('(', '(verbose_name="renamed", ')],
  ]);
  return change(field.replace(/help_text="[^"]*", |verbose_name="[^"]*", /g, ''));
}
