/** The fields of an os-release file that are used; see os-release(5). */
export interface OsRelease {
  /** `ID`, in lower case; null if the file has none. */
  id: string | null;
  /** The words of `ID_LIKE`, in lower case. */
  like: string[];
}

/** Parses os-release text. Lines that are no assignment are skipped. */
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

/** Whether the system consists of Debian packages: Debian, Ubuntu, and systems that say they are like them. */
export function isDebianFamily(release: OsRelease | null): boolean {
  return release !== null && [release.id, ...release.like].some((id) => id === "debian" || id === "ubuntu");
}

/** Whether the system consists of apk packages: Alpine, systems that say they are like it, and Wolfi. */
export function isAlpineFamily(release: OsRelease | null): boolean {
  return (
    release !== null &&
    [release.id, ...release.like].some((id) => id === "alpine" || id === "wolfi" || id === "chainguard")
  );
}

/** The systems that consist of rpm packages, by `ID` or `ID_LIKE`. */
const RPM_FAMILY: ReadonlySet<string> = new Set([
  ...["fedora", "rhel", "centos", "suse", "opensuse", "amzn"],
  ...["azurelinux", "mariner", "photon", "openeuler", "altlinux"],
]);

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
