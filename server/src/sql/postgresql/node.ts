import type { Node } from 'libpg-query';

type KeysOf<T> = T extends unknown ? keyof T : never;

/** `AlterTableStmt`, `ColumnRef`, … */
export type NodeKind = KeysOf<Node>;

export type NodeOf<K extends NodeKind> = Extract<Node, Readonly<Record<K, unknown>>>[K];

/** The node's fields, if it is of that kind. */
export function asKind<K extends NodeKind>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  return (node as Partial<Record<NodeKind, unknown>> | undefined)?.[kind] as NodeOf<K> | undefined;
}

export function kindOf(node: Node): NodeKind {
  return Object.keys(node)[0] as NodeKind;
}

/** Those of the nodes that are of that kind. */
export function allOf<K extends NodeKind>(nodes: readonly Node[] | undefined, kind: K): readonly NodeOf<K>[] {
  return (nodes ?? []).flatMap((node) => asKind(node, kind) ?? []);
}

/** The texts of a list of names: `schema.table` is two. */
export function namesIn(nodes: readonly Node[] | undefined): readonly string[] {
  return allOf(nodes, 'String').map(({ sval = '' }) => sval);
}

/** The last of a dotted name. */
export function lastNameIn(nodes: readonly Node[] | undefined): string {
  return namesIn(nodes).at(-1) ?? '';
}

/** Every node inside the node, itself included, outside in; those of kinds that `isClosed` names are not looked into. */
export function* nodesWithin(
  node: Node | undefined,
  isClosed: (kind: NodeKind) => boolean = () => false,
): Generator<Node> {
  if (node === undefined) return;
  const pending: unknown[] = [node];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      pending.push(...next.toReversed());
      continue;
    }
    const keys = Object.keys(next);
    const [kind] = keys;
    const isNode = keys.length === 1 && kind !== undefined && /^[A-Z]/.test(kind);
    if (isNode) {
      yield next as Node;
      if (isClosed(kind as NodeKind)) continue;
    }
    pending.push(...Object.values(next).toReversed());
  }
}
