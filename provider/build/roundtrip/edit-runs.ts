import { parseDockerfile } from "../../recipe/dockerfile/parse";
import { runInstructions } from "../../recipe/dockerfile/stages";
import type { RunInstruction } from "../../recipe/dockerfile/types";
import { FREE } from "../../recipe/pins/free";
import type { Place } from "./failed-instruction";

/** What another attempt does otherwise with one RUN and those that follow it in its stage. */
export interface Retried {
  place: Place;
  variables: Readonly<Record<string, string>>;
  /** Whether npm's projects keep the lock files of the recipe itself. */
  ownLockFiles?: boolean;
}

/** The variable by which the pins of pip and npm leave free what they can't be reconciled with. */
export const FREE_VARIABLE = { [FREE]: "1" };

/** How a locked recipe mounts the lock file of an npm project. */
const LOCK_MOUNT = / --mount=type=bind,from=[^\s,]+,source=\/[^\s,]+\/npm-\d+\.json,target=[^\s,]+,rw(?=\s)/g;

/** A recipe's text for another attempt. The text of its commands stays. */
export function editRuns(text: string, changes: readonly Retried[]): string {
  const parsed = parseDockerfile(text);
  const lines = new Map<RunInstruction, Record<string, string>>();
  const bare = new Set<RunInstruction>();
  for (const { place, variables, ownLockFiles } of changes) {
    const own = runInstructions(place.stage);
    const at = own.findIndex((run) => run === place.instruction);
    const stage = parsed.stages[place.stage.index];
    const following = at < 0 || stage === undefined ? [] : runInstructions(stage).slice(at);
    const [first] = following;
    if (first === undefined) continue;
    lines.set(first, { ...lines.get(first), ...variables });
    if (ownLockFiles === true) for (const run of following) bare.add(run);
  }
  const touched = parsed.stages
    .flatMap((stage) => runInstructions(stage))
    .filter((run) => lines.has(run) || bare.has(run))
    .sort((a, b) => b.start - a.start);
  return touched.reduce((edited, run) => {
    const flags = edited.slice(run.flagOffset, run.end);
    const rest = bare.has(run) ? flags.replace(LOCK_MOUNT, "") : flags;
    const added = Object.entries(lines.get(run) ?? {}).map(([name, value]) => `ARG ${name}=${value}\n`);
    const keyword = edited.slice(run.start, run.flagOffset);
    return edited.slice(0, run.start) + added.join("") + keyword + rest + edited.slice(run.end);
  }, text);
}
