/** What is known of a field class. */
export interface FieldClass {
  readonly name: string;
  /** Django's internal type, from which each database takes the column type; `undefined` for a class nobody knows. */
  readonly internalType: string | undefined;
  /** `none`: no column of its own (generic relations, composite keys, managers). */
  readonly form: 'column' | 'foreign-key' | 'one-to-one' | 'many-to-many' | 'none';
  /** Whether an empty string is a value of it: `blank=True` then means that '' fills the existing rows. */
  readonly emptyStrings: boolean;
  /** In the order in which they may be given without their names. */
  readonly parameters: readonly string[];
  readonly maxLength: number | undefined;
  readonly isIndexed: boolean;
}

const common = [
  'verbose_name',
  'name',
  'primary_key',
  'max_length',
  'unique',
  'blank',
  'null',
  'db_index',
  'rel',
  'default',
  'editable',
];
const temporal = ['verbose_name', 'name', 'auto_now', 'auto_now_add'];

const numbers = field('column', { emptyStrings: false });
const texts = field('column', { emptyStrings: true });
const times = field('column', { emptyStrings: false, parameters: temporal });
const ranges = field('column', { emptyStrings: false });

const classes = new Map<string, FieldClass>([
  ...named(
    numbers,
    'AutoField',
    'BigAutoField',
    'BigIntegerField',
    'BooleanField',
    'DurationField',
    'FloatField',
    'IntegerField',
    'IPAddressField',
    'PositiveBigIntegerField',
    'PositiveIntegerField',
    'PositiveSmallIntegerField',
    'SmallAutoField',
    'SmallIntegerField',
  ),
  ...named(texts, 'BinaryField', 'CharField', 'TextField', 'SearchVectorField', 'SearchQueryField'),
  ...named(texts, 'CICharField', 'CIEmailField', 'CITextField'),
  ...named(times, 'DateField', 'DateTimeField', 'TimeField'),
  ...named(
    ranges,
    'IntegerRangeField',
    'BigIntegerRangeField',
    'DecimalRangeField',
    'DateTimeRangeField',
    'DateRangeField',
  ),
  ['CommaSeparatedIntegerField', { ...texts, name: 'CommaSeparatedIntegerField', internalType: 'CharField' }],
  ['EmailField', { ...texts, name: 'EmailField', internalType: 'CharField', maxLength: 254 }],
  ['URLField', { ...texts, name: 'URLField', internalType: 'CharField', maxLength: 200 }],
  ['SlugField', { ...texts, name: 'SlugField', internalType: 'SlugField', maxLength: 50, isIndexed: true }],
  [
    'FileField',
    {
      ...field('column', { emptyStrings: true, parameters: ['verbose_name', 'name', 'upload_to', 'storage'] }),
      name: 'FileField',
      internalType: 'FileField',
      maxLength: 100,
    },
  ],
  [
    'ImageField',
    {
      ...field('column', { emptyStrings: true, parameters: ['verbose_name', 'name', 'width_field', 'height_field'] }),
      name: 'ImageField',
      internalType: 'FileField',
      maxLength: 100,
    },
  ],
  [
    'FilePathField',
    {
      ...field('column', { emptyStrings: true, parameters: ['verbose_name', 'name', 'path', 'match', 'recursive'] }),
      name: 'FilePathField',
      internalType: 'FilePathField',
      maxLength: 100,
    },
  ],
  ...named(
    field('column', { emptyStrings: false, parameters: ['verbose_name', 'name', 'max_digits', 'decimal_places'] }),
    'DecimalField',
  ),
  ...named(
    field('column', { emptyStrings: false, parameters: ['verbose_name', 'name', 'protocol', 'unpack_ipv4'] }),
    'GenericIPAddressField',
  ),
  ...named(
    field('column', { emptyStrings: false, parameters: ['verbose_name', 'name', 'encoder', 'decoder'] }),
    'JSONField',
  ),
  ...named(field('column', { emptyStrings: false, parameters: ['verbose_name'] }), 'UUIDField'),
  ['NullBooleanField', { ...numbers, name: 'NullBooleanField', internalType: 'BooleanField' }],
  ['OrderWrt', { ...numbers, name: 'OrderWrt', internalType: 'IntegerField' }],
  ...named(field('column', { emptyStrings: false, parameters: ['base_field', 'size'] }), 'ArrayField'),
  ...named(field('column', { emptyStrings: false }), 'HStoreField'),
  ...named(field('column', { emptyStrings: false, parameters: [] }), 'GeneratedField'),
  ...named(field('none', { emptyStrings: false, parameters: [] }), 'CompositePrimaryKey'),
  ...named(
    field('foreign-key', {
      emptyStrings: false,
      parameters: [
        'to',
        'on_delete',
        'related_name',
        'related_query_name',
        'limit_choices_to',
        'parent_link',
        'to_field',
        'db_constraint',
      ],
      isIndexed: true,
    }),
    'ForeignKey',
  ),
  ...named(
    field('one-to-one', { emptyStrings: false, parameters: ['to', 'on_delete', 'to_field'], isIndexed: true }),
    'OneToOneField',
  ),
  ...named(
    field('many-to-many', {
      emptyStrings: false,
      parameters: [
        'to',
        'related_name',
        'related_query_name',
        'limit_choices_to',
        'symmetrical',
        'through',
        'through_fields',
        'db_constraint',
        'db_table',
      ],
    }),
    'ManyToManyField',
  ),
]);

