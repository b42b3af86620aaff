import type { Stage } from "../dockerfile/types";
import { isInImage } from "../../packages/lock/transient";
import type { Lock, LockedPackage } from "../../packages/lock/types";
import { aptConfiguration, aptPreferences } from "./apt";
import { npmPins } from "./npm";
import { NPM_PRELOAD } from "./npm-preload";
import { pipConstraints } from "./pip";
import { writeFileRuns } from "./shell-file";

/** Name of the helper stage that contains the pins. A stage's name has to start with a letter. */
export const PIN_STAGE = "verified-images-pins";
/** Where a RUN sees the pins. It is below /dev, so that the mount point does not get into the layer. */
export const PIN_TARGET = "/dev/verified-images";

/** The form of directories that a mount flag can name. In any other directory a project gets no lock file. */
const MOUNTABLE = /^\/[^\s"'$,\\`]*$/;

/** Folders that npx makes itself, as the current user. A mount would make them before, as root. */
const MADE_BY_NPX = /\/_npx\//;

export interface PinnedNpmProject {
  /** Index of its stage in the recipe. */
  stage: number;
  root: string;
  lock: string;
}

export interface PinnedStage {
  /** Instructions of the helper stage that write this stage's files. */
  writes: string[];
  /** Flags for each of the stage's RUNs. */
  mounts: string[];
  /** More flags for those RUNs that call npm. */
  npmMounts: string[];
  arguments: Record<string, string>;
}

/**
 * The name of a stage in a lock: its own name, or else its number in the recipe without pins.
 *
 * @param shift how many stages a locked recipe has before the first one of the recipe without pins
 */
export function stageLabel(stage: Stage, shift = 0): string {
  return stage.name ?? String(stage.index - shift);
}

/**
 * The packages to which one stage is pinned. If the lock records a package for the stage itself, that one counts, else
 * the final image's. Packages that were removed again are included.
 *
 * @param stage the stage's name in the lock; null for the final stage
 */
export function stagePackages(lock: Lock, stage: string | null): LockedPackage[] {
  const ofImage = lock.packages.filter((item) => item.stage === undefined);
  if (stage === null) return ofImage;
  const final = ofImage.filter(isInImage);
  const own = lock.packages.filter((item) => item.stage === stage);
  const identity = (item: LockedPackage): string =>
    JSON.stringify([item.ecosystem, item.name, item.arch ?? ""]);
  const overridden = new Set(own.map(identity));
  return [...own, ...final.filter((item) => !overridden.has(identity(item)))];
}

/**
 * The pins of one stage. All are empty if the lock pins nothing in it.
 *
 * @param final whether this stage becomes the image
 */
export function pinStage(
  stage: Stage,
  final: boolean,
  lock: Lock,
  npmProjects: readonly PinnedNpmProject[],
  escape: string,
): PinnedStage {
  const packages = stagePackages(lock, final ? null : stageLabel(stage));
  const directory = `/verified-images/${stage.index}`;
  const preferences = aptPreferences(packages);
  const constraints = pipConstraints(packages);
  const projects = npmProjects.filter(
    ({ stage: at, root }) => at === stage.index && MOUNTABLE.test(root) && !MADE_BY_NPX.test(root),
  );
  const pinned: PinnedStage = { writes: [], mounts: [], npmMounts: [], arguments: {} };
  const write = (name: string, lines: readonly string[]): void => {
    pinned.writes.push(...writeFileRuns(`${directory}/${name}`, lines, escape));
  };
  if (preferences.length > 0) {
    write("apt.conf", aptConfiguration(PIN_TARGET));
    write("preferences", preferences);
    pinned.arguments.APT_CONFIG = `${PIN_TARGET}/apt.conf`;
  }
  if (constraints.length > 0) {
    write("constraints.txt", constraints);
    pinned.arguments.PIP_CONSTRAINT = `${PIN_TARGET}/constraints.txt`;
  }
  // If one stage needs npm pins, all get them, because a stage inherits the ARGs of the stage that it is FROM.
  if (lock.packages.some(({ ecosystem }) => ecosystem === "npm")) {
    const pins = npmPins(packages);
    write("npm-pins.json", pins.length === 0 ? ["{}"] : pins);
    write("npm-pins.cjs", NPM_PRELOAD.trimEnd().split("\n"));
    pinned.arguments.NODE_OPTIONS = `--require ${PIN_TARGET}/npm-pins.cjs`;
  }
  projects.forEach((project, index) => {
    write(`npm-${index}.json`, project.lock.replace(/\n$/, "").split("\n"));
    const source = `${directory}/npm-${index}.json`;
    pinned.npmMounts.push(
      `--mount=type=bind,from=${PIN_STAGE},source=${source},target=${project.root}/package-lock.json,rw`,
    );
  });
  if (pinned.writes.length === 0) return pinned;
  pinned.writes.unshift(`RUN mkdir -p ${directory}/preferences.d`);
  // npm writes to its lock file, also when it does not run as root.
  if (projects.length > 0) pinned.writes.push(`RUN chmod 0666 ${directory}/npm-*.json`);
  pinned.mounts.push(`--mount=type=bind,from=${PIN_STAGE},source=${directory},target=${PIN_TARGET}`);
  return pinned;
}
