/**
 * A map that shares what it can with the one it was made from: writing copies the few entries written since the last
 * full copy, not all of them. For states of which each differs from the one before in one entry.
 */
export class LayeredMap<K, V> implements ReadonlyMap<K, V> {
  readonly #base: ReadonlyMap<K, V>;
  /** What was written on top of the base; `undefined` is what was deleted. */
  readonly #top: ReadonlyMap<K, { readonly value: V } | undefined>;
  readonly size: number;

  private constructor(base: ReadonlyMap<K, V>, top: ReadonlyMap<K, { readonly value: V } | undefined>, size: number) {
    this.#base = base;
    this.#top = top;
    this.size = size;
  }

  static over<K, V>(map: ReadonlyMap<K, V>): LayeredMap<K, V> {
    return map instanceof LayeredMap ? map : new LayeredMap<K, V>(map, new Map(), map.size);
  }

  with(key: K, value: V): LayeredMap<K, V> {
    return this.#written(key, { value }, this.has(key) ? this.size : this.size + 1);
  }

  without(key: K): LayeredMap<K, V> {
    return this.has(key) ? this.#written(key, undefined, this.size - 1) : this;
  }

  #written(key: K, entry: { readonly value: V } | undefined, size: number): LayeredMap<K, V> {
    const top = new Map(this.#top).set(key, entry);
    const layered = new LayeredMap(this.#base, top, size);
    return top.size * top.size > this.#base.size + 64 ? new LayeredMap(new Map(layered), new Map(), size) : layered;
  }

  get(key: K): V | undefined {
    return this.#top.has(key) ? this.#top.get(key)?.value : this.#base.get(key);
  }

  has(key: K): boolean {
    return this.#top.has(key) ? this.#top.get(key) !== undefined : this.#base.has(key);
  }

  // Lists and no generators: iterating generators in one another takes several times as long.
  entries(): MapIterator<[K, V]> {
    const entries: [K, V][] = [];
    for (const entry of this.#base) {
      if (!this.#top.has(entry[0])) entries.push(entry);
    }
    for (const [key, entry] of this.#top) {
      if (entry !== undefined) entries.push([key, entry.value]);
    }
    return entries.values();
  }

  keys(): MapIterator<K> {
    return Array.from(this.entries(), ([key]) => key).values();
  }

  values(): MapIterator<V> {
    const values: V[] = [];
    for (const [key, value] of this.#base) {
      if (!this.#top.has(key)) values.push(value);
    }
    for (const entry of this.#top.values()) {
      if (entry !== undefined) values.push(entry.value);
    }
    return values.values();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this);
  }
}

/** The map with one more entry at its end; an entry that is there already keeps its place. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return map.has(key) ? new Map(map).set(key, value) : LayeredMap.over(map).with(key, value);
}