/** Classes of packages whose column is that of one of Django's own. */
const relatives: Readonly<Record<string, string>> = {
  'mptt.fields.TreeForeignKey': 'ForeignKey',
  'mptt.fields.TreeOneToOneField': 'OneToOneField',
  'mptt.fields.TreeManyToManyField': 'ManyToManyField',
  'modelcluster.fields.ParentalKey': 'ForeignKey',
  'modelcluster.fields.ParentalManyToManyField': 'ManyToManyField',
  'wagtail.fields.RichTextField': 'TextField',
  'wagtail.core.fields.RichTextField': 'TextField',
};

const djangoPackages = ['django.db.models.', 'django.contrib.postgres.', 'django.contrib.gis.db.models.'];

/**
 * The class that a qualified name means. For one that nobody knows the form is taken from the arguments that it is
 * given (`to`, `on_delete`, `through`) and from its name.
 */
export function fieldClassOf(qualifiedName: string | undefined, name: string, given: ReadonlySet<string>): FieldClass {
  const known = qualifiedName === undefined ? undefined : findFieldClass(qualifiedName, name);
  if (known) return known;
  const form = guessedForm(name, given);
  const model = form === 'column' || form === 'none' ? undefined : classes.get(classNameOfForm[form]);
  if (model) return { ...model, name };
  return { ...field(form, { emptyStrings: false }), name, internalType: undefined };
}

const classNameOfForm = {
  'foreign-key': 'ForeignKey',
  'one-to-one': 'OneToOneField',
  'many-to-many': 'ManyToManyField',
} as const;

function findFieldClass(qualifiedName: string, name: string): FieldClass | undefined {
  const relative = relatives[qualifiedName];
  if (relative !== undefined) return classes.get(relative);
  return djangoPackages.some((prefix) => qualifiedName.startsWith(prefix)) ? classes.get(name) : undefined;
}

function guessedForm(name: string, given: ReadonlySet<string>): FieldClass['form'] {
  if (/Manager$|^Generic(Relation|ForeignKey)$/.test(name)) return 'none';
  if (name.endsWith('ManyToManyField') || given.has('through')) return 'many-to-many';
  if (name.endsWith('OneToOneField')) return 'one-to-one';
  return name.endsWith('ForeignKey') || (given.has('to') && given.has('on_delete')) ? 'foreign-key' : 'column';
}

function field(
  form: FieldClass['form'],
  facts: { emptyStrings: boolean; parameters?: readonly string[]; isIndexed?: boolean },
): Omit<FieldClass, 'name' | 'internalType'> {
  return {
    form,
    emptyStrings: facts.emptyStrings,
    parameters: facts.parameters ?? common,
    maxLength: undefined,
    isIndexed: facts.isIndexed ?? false,
  };
}

function named(
  facts: Omit<FieldClass, 'name' | 'internalType'>,
  ...names: readonly string[]
): readonly (readonly [string, FieldClass])[] {
  return names.map((name) => [name, { ...facts, name, internalType: name }]);
}
