import { baseNameOf, type FilePath, folderOf } from '../../base/file-path.ts';
import { dottedNameOf } from '../../syntax/dotted-name.ts';
import type { ClassStatement } from '../../syntax/module.ts';
import type { DataFunctionContext } from '../data-function-context.ts';

/** `shop.models`, `models.order` of `from .models.order import …`; not `django.db.models`, which holds no tables. */
export function isModelsModule(name: string): boolean {
  return /(^|\.)models(\.|$)/.test(name) && !/^django\.(db|contrib\.gis\.db)\b/.test(name);
}

/** `shop/models.py`, `shop/models/order.py` */
export function isModelsFile(file: FilePath): boolean {
  return baseNameOf(file) === 'models.py' || baseNameOf(folderOf(file)) === 'models';
}

/** The app that a file of models belongs to: by its folder, which bears the label in all but a few projects. */
export function appOfModels(file: FilePath, { source }: Pick<DataFunctionContext, 'source'>): string {
  const folder = baseNameOf(file) === 'models.py' ? folderOf(file) : folderOf(folderOf(file));
  return folder === folderOf(folderOf(source.file)) ? source.app : baseNameOf(folder);
}

/** Names by which classes beside models go that are no tables. */
export function isHelperClass(name: string): boolean {
  return /(Manager|QuerySet|Mixin|Error|Exception|Form|Meta|Options|Field|Choices|Enum|Base)$/.test(name);
}

/** Whether a class of a models module can be a table: enumerations, managers, querysets and the like are none. */
export function isModelClass({ name, bases }: ClassStatement): boolean {
  if (bases.length === 0 || isHelperClass(name)) return false;
  return bases.every(({ value }) => {
    const base = dottedNameOf(value) ?? '';
    return !/(Choices|Enum|Manager|QuerySet|Exception|Error|Field)$|^(str|int|object|dict|list|ABC)$/.test(base);
  });
}
