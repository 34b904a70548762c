import { isModelClass } from '../django/data-functions/models-module.ts';
import type { ModuleSource, Project } from '../project/project.ts';
import { childStatementsOf } from '../syntax/child-expressions.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import type { AssignStatement, CallExpression, ClassStatement, Expression, Statement } from '../syntax/module.ts';

/** The class of a model as the application has it, in the file where it is written. */
export interface ModelClass extends ModuleSource {
  readonly definition: ClassStatement;
}

/**
 * The class in the `models.py` or the package `models` of its app, else in another module of the app. `undefined` where
 * there is none, or several go by the name.
 *
 * @param name as the class is called: `Order`
 */
export function findModelClass(name: string, app: string, project: Project): ModelClass | undefined {
  const { models, others } = project.modulesOf(app, `class ${name}`);
  const [found, second] = [...classesIn(models, name, isModelClass)];
  if (found !== undefined) return second === undefined ? found : undefined;
  const [elsewhere, another] = [...classesIn(others, name, (each) => isModelClass(each) && hasFields(each))];
  return another === undefined ? elsewhere : undefined;
}

/** The call that defines a field in the class itself; what it inherits is not found. */
export function findFieldCall({ definition }: ModelClass, field: string): CallExpression | undefined {
  for (const statement of definition.body) {
    if (statement.kind !== 'assign' || statement.value.kind !== 'call') continue;
    if (isNamed(statement, field)) return statement.value;
  }
  return undefined;
}

export function isNamed({ targets }: AssignStatement, name: string): boolean {
  return targets.some((target) => target.kind === 'name' && target.name === name);
}

/** Whether what is assigned looks like a field: `models.CharField(…)`. */
export function isField(value: Expression): boolean {
  return value.kind === 'call' && /(^|\.)\w*(Field|Key)$/.test(dottedNameOf(value.callee) ?? '');
}

function* classesIn(
  sources: Iterable<ModuleSource>,
  name: string,
  accepts: (definition: ClassStatement) => boolean,
): Iterable<ModelClass> {
  for (const source of sources) {
    for (const definition of classesOf(source.module.body)) {
      if (definition.name === name && accepts(definition)) yield { ...source, definition };
    }
  }
}

/** Models may stand under an `if`: those that can be replaced, for one. */
function* classesOf(statements: readonly Statement[]): Iterable<ClassStatement> {
  for (const statement of statements) {
    if (statement.kind === 'class') yield statement;
    else if (statement.kind === 'if' || statement.kind === 'try') yield* classesOf(childStatementsOf(statement));
  }
}

function hasFields({ body }: ClassStatement): boolean {
  return body.some((statement) => statement.kind === 'assign' && isField(statement.value));
}
