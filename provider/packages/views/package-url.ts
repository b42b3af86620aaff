import type { Ecosystem, Lock, LockedPackage } from "../lock/types";

/** The names of distributions that package URLs use, by ecosystem; null if the lock does not tell. */
export type Vendors = Partial<Record<Ecosystem, string | null>>;

const KNOWN: Partial<Record<Ecosystem, readonly string[]>> = {
  // A derivative also mentions the distribution that it is derived from, so derivatives come first.
  dpkg: ["raspbian", "ubuntu", "debian"],
  apk: ["wolfi", "chainguard", "alpine"],
  rpm: ["fedora", "almalinux", "rocky", "centos", "opensuse", "mageia"],
};

/**
 * Finds out from which distribution a lock's system packages come. It looks for the distribution's name in base images,
 * package sources and versions.
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
  cargo: "cargo",
  go: "golang",
};

/** Percent-encoding for package URLs, in which colons stay. */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}

/** Splits a version: package URLs keep the epoch, build or platform apart from it. */
function versionOf({ ecosystem, version }: LockedPackage): { version: string; more: Record<string, string> } {
  const split = (pattern: RegExp, name: string, at: 1 | 2): ReturnType<typeof versionOf> => {
    const [, first = "", second = ""] = pattern.exec(version) ?? [];
    if (first === "") return { version, more: {} };
    const [value, rest] = at === 1 ? [first, second] : [second, first];
    return { version: rest, more: { [name]: value } };
  };
  if (ecosystem === "rpm") return split(/^(\d+):(.+)$/, "epoch", 1);
  if (ecosystem === "conda") return split(/^(.+)-([^-]+)$/, "build", 2);
  // Go writes its own version as `go1.22.3`; the modules' versions begin with a `v`.
  if (ecosystem === "go") return { version: version.replace(/^go(?=\d)/, ""), more: {} };
  if (ecosystem === "gem") return split(/^([^-]+)-(.+)$/, "platform", 2);
  return { version, more: {} };
}

/**
 * The package URL (ECMA-427) of a package. Null for files, and for system packages if the lock does not tell which
 * distribution they are from.
 */
export function packageUrl(item: LockedPackage, vendors: Vendors): string | null {
  const type = TYPES[item.ecosystem];
  if (type === undefined) return null;
  const vendor = vendors[item.ecosystem];
  if (vendor === null) return null;
  // The type golang has no capital letters (package URL types).
  const path = (item.ecosystem === "go" ? item.name.toLowerCase() : item.name)
    .split("/")
    .filter((part) => part !== "");
  const name = [...(vendor === undefined ? [] : [vendor]), ...path].map(encoded).join("/");
  const { version, more } = versionOf(item);
  const qualifiers = Object.entries({ ...(item.arch === undefined ? {} : { arch: item.arch }), ...more })
    .map(([key, value]) => `${key}=${encoded(value)}`)
    .join("&");
  const behind = (mark: string, text: string): string => (text === "" ? "" : `${mark}${text}`);
  return `pkg:${type}/${name}${behind("@", encoded(version))}${behind("?", qualifiers)}`;
}
