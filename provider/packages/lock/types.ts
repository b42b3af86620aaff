/** The package ecosystems a lock can name; also the prefixes of names in a drift. */
export const ECOSYSTEMS = ["dpkg", "apk", "rpm", "pip", "npm", "gem", "conda", "file"] as const;

/** One of {@link ECOSYSTEMS}; `file` stands only in locks of images that have no package at all. */
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** One installed package. Its identity is (stage, transient, ecosystem, root, name, arch); the rest is compared. */
export interface LockedPackage {
  ecosystem: Ecosystem;
  /** Normalised: PEP 503 for pip, scope kept for npm, an absolute path for `file`. */
  name: string;
  /** As the ecosystem writes it; `<version>-<platform>` for a gem of one platform, `<version>-<build>` for conda. */
  version: string;
  /** Debian or rpm architecture; left out where it is the image's own, `all` or `noarch`. */
  arch?: string;
  /**
   * Directory the package stands in (a site-packages, a node_modules, a gem root, a conda prefix); left out for
   * system databases.
   */
  root?: string;
  /**
   * `sha256:...` or an SRI string, where the image knows one; for dpkg that of the .deb, where apt has unpacked it in
   * the build (not for packages of a base image, and not for those that dpkg installed by itself); for pip
   * over the files, not of the wheel (`recordHash`).
   */
  hash?: string;
  /**
   * The build stage whose package this is: its name, or its number if it has none. Left out for the stage that the image
   * is.
   */
  stage?: string;
  /** The package was installed and removed again within the build, so that no file system has it. */
  transient?: true;
}

/** An image that a FROM, COPY --from or RUN --mount names, and what it resolved to. */
export interface LockedBase {
  reference: string;
  /** Registry digest; a local image without one has its image ID. */
  digest: string;
}

/** Where packages came from, as the image itself states it (an apt source line, a pip index). */
export interface PackageSource {
  ecosystem: Ecosystem;
  entry: string;
}

/** Something in the recipe that no lock can pin. */
export interface Unpinned {
  /** 1-based line in the recipe. */
  line: number;
  /** `curl-pipe-shell`, `git-clone`, `download`, `add-url`, ...; `UNPINNED_KINDS` has them all. */
  kind: string;
  /** The recipe's own text, one line. */
  text: string;
  /** A sentence: why it can't be pinned. */
  reason: string;
}

/** The lock: what an image really holds. Its canonical JSON is the lock file, byte for byte. */
export interface Lock {
  schema: 2;
  bases: LockedBase[];
  packages: LockedPackage[];
  sources: PackageSource[];
  unpinned: Unpinned[];
}

/** Drift by contract: always all three lists, sorted by name, empty when there is none. */
export interface Drift {
  changed: { name: string; from: string; to: string }[];
  added: { name: string; version: string }[];
  removed: { name: string; version: string }[];
}
