import type { ParsedDockerfile, Stage } from "../dockerfile/types";
import { runInstructions } from "../dockerfile/stages";
import type { AptRecord, RecordedStep } from "./read-records";

/** What apt unpacked, and in which RUN of its stage, from 1; no number if that is not known. */
export interface PlacedRecord extends AptRecord {
  run?: number;
}

export interface StageRecords {
  records: PlacedRecord[];
  /** Paths of preferences that apt read in place of its own and of the pins'. */
  preferences: string[];
  /** false if records may be missing. */
  complete: boolean;
}

/**
 * The records of a build, by the index of their stage. If a step belongs to no stage of the recipe, the records of all
 * stages count as incomplete.
 *
 * @param givenName the name that a stage without a name got for this build
 */
export function placeRecords(
  steps: readonly RecordedStep[],
  parsed: Pick<ParsedDockerfile, "stages">,
  givenName: (stage: Stage) => string,
): Map<number, StageRecords> {
  const indices = new Map<string | null, number>();
  for (const stage of parsed.stages) {
    // The name that BuildKit gives a stage without one. If another stage really has this name, that one counts.
    for (const name of [`stage-${stage.index}`, givenName(stage)]) {
      if (!parsed.stages.some((other) => other.name === name)) indices.set(name, stage.index);
    }
    if (stage.name !== null) indices.set(stage.name, stage.index);
  }
  if (parsed.stages.length === 1) indices.set(null, 0);
  const found = new Map<number, StageRecords>();
  const of = (index: number): StageRecords => {
    const stage = found.get(index) ?? { records: [], preferences: [], complete: true };
    found.set(index, stage);
    return stage;
  };
  for (const { stage, runsAfter, records, preferences, complete } of steps) {
    const index = indices.get(stage);
    if (index === undefined) {
      for (const known of parsed.stages) of(known.index).complete = false;
      continue;
    }
    // RUNs that a base image brings (ONBUILD) come before those of the recipe, so these are counted from the end.
    const run = runsAfter === null ? 0 : runInstructions(parsed.stages[index] as Stage).length - runsAfter;
    of(index).records.push(...records.map((record) => (run < 1 ? record : { ...record, run })));
    of(index).preferences.push(...preferences);
    if (!complete) of(index).complete = false;
  }
  return found;
}
