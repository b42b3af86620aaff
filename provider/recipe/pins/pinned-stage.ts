import type { Stage } from "../dockerfile/types";
import { isInImage } from "../../packages/lock/transient";
import type { Lock, LockedPackage } from "../../packages/lock/types";
import { aptConfiguration, aptPreferences } from "./apt";
import { ALL_FREE, FREE } from "./free";
import { npmPins } from "./npm";
import { NPM_PRELOAD } from "./npm-preload";
import { pipConstraints, pipEnvironments } from "./pip";
import { PIP_CUSTOMIZE } from "./pip-customize";
import type { PinFile } from "./pin-files";
import type { ReplacedInRun } from "./replaced";
import { changesOf, packagesOfRun, projectsOfRun } from "./superseded";

/** Where a RUN sees the pins. It is below /dev, so that the mount point does not get into the layer. */
export const PIN_TARGET = "/dev/verified-images";

/** apt's configuration, beside the other pins. */
export const APT_CONFIGURATION = "apt.conf";
/** pip's constraints. */
const PIP_CONSTRAINTS = "constraints.txt";

/** The form of directories that a mount flag can name. In any other directory a project gets no lock file. */
const MOUNTABLE = /^\/[^\s"'$,\\`]*$/;

/** Folders that npx makes itself, as the current user. A mount would make them before, as root. */
const MADE_BY_NPX = /\/_npx\//;

export interface PinnedNpmProject {
  /** Index of its stage in the recipe. */
  stage: number;
  root: string;
  lock: string;
  /** The last RUN of the stage after which the file was there, from 1; left out if it is there at the stage's end. */
  run?: number;
}

/** Flags for one RUN. */
export interface PinMounts {
  mounts: string[];
  /** More flags, if it calls npm. */
  npmMounts: string[];
}

export interface PinnedStage {
  files: PinFile[];
  /**
   * @param run the number of the RUN in its stage, from 1
   * @param from the image that carries the pins
   */
  run: (run: number, from: string) => PinMounts;
  arguments: Record<string, string>;
}

/**
 * The name of a stage in a lock: its own name, or else its number in the recipe without pins.
 */
export function stageLabel(stage: Stage): string {
  return stage.name ?? String(stage.index);
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
 * The pins of one stage. There are no files if the lock pins nothing in it.
 *
 * A RUN is bound to what stood when it had run. So there is a folder of pins for all RUNs until a change, and one for those
 * after the last change.
 *
 * @param final whether this stage becomes the image
 * @param replaced what single RUNs install at several versions: these get a folder of their own
 * @param preferred the pins give way to what the recipe asks for
 */
export function pinStage(
  stage: Stage,
  final: boolean,
  lock: Lock,
  npmProjects: readonly PinnedNpmProject[],
  replaced: readonly ReplacedInRun[] = [],
  preferred = false,
): PinnedStage {
  const packages = stagePackages(lock, final ? null : stageLabel(stage));
  const projects = npmProjects.filter(
    ({ stage: at, root }) => at === stage.index && MOUNTABLE.test(root) && !MADE_BY_NPX.test(root),
  );
  const { apt, variables: tools } = pinnedTools(lock, packages);
  const variables = preferred && Object.keys(tools).length > 0 ? { ...tools, [FREE]: ALL_FREE } : tools;
  const anything = Object.keys(variables).length > 0 || projects.length > 0;
  const until = [...changesOf([...packages, ...projects]), null];
  const groups = until.map((run) => {
    const folder = run === null ? `${stage.index}` : `${stage.index}-until-run-${run}`;
    const locks = projectsOfRun(projects, run);
    const files = anything ? filesOf(packagesOfRun(packages, run), locks, { apt, preferred }) : [];
    return { run, folder, locks, files };
  });
  const own = replaced.filter((one) => one.stage === stage.index);
  const single = [...new Set(own.map(({ run }) => run))].flatMap((run) => {
    const group = groups.find((one) => one.run === null || one.run >= run);
    if (group === undefined) return [];
    const these = own.filter((one) => one.run === run);
    const files = filesOf(packagesOfRun(packages, group.run), group.locks, { apt, preferred }, these);
    return [{ ...group, only: run, folder: `${stage.index}-run-${run}`, files }];
  });
  const files = [...groups, ...single].flatMap(({ folder, files }) =>
    files.map(({ path, text }) => ({ path: `${folder}/${path}`, text })),
  );
  return {
    files,
    arguments: variables,
    run(number, image) {
      const group =
        single.find(({ only }) => only === number) ?? groups.find(({ run }) => run === null || run >= number);
      if (!anything || group === undefined) return { mounts: [], npmMounts: [] };
      const from = `--mount=type=bind,from=${image},source=/${group.folder}`;
      return {
        mounts: [`${from},target=${PIN_TARGET}`],
        npmMounts: group.locks.map(
          ({ root }, index) => `${from}/npm-${index}.json,target=${root}/package-lock.json,rw`,
        ),
      };
    },
  };
}

/**
 * Which tools get pins in a stage, and the variables by which they find these. If one stage needs pins of pip or npm, all
 * get them, because a stage inherits the ARGs of the stage that it is FROM.
 */
function pinnedTools(
  lock: Lock,
  packages: readonly LockedPackage[],
): { apt: boolean; variables: Record<string, string> } {
  const apt = aptPreferences(packages).length > 0;
  const pip = pipConstraints(lock.packages).length + pipEnvironments(lock.packages).length > 0;
  const npm = lock.packages.some(({ ecosystem }) => ecosystem === "npm");
  return {
    apt,
    variables: {
      ...(apt ? { APT_CONFIG: `${PIN_TARGET}/${APT_CONFIGURATION}` } : {}),
      ...(pip
        ? { PIP_CONSTRAINT: `${PIN_TARGET}/${PIP_CONSTRAINTS}`, PYTHONPATH: `${PIN_TARGET}/python` }
        : {}),
      ...(npm ? { NODE_OPTIONS: `--require ${PIN_TARGET}/npm-pins.cjs` } : {}),
    },
  };
}

const file = (path: string, lines: readonly string[]): PinFile => ({
  path,
  text: lines.map((line) => `${line}\n`).join(""),
});

/** The constraints of single Python environments, and the list of these environments that pip-customize.ts reads. */
function environmentFiles(packages: readonly LockedPackage[]): PinFile[] {
  const environments = pipEnvironments(packages);
  if (environments.length === 0) return [];
  return [
    file(
      "environments.txt",
      environments.map(({ root }, index) => `${index} ${root}`),
    ),
    ...environments.map(({ lines }, index) => file(`environment-${index}.txt`, lines)),
  ];
}

/**
 * The pins of a stage whose commands all have the same: a folder of files, and the variables by which the tools find them.
 * Null if the lock pins nothing in it.
 *
 * @param target where the commands see the folder
 */
export function pinFolder(
  lock: Lock,
  stage: string | null,
  target: string,
): { files: PinFile[]; variables: Record<string, string> } | null {
  const packages = stagePackages(lock, stage);
  const { apt, variables } = pinnedTools(lock, packages);
  if (Object.keys(variables).length === 0) return null;
  const files = filesOf(packagesOfRun(packages, null), [], { apt, preferred: false }).map((one) =>
    one.path === APT_CONFIGURATION && apt ? file(one.path, aptConfiguration(target)) : one,
  );
  const there = Object.entries(variables).map(([name, value]) => [name, value.replace(PIN_TARGET, target)]);
  return { files, variables: Object.fromEntries(there) as Record<string, string> };
}

/**
 * The files of one folder of pins. They are the same ones for every RUN: what pins nothing is empty, or without effect.
 *
 * @param of apt: whether apt is pinned; without packages, its configuration would hide the image's own preferences
 */
function filesOf(
  packages: readonly LockedPackage[],
  locks: readonly PinnedNpmProject[],
  { apt, preferred }: { apt: boolean; preferred: boolean },
  replaced: readonly ReplacedInRun[] = [],
): PinFile[] {
  const pins = npmPins(packages);
  return [
    file(APT_CONFIGURATION, apt ? aptConfiguration(PIN_TARGET, preferred) : []),
    file("preferences", aptPreferences(packages, preferred)),
    // apt warns if the folder is missing, and ignores a file whose name starts with a dot.
    file("preferences.d/.empty", []),
    file(PIP_CONSTRAINTS, pipConstraints(packages, replaced)),
    ...environmentFiles(packages),
    { path: "python/sitecustomize.py", text: PIP_CUSTOMIZE },
    file("npm-pins.json", pins.length === 0 ? ["{}"] : pins),
    { path: "npm-pins.cjs", text: NPM_PRELOAD },
    ...locks.map(({ lock }, index) => ({ path: `npm-${index}.json`, text: lock })),
  ];
}

/** The files that a RUN without pins finds in the place of pins. They pin nothing. */
export const neutralPins = (): PinFile[] => filesOf([], [], { apt: false, preferred: false });
