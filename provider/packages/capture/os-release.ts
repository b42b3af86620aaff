/** What is used of an os-release file, see os-release(5). */
export interface OsRelease {
  /** `ID`, lower case; null where the file has none. */
  id: string | null;
  /** `ID_LIKE`, lower case. */
  like: string[];
}

/** Parses os-release text. Lines that are no assignment are skipped, as a shell that sources it would. */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (match) {
      values.set(match[1]!, unquote(match[2]!));
    }
  }
  const id = values.get("ID")?.toLowerCase() ?? "";
  const like = (values.get("ID_LIKE") ?? "").toLowerCase();
  return {
    id: /^[a-z0-9._-]{1,64}$/.test(id) ? id : null,
    like: like.split(/\s+/).filter((word) => word !== ""),
  };
}

/** True where Debian's packaging is the system's own: Debian, Ubuntu and what calls itself like them. */
export function isDebianFamily(release: OsRelease | null): boolean {
  return release !== null && [release.id, ...release.like].some((id) => id === "debian" || id === "ubuntu");
}

/** True where apk's packaging is the system's own: Alpine, what calls itself like it, and Wolfi. */
export function isAlpineFamily(release: OsRelease | null): boolean {
  return (
    release !== null &&
    [release.id, ...release.like].some((id) => id === "alpine" || id === "wolfi" || id === "chainguard")
  );
}

/** Systems made of rpm packages, by what they call themselves or say they are like. */
const RPM_FAMILY: ReadonlySet<string> = new Set([
  ...["fedora", "rhel", "centos", "suse", "opensuse", "amzn"],
  ...["azurelinux", "mariner", "photon", "openeuler", "altlinux"],
]);

/** True where rpm's packaging is the system's own. */
export function isRpmFamily(release: OsRelease | null): boolean {
  return release !== null && [release.id, ...release.like].some((id) => id !== null && RPM_FAMILY.has(id));
}

function unquote(value: string): string {
  const quote = value[0];
  if (value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote)) {
    const inner = value.slice(1, -1);
    return quote === '"' ? inner.replace(/\\([\\"$`])/g, "$1") : inner;
  }
  return value;
}
