/**
 * A worker that loads a bundle as VS Code's extension host for the web does: a CommonJS script whose only module is
 * `vscode`. Answers with the types of the exports.
 */

/** An object that can be read, called, constructed and extended, at any depth. */
function anything() {
  return new Proxy(class {}, {
    get(target, name, receiver) {
      if (name === 'prototype') return Reflect.get(target, name, receiver);
      return name === Symbol.toPrimitive ? () => '' : anything();
    },
    apply: () => anything(),
  });
}

globalThis.module = { exports: {} };
globalThis.exports = globalThis.module.exports;
globalThis.require = (name) => {
  if (name !== 'vscode') throw new Error(`there is no module "${name}" on the web`);
  return anything();
};

globalThis.onmessage = ({ data }) => {
  importScripts(data.params.bundle);
  const types = Object.entries(globalThis.module.exports).map(([name, value]) => [name, typeof value]);
  globalThis.postMessage({ id: data.id, result: Object.fromEntries(types) });
};
