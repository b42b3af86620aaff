import type { Ecosystem, Lock, LockedPackage } from "../lock/types";

/** Distribution names as package URLs want them, by ecosystem; null where the lock does not tell. */
export type Vendors = Partial<Record<Ecosystem, string | null>>;

const KNOWN: Partial<Record<Ecosystem, readonly string[]>> = {
  // A derivative also names what it is derived from, so it comes first.
  dpkg: ["raspbian", "ubuntu", "debian"],
  apk: ["wolfi", "chainguard", "alpine"],
  rpm: ["fedora", "almalinux", "rocky", "centos", "opensuse", "mageia"],
};

/**
 * Whose system packages a lock has, judged by what it names: base images, package sources, and versions, which
 * distributions write their names into.
 */
export function vendorsOf(lock: Lock): Vendors {
  const vendors: Vendors = {};
  for (const [ecosystem, names] of Object.entries(KNOWN) as [Ecosystem, readonly string[]][]) {
    const words = [
      ...lock.bases.map(({ reference }) => reference),
      ...lock.sources.filter((source) => source.ecosystem === ecosystem).map(({ entry }) => entry),
      ...lock.packages.filter((item) => item.ecosystem === ecosystem).map(({ version }) => version),
    ];
    vendors[ecosystem] = names.find((name) => words.some((word) => word.includes(name))) ?? null;
  }
  return vendors;
}

const TYPES: Partial<Record<Ecosystem, string>> = {
  dpkg: "deb",
  apk: "apk",
  rpm: "rpm",
  pip: "pypi",
  npm: "npm",
  gem: "gem",
  conda: "conda",
};

/** Percent-encoding as package URLs want it: colons stay. */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}

/** A version, and what package URLs keep apart from it: the lock has both in one. */
function versionOf({ ecosystem, version }: LockedPackage): { version: string; more: Record<string, string> } {
  const split = (pattern: RegExp, name: string, at: 1 | 2): ReturnType<typeof versionOf> => {
    const [, first = "", second = ""] = pattern.exec(version) ?? [];
    if (first === "") return { version, more: {} };
    const [value, rest] = at === 1 ? [first, second] : [second, first];
    return { version: rest, more: { [name]: value } };
  };
  if (ecosystem === "rpm") return split(/^(\d+):(.+)$/, "epoch", 1);
  if (ecosystem === "conda") return split(/^(.+)-([^-]+)$/, "build", 2);
  if (ecosystem === "gem") return split(/^([^-]+)-(.+)$/, "platform", 2);
  return { version, more: {} };
}

/**
 * The package URL (ECMA-427) of a package, or null where there is none: files, and system packages of a
 * distribution that the lock does not name.
 */
export function packageUrl(item: LockedPackage, vendors: Vendors): string | null {
  const type = TYPES[item.ecosystem];
  if (type === undefined) return null;
  const vendor = vendors[item.ecosystem];
  if (vendor === null) return null;
  const path = item.name.split("/").filter((part) => part !== "");
  const name = [...(vendor === undefined ? [] : [vendor]), ...path].map(encoded).join("/");
  const { version, more } = versionOf(item);
  const qualifiers = Object.entries({ ...(item.arch === undefined ? {} : { arch: item.arch }), ...more })
    .map(([key, value]) => `${key}=${encoded(value)}`)
    .join("&");
  const behind = (mark: string, text: string): string => (text === "" ? "" : `${mark}${text}`);
  return `pkg:${type}/${name}${behind("@", encoded(version))}${behind("?", qualifiers)}`;
}
