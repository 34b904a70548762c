/** An operation of Django, as its class is written. */
export interface OperationClass {
  readonly name: string;
  /** In the order in which they may be given without their names. */
  readonly parameters: readonly string[];
  /** Whose operation it is; `other` for packages that build on Django's. */
  readonly source: 'django' | 'postgres' | 'other';
}

const fieldParameters = ['model_name', 'name', 'field', 'preserve_default'];

/** The operations of django.db.migrations, Django 4.2 to 6.0. */
const djangoOperations: Readonly<Record<string, readonly string[]>> = {
  AddConstraint: ['model_name', 'constraint'],
  AddField: fieldParameters,
  AddIndex: ['model_name', 'index'],
  AlterConstraint: ['model_name', 'name', 'constraint'],
  AlterField: fieldParameters,
  AlterIndexTogether: ['name', 'index_together'],
  AlterModelManagers: ['name', 'managers'],
  AlterModelOptions: ['name', 'options'],
  AlterModelTable: ['name', 'table'],
  AlterModelTableComment: ['name', 'table_comment'],
  AlterOrderWithRespectTo: ['name', 'order_with_respect_to'],
  AlterUniqueTogether: ['name', 'unique_together'],
  CreateModel: ['name', 'fields', 'options', 'bases', 'managers'],
  DeleteModel: ['name'],
  RemoveConstraint: ['model_name', 'name'],
  RemoveField: ['model_name', 'name', 'field'],
  RemoveIndex: ['model_name', 'name'],
  RenameField: ['model_name', 'old_name', 'new_name'],
  RenameIndex: ['model_name', 'new_name', 'old_name', 'old_fields'],
  RenameModel: ['old_name', 'new_name'],
  RunPython: ['code', 'reverse_code', 'atomic', 'hints', 'elidable'],
  RunSQL: ['sql', 'reverse_sql', 'state_operations', 'hints', 'elidable'],
  SeparateDatabaseAndState: ['database_operations', 'state_operations'],
};

/** The operations of django.contrib.postgres.operations, Django 4.2 to 6.0. */
const postgresOperations: Readonly<Record<string, readonly string[]>> = {
  AddConstraintNotValid: ['model_name', 'constraint'],
  AddIndexConcurrently: ['model_name', 'index'],
  BloomExtension: ['hints'],
  BtreeGinExtension: ['hints'],
  BtreeGistExtension: ['hints'],
  CITextExtension: ['hints'],
  CreateCollation: ['name', 'locale'],
  CreateExtension: ['name', 'hints'],
  CryptoExtension: ['hints'],
  HStoreExtension: ['hints'],
  RemoveCollation: ['name', 'locale'],
  RemoveIndexConcurrently: ['model_name', 'name'],
  TrigramExtension: ['hints'],
  UnaccentExtension: ['hints'],
  ValidateConstraint: ['model_name', 'name'],
};

/** Operations of packages that do what their names say, by the package that brings them. */
const otherOperations: Readonly<Record<string, { readonly package: string; readonly parameters: readonly string[] }>> =
  {
    AddDefaultValue: { package: 'django_add_default_value', parameters: ['model_name', 'name', 'value'] },
    IgnoreMigration: { package: 'django_migration_linter', parameters: [] },
    SaferAddCheckConstraint: { package: 'django_pg_migration_tools', parameters: ['model_name', 'constraint'] },
    SaferAddFieldForeignKey: { package: 'django_pg_migration_tools', parameters: fieldParameters },
    SaferAddFieldOneToOne: { package: 'django_pg_migration_tools', parameters: fieldParameters },
    SaferAddIndexConcurrently: { package: 'django_pg_migration_tools', parameters: ['model_name', 'index'] },
    SaferAddUniqueConstraint: {
      package: 'django_pg_migration_tools',
      parameters: ['model_name', 'constraint', 'raise_if_exists'],
    },
    SaferAlterFieldSetNotNull: { package: 'django_pg_migration_tools', parameters: fieldParameters },
    SaferRemoveCheckConstraint: { package: 'django_pg_migration_tools', parameters: ['model_name', 'name'] },
    SaferRemoveFieldForeignKey: { package: 'django_pg_migration_tools', parameters: ['model_name', 'name'] },
    SaferRemoveIndexConcurrently: { package: 'django_pg_migration_tools', parameters: ['model_name', 'name'] },
    SaferRemoveUniqueConstraint: { package: 'django_pg_migration_tools', parameters: ['model_name', 'name'] },
  };

/** Whether the operation looks what is there first, refuses transactions and can be run again: django-pg-migration-tools. */
export function standsAlone(name: string): boolean {
  return otherOperations[name]?.package === 'django_pg_migration_tools';
}

/**
 * The operation that a qualified name means: `django.db.migrations.AddField`, also through the modules in which Django
 * defines it. `undefined` for operations nobody here knows.
 */
export function findOperation(qualifiedName: string): OperationClass | undefined {
  const name = qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1);
  if (qualifiedName.startsWith('django.contrib.postgres.operations.')) {
    return operationOf(name, postgresOperations[name] ?? djangoOperations[name], 'postgres');
  }
  if (qualifiedName.startsWith('django.db.migrations.')) return operationOf(name, djangoOperations[name], 'django');
  const other = otherOperations[name];
  return other && qualifiedName.startsWith(`${other.package}.`)
    ? operationOf(name, other.parameters, 'other')
    : undefined;
}

function operationOf(
  name: string,
  parameters: readonly string[] | undefined,
  source: OperationClass['source'],
): OperationClass | undefined {
  return parameters && { name, parameters, source };
}
