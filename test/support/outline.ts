import type { Argument, Expression, Module, Statement } from '../../server/src/syntax/module.ts';

/**
 * What a reader of the file is sure of, on one line: statements by kind, name or target, what stands in them in braces,
 * `!` behind what is marked as broken.
 */
export function outlineOf(module: Module): string {
  return outlineOfStatements(module.body);
}

function outlineOfStatements(statements: readonly Statement[]): string {
  return statements.map(outlineOfStatement).join('; ');
}

function outlineOfStatement(statement: Statement): string {
  const mark = statement.broken ? '!' : '';
  switch (statement.kind) {
    case 'function':
      return `def ${statement.name}${mark} {${outlineOfStatements(statement.body)}}`;
    case 'class': {
      const bases = statement.bases.map(outlineOfArgument).join(', ');
      return `class ${statement.name}(${bases})${mark} {${outlineOfStatements(statement.body)}}`;
    }
    case 'if':
      return `if${mark} {${outlineOfStatements([...statement.body, ...statement.orElse])}}`;
    case 'for':
    case 'while':
    case 'with':
    case 'try':
      return `${statement.kind}${mark} {${outlineOfStatements(statement.body)}}`;
    case 'import':
    case 'import-from':
      return `import${mark} ${statement.names.map((each) => each.name).join(' ')}`;
    case 'assign':
      return `${statement.targets.map(outlineOfExpression).join(' = ')}${mark} = ${outlineOfExpression(statement.value)}`;
    case 'augmented-assign':
      return `${outlineOfExpression(statement.target)}${mark} ${statement.operator} ${outlineOfExpression(statement.value)}`;
    case 'expression':
      return outlineOfExpression(statement.value) + mark;
    default:
      return statement.kind + mark;
  }
}

function outlineOfArgument(argument: Argument): string {
  const value = outlineOfExpression(argument.value);
  return argument.name === undefined ? value : `${argument.name}=${value}`;
}

function outlineOfExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'attribute':
      return expression.name;
    case 'string':
      return JSON.stringify(expression.value)?.replace(/\s*\\n\s*/g, ' ') ?? 'string';
    case 'number':
      return expression.text;
    case 'constant':
      return String(expression.value);
    case 'call': {
      const items = expression.arguments.map(outlineOfArgument).join(', ');
      return `${outlineOfExpression(expression.callee)}(${items})${expression.broken ? '!' : ''}`;
    }
    case 'list':
    case 'tuple':
    case 'set': {
      const [open, close] = { list: '[]', tuple: '()', set: '{}' }[expression.kind];
      return `${open}${expression.items.map(outlineOfExpression).join(', ')}${close}${expression.broken ? '!' : ''}`;
    }
    case 'dictionary': {
      const entries = expression.entries.map(
        ({ key, value }) =>
          `${key === undefined ? '**' : `${outlineOfExpression(key)}: `}${outlineOfExpression(value)}`,
      );
      return `{${entries.join(', ')}}${expression.broken ? '!' : ''}`;
    }
    default:
      return expression.kind;
  }
}
