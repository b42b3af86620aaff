import type { PackageSpec, Published } from "./archive";

/** Everything an archive holds, by name and then version, in the order of publication. */
export interface Shelf<Item extends Published> {
  /** The same name and version again replaces the former item. Throws when another one has its file name. */
  put(item: Item): void;
  /** Throws when the version isn't there. */
  take(name: string, version: string): void;
  /** The versions of one name; empty when there are none. */
  of(name: string): readonly Item[];
  names(): readonly string[];
  /** The item whose file has this name, or null. */
  file(file: string): Item | null;
}

/** An empty shelf. */
export function createShelf<Item extends Published>(): Shelf<Item> {
  let items: Item[] = [];
  return {
    put(item) {
      const others = items.filter((old) => old.name !== item.name || old.version !== item.version);
      if (others.some(({ file }) => file === item.file))
        throw new Error(`another version has the file ${item.file}`);
      items = [...others, item];
    },
    take(name, version) {
      const rest = items.filter((item) => item.name !== name || item.version !== version);
      if (rest.length === items.length) throw new Error(`${name} ${version} is not published`);
      items = rest;
    },
    of: (name) => items.filter((item) => item.name === name),
    names: () => [...new Set(items.map((item) => item.name))].sort(),
    file: (file) => items.find((item) => item.file === file) ?? null,
  };
}

/** Throws unless name and version match the ecosystem's grammar. */
export function assertSpec(spec: PackageSpec, name: RegExp, version: RegExp): void {
  if (!name.test(spec.name)) throw new Error(`not a package name: ${JSON.stringify(spec.name)}`);
  if (!version.test(spec.version)) throw new Error(`not a version: ${JSON.stringify(spec.version)}`);
}
