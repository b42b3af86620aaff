import { posix } from "node:path";
import { externalImages } from "../dockerfile/bases";
import type { RecipeSettings } from "../dockerfile/global-arguments";
import { instrument } from "../dockerfile/instrument";
import {
  neededStages,
  runInstructions,
  runsAnything,
  stageBases,
  targetStage,
  type StageBase,
} from "../dockerfile/stages";
import type { ParsedDockerfile, Stage } from "../dockerfile/types";
import type { Lock } from "../../packages/lock/types";
import { joinedRuns, writeFileRuns } from "./shell-file";
import {
  PIN_FOLDER,
  PIN_STAGE,
  pinStage,
  type PinFile,
  type PinnedNpmProject,
  type PinnedStage,
} from "./pinned-stage";

export interface LockedRecipeParts {
  /** The recipe that was built, without pins. */
  parsed: ParsedDockerfile;
  settings: RecipeSettings;
  lock: Lock;
  lockHash: string;
  npmProjects: readonly PinnedNpmProject[];
  /** What each reference in the recipe is pinned to. */
  bases: ReadonlyMap<string, string>;
  /** The user as whom each base image runs, by the reference in the recipe; empty means root. Default: not known. */
  users?: ReadonlyMap<string, string>;
}

/**
 * Commands that fail if their folder exists already, or is not empty. To mount a lock file into it would make the
 * folder. Such a RUN gets no lock file; the preload still pins it.
 */
const MAKES_FOLDER =
  /\bmkdir\s+(?!-\w*p|--parents)|\bgit\s+clone\b|\bdegit\b|\bnpm\s+(?:create|init)\s+[^-\s]|\bnpx\s+(?:-\S+\s+)*create-/;

/** The base image of the helper stage that contains the pins. A stage that gets pins has it too, so it has a shell. */
interface Carrier {
  image: string;
  /** The value of the FROM's `--platform`, as written. */
  platform: string | null;
  /** Its commands run as root anyway. Some images don't even know another user. */
  root: boolean;
  /** A RUN of the recipe uses its shell. If all RUNs are in JSON form, the image may have none. */
  shell: boolean;
}

/** The index of the stage whose FROM names the external image on which a stage is built. Null for `scratch`. */
function foundation(bases: readonly StageBase[], index: number): number | null {
  const base = bases[index];
  if (base?.kind === "stage") return foundation(bases, base.index);
  return base?.kind === "image" ? index : null;
}

/**
 * Makes the recipe that repeats what the lock records. Base images are pinned by digest. apt may install only the
 * locked versions, pip gets constraints, and npm gets a preload. npm projects also get their lock files, because only
 * these say which version goes where. The shell text of RUN stays as it is: the pins come from a helper stage, through
 * mounts and ARGs.
 */
export function lockedRecipe(parts: LockedRecipeParts): string {
  const { parsed, settings, lock, npmProjects } = parts;
  const final = targetStage(parsed, settings.target);
  const bases = stageBases(parsed, settings);
  const pins = new Map<number, PinnedStage>();
  let carrier: Carrier | null = null;
  for (const index of neededStages(parsed, settings)) {
    const stage = parsed.stages[index] as Stage;
    const standsOn = foundation(bases, index);
    if (!runsAnything(stage) || standsOn === null) continue;
    const pinned = pinStage(stage, index === final, lock, npmProjects);
    if (pinned.files.length === 0) continue;
    pins.set(index, pinned);
    const image = externalImages(parsed, settings).find(({ uses }) =>
      uses.some((use) => use.kind === "from" && use.stage === standsOn),
    );
    const name = parts.bases.get(image?.reference ?? "") ?? image?.reference;
    const platform = (parsed.stages[standsOn] as Stage).from.platform;
    const root = parts.users?.get(image?.reference ?? "") === "";
    if (name === undefined) continue;
    const shell = stage.instructions.some(
      (item) => item.keyword === "RUN" && !item.onbuild && item.exec === null,
    );
    if (carrier === null || (shell && !carrier.shell)) carrier = { image: name, platform, root, shell };
  }
  return instrument(parsed, settings, {
    bases: parts.bases,
    header: carrier === null ? "" : helperStage(carrier, parts.lockHash, pins, parsed.escape),
    run: (stage, instruction) => {
      const pinned = pins.get(stage.index);
      if (pinned === undefined) return [];
      const text = parsed.text.slice(instruction.start, instruction.end);
      const takesLock = /\bnpm\b/.test(text) && !MAKES_FOLDER.test(text);
      const { mounts, npmMounts } = pinned.run(runInstructions(stage).indexOf(instruction) + 1);
      return [...mounts, ...(takesLock ? npmMounts : [])];
    },
    stageArguments: (stage) => pins.get(stage.index)?.arguments ?? {},
  });
}

function helperStage(
  { image, platform, root }: Carrier,
  lockHash: string,
  pins: ReadonlyMap<number, PinnedStage>,
  escape: string,
): string {
  return [
    `FROM ${platform === null ? "" : `--platform=${platform} `}${image} AS ${PIN_STAGE}`,
    `# The pins of lock ${lockHash}; every RUN below sees its stage's.`,
    ...(root ? [] : ["USER 0"]),
    'SHELL ["/bin/sh", "-c"]',
    ...joinedRuns(
      [...pins.values()].flatMap(({ files }) => writeRuns(files, escape)),
      escape,
    ),
    "",
    "",
  ].join("\n");
}

/** npm writes to its lock file, also when it does not run as root. */
const NPM_LOCK = /\/npm-\d+\.json$/;

function writeRuns(files: readonly PinFile[], escape: string): string[] {
  const at = ({ path }: PinFile): string => `${PIN_FOLDER}/${path}`;
  const folders = new Set(files.map((file) => posix.dirname(at(file))));
  const locks = files.filter(({ path }) => NPM_LOCK.test(path)).map(at);
  return [
    ...[...folders].map((folder) => `RUN mkdir -p ${folder}`),
    ...files.flatMap((file) => writeFileRuns(at(file), file.lines, escape)),
    ...(locks.length === 0 ? [] : [`RUN chmod 0666 ${locks.join(" ")}`]),
  ];
}
