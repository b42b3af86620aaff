import { createHash } from "node:crypto";
import type { Archive, PackageSpec, Published } from "./archive";
import type { ArchiveHost } from "./archive-host";

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

/** What one kind of archive does differently. */
export interface Kind<Spec extends PackageSpec, Item> {
  sourceLine: string;
  /** The ecosystem's grammar of names and versions. */
  name: RegExp;
  version: RegExp;
  make: (spec: Spec) => Promise<Item>;
  /** The form in which names are compared; default: as they are. */
  normalised?: (name: string) => string;
}

/** The sha256 of some bytes, hex. */
export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** The archive that a host serves from a shelf. */
export function archiveOf<Spec extends PackageSpec, Item extends Published>(
  host: ArchiveHost,
  shelf: Shelf<Item>,
  { sourceLine, make, normalised = (name) => name, ...grammar }: Kind<Spec, Item>,
): Archive<Spec> {
  return {
    url: host.url,
    sourceLine,
    requests: host.requests,
    async publish(spec) {
      for (const [part, what] of [
        ["name", "package name"],
        ["version", "version"],
      ] as const) {
        if (!grammar[part].test(spec[part])) throw new Error(`not a ${what}: ${JSON.stringify(spec[part])}`);
      }
      const item = await make(spec);
      shelf.put(item);
      return { name: item.name, version: item.version, file: item.file, sha256: item.sha256 };
    },
    withdraw: (name, version) => shelf.take(normalised(name), version),
    onceDownloaded: (name, callback) => host.hooks.once(normalised(name), callback),
    answerWith: (status) => host.answerWith(status),
    close: () => host.close(),
  };
}
