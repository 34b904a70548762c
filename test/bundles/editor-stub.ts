import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';

/**
 * Loads a CommonJS bundle that expects the `vscode` module, which only exists inside an editor. The stand-in has every
 * member that the bundle asks for while it loads; nothing in it does anything.
 */
export function loadWithoutEditor(file: string): Readonly<Record<string, unknown>> {
  const require = createRequire(file);
  const source = readFileSync(file, 'utf8');
  const wrapped = runInThisContext(`(function (exports, require, module, __filename) {${source}\n})`, {
    filename: file,
  });
  const module = { exports: {} as Record<string, unknown> };
  const requireOrStub = (name: string): unknown => (name === 'vscode' ? anything() : require(name));
  wrapped.call(module.exports, module.exports, requireOrStub, module, file);
  return module.exports;
}

/** An object that can be read, called, constructed and extended, at any depth. */
function anything(): object {
  return new Proxy(class {}, {
    get: (target, name, receiver) => {
      if (name === 'prototype') return Reflect.get(target, name, receiver);
      return name === Symbol.toPrimitive ? () => '' : anything();
    },
    apply: () => anything(),
  });
}
