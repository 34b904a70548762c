import type { Change, ChangeOf } from '../../schema/change.ts';
import { findColumn } from '../../schema/schema.ts';
import type { EffectsSetting } from '../setting.ts';
import { alterColumnFacts } from './alter-column.ts';
import { type ActionFact, facts } from './facts.ts';

/** The actions that a change comes down to on MySQL and MariaDB; none for what is not known or changes no table. */
export function actionsOf(change: Change, setting: EffectsSetting): readonly ActionFact[] {
  switch (change.kind) {
    case 'AddColumn':
      return addColumn(change, setting);
    case 'DropColumn':
      return [facts.dropColumn];
    case 'RenameColumn':
      return [facts.renameColumn];
    case 'AlterColumn':
      return alterColumnFacts(change, setting);
    case 'CreateIndex':
      return [sharedMethods.has(change.index.method) ? facts.addSharedIndex : facts.addIndex];
    case 'DropIndex':
    case 'RenameIndex':
      return [facts.dropIndex];
    case 'AddConstraint':
      return [addConstraint(change, setting)];
    case 'DropConstraint':
      return [change.constraintKind === 'primary-key' ? facts.dropPrimaryKey : facts.dropConstraint];
    case 'RenameTable':
      return [facts.renameTable];
    case 'Maintenance':
      return maintenance[change.operation] ?? [];
    case 'SetTableOption':
      return [facts.otherOption];
    default:
      return [];
  }
}

const sharedMethods: ReadonlySet<string> = new Set(['fulltext', 'spatial']);

const maintenance: Readonly<Partial<Record<ChangeOf<'Maintenance'>['operation'], readonly ActionFact[]>>> = {
  convert: [facts.convert],
  optimize: [facts.rebuild],
};

/** MySQL takes a literal default of these types for an expression. */
const withoutLiteralDefault: ReadonlySet<string> = new Set(['json', 'longblob', 'longtext']);

function addColumn(change: ChangeOf<'AddColumn'>, setting: EffectsSetting): readonly ActionFact[] {
  const { column, table, transientDefault } = change;
  if (change.ifNotExists === true && findColumn(setting.before, table, column.name) !== undefined) return [];
  const found: ActionFact[] = [columnFact(change)];
  const value = column.default ?? transientDefault;
  if (value?.kind === 'volatile' || value?.sql?.startsWith('(') === true) found.push(facts.addColumnExpression);
  else if (value !== undefined && withoutLiteralDefault.has(column.type.name)) found.push(facts.addColumnTextDefault);
  if (column.check !== undefined) found.push(facts.addColumnCheck);
  if (column.unique || column.primaryKey) found.push(facts.addColumnUnique);
  if (column.references?.enforced === true) found.push(foreignKey(setting));
  return found;
}

function columnFact({ column }: ChangeOf<'AddColumn'>): ActionFact {
  if (column.autoIncrement) return facts.addColumnAutoIncrement;
  if (column.generated === 'stored') return facts.addColumnStored;
  return column.generated === 'virtual' ? facts.addColumnVirtual : facts.addColumn;
}

function foreignKey({ foreignKeysUnchecked }: EffectsSetting): ActionFact {
  return foreignKeysUnchecked === true ? facts.addForeignKeyUnchecked : facts.addForeignKey;
}

function addConstraint({ constraint }: ChangeOf<'AddConstraint'>, setting: EffectsSetting): ActionFact {
  switch (constraint.kind) {
    case 'foreign-key':
      return foreignKey(setting);
    case 'primary-key':
      return facts.addPrimaryKey;
    case 'unique':
      return facts.addUnique;
    default:
      return facts.addCheck;
  }
}
