/** The package ecosystems of a lock. They are also the prefixes of names in a drift. */
export const ECOSYSTEMS = [
  "dpkg",
  "apk",
  "rpm",
  "pip",
  "npm",
  "gem",
  "conda",
  "cargo",
  "go",
  "file",
] as const;

/**
 * One of {@link ECOSYSTEMS}. `file` occurs only in locks of images that have no packages other than the modules of which
 * programs were made.
 */
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** One installed package. Its identity is (stage, transient, ecosystem, root, name, arch). The rest is compared. */
export interface LockedPackage {
  ecosystem: Ecosystem;
  /** Normalised: as in PEP 503 for pip, with its scope for npm, an absolute path for `file`. */
  name: string;
  /** As the ecosystem writes it. `<version>-<platform>` for a gem of one platform, `<version>-<build>` for conda. */
  version: string;
  /** Debian or rpm architecture. Left out if it is the image's own, `all` or `noarch`. */
  arch?: string;
  /**
   * Directory that contains the package (a site-packages, a node_modules, a gem root, a conda prefix), or the program
   * that was made of it (go, cargo). Left out for system databases.
   */
  root?: string;
  /**
   * `sha256:...` or an SRI string, if the image has one. For dpkg it is the hash of the .deb, if apt unpacked it in the
   * build. Packages of a base image, and those that dpkg installed without apt, have none. For pip it is a hash over
   * the installed files, not the wheel's (`recordHash`). For go it is that of a `go.sum`, `h1:` and base64.
   */
  hash?: string;
  /**
   * The build stage that has the package: the stage's name, or its number if it has none. Left out for the stage that
   * becomes the image.
   */
  stage?: string;
  /** The package was installed and removed again within the build, so no file system contains it. */
  transient?: true;
  /**
   * Of a transient package: the number of the last RUN of its stage after which it was there, from 1. That RUN and those
   * before it are bound to it. Later ones are bound to what came after it. Left out if it is not known: then all RUNs may
   * install it.
   */
  run?: number;
}

/** An image that a FROM, COPY --from or RUN --mount names, and the digest that was used. */
export interface LockedBase {
  reference: string;
  /** Registry digest. A local image that has none gets its image ID. */
  digest: string;
}

/** Where packages came from, according to the image itself (an apt source line, a pip index). */
export interface PackageSource {
  ecosystem: Ecosystem;
  entry: string;
}

/** Something in the recipe that a lock can't pin. */
export interface Unpinned {
  /** Line in the recipe, from 1. */
  line: number;
  /** `curl-pipe-shell`, `git-clone`, `download`, `add-url`, ...; `UNPINNED_KINDS` has them all. */
  kind: string;
  /** The text in the recipe, on one line. */
  text: string;
  /** Why it can't be pinned, in a sentence. */
  reason: string;
}

/** How each line about something that is not captured begins. */
export const NOT_CAPTURED = "not captured: ";

/** An instruction of the recipe, by its keyword and the hash of its text. */
export interface LockedInstruction {
  instruction: string;
  hash: string;
}

/** The lock file of an npm project in the image or in a stage, which says what version goes where. */
export interface LockedProject {
  root: string;
  /** As of a package. */
  stage?: string;
  /** The last RUN of the stage after which the file was there, from 1; left out if it is there at the stage's end. */
  run?: number;
  /** Its lines. */
  text: string[];
}

/** A Python distribution that one RUN installed at several versions, of which only the last one stayed. */
export interface LockedReplacement {
  /** As of a package. */
  stage?: string;
  /** The number of the RUN in its stage, from 1. */
  run: number;
  name: string;
  versions: string[];
}

/** What a lock has besides packages, so that an image can be built from the recipe and the lock alone. */
export interface LockedBuild {
  /** The instructions of the recipe, in its order. */
  recipe: LockedInstruction[];
  /** The stage that was built, as the input `target` named it; left out: the last one. */
  target?: string;
  /** What was built for, such as `linux/amd64`. */
  platform: string;
  npmProjects: LockedProject[];
  replaced: LockedReplacement[];
  /** Stages (`""` for the image's own) whose transient packages may be missing, because part of a log was missing. */
  incomplete: string[];
  /** Stages (`""` for the image's own) of which it is not known what pip and npm had installed after each RUN. */
  unordered: string[];
}

/**
 * What an image contains. A lock file is JSON with each package on one line, the same bytes for equal locks. A lock of
 * schema 2 was written by an earlier version, and has nothing of {@link LockedBuild}.
 */
export interface Lock extends Partial<LockedBuild> {
  schema: 2 | 3;
  bases: LockedBase[];
  packages: LockedPackage[];
  sources: PackageSource[];
  unpinned: Unpinned[];
  /**
   * What the image has, or a stage, and nobody reads: it is neither listed nor compared. Each is a line for people that
   * begins with `not captured: `.
   */
  notCaptured: string[];
}

/** What differs between two locks. All three lists are always there, sorted by name. */
export interface Drift {
  changed: { name: string; from: string; to: string }[];
  added: { name: string; version: string }[];
  removed: { name: string; version: string }[];
}
