import { compareDebianVersions } from "./debian-version";

/** One suite of a Debian archive, as a source line names it (sources.list(5)). */
export interface AptSuite {
  /** Ends with a slash. */
  uri: string;
  suite: string;
  /** None: a flat archive, whose suite is a path that ends with a slash. */
  components: string[];
  /** The architectures that the line is limited to; null: it is not limited. */
  architectures: string[] | null;
}

/** Reads a captured source line; null: it is not one for binary packages. */
export function parseAptSource(entry: string): AptSuite | null {
  const [, options = "", rest = ""] = /^deb (?:\[([^\]]*)\] )?(.+)$/i.exec(entry) ?? [];
  const [uri, suite, ...components] = rest.split(" ");
  if (uri === undefined || uri === "" || suite === undefined) return null;
  const architectures = /(?:^|\s)arch=(\S+)/.exec(options)?.[1]?.split(",") ?? null;
  return { uri: uri.endsWith("/") ? uri : `${uri}/`, suite, components, architectures };
}

/** The folders of a suite that have an index `Packages`, below the URI. */
export function indexFolders({ suite, components }: AptSuite, architecture: string): string[] {
  return components.length === 0
    ? [suite]
    : components.map((component) => `dists/${suite}/${component}/binary-${architecture}/`);
}

/** Where the suite's `Release` stands, below the URI. */
export const releasePath = ({ suite, components }: AptSuite): string =>
  components.length === 0 ? `${suite}Release` : `dists/${suite}/Release`;

/** What apt gives versions of a suite without any preferences (apt_preferences(5)). */
export function priorityOf(release: string): number {
  const isSet = (field: string): boolean => new RegExp(`^${field}: *yes *$`, "im").test(release);
  if (!isSet("NotAutomatic")) return 500;
  return isSet("ButAutomaticUpgrades") ? 100 : 1;
}

/** A version that an archive has, with its priority. */
export interface Candidate {
  version: string;
  priority: number;
}

/** The name under which a package is looked up: with its architecture where it is not the image's own. */
export const aptKey = (name: string, arch: string | undefined): string =>
  arch === undefined ? name : `${name}:${arch}`;

/**
 * Adds the packages of an index (Debian policy 5.3) to the candidates. Of several versions, the one with the highest priority
 * is the candidate, and among these the newest.
 *
 * @param arch the architecture, if it is not the image's own
 */
export function addCandidates(
  candidates: Map<string, Candidate>,
  index: string,
  priority: number,
  arch?: string,
): void {
  let name = "";
  for (const line of index.split("\n")) {
    if (line.startsWith("Package: ")) name = line.slice(9).trim();
    else if (line.startsWith("Version: ") && name !== "") {
      const key = aptKey(name, arch);
      const version = line.slice(9).trim();
      const known = candidates.get(key);
      const isBetter =
        known === undefined ||
        priority > known.priority ||
        (priority === known.priority && compareDebianVersions(version, known.version) > 0);
      if (isBetter) candidates.set(key, { version, priority });
      name = "";
    }
  }
}
