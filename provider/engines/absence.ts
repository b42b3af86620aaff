import type { EngineIdentity } from "./engine";

/** What is compared of an engine that has the ID of a recorded one. Records of older versions lack it. */
export type EnginePlace = Pick<EngineIdentity, "machine" | "imageStore">;

/** Why an image that an engine does not have need not be gone. */
export interface AbsenceDoubt {
  /** The end of the sentence "the image is not on this engine, which ...". */
  which: string;
  todo: string;
}

/**
 * Whether an engine with the recorded ID can be taken for the one that had an image, so that what it does not have is gone.
 *
 * @returns null: it can
 */
export function absenceDoubt(recorded: EnginePlace, now: EnginePlace): AbsenceDoubt | null {
  if (recorded.machine !== undefined && recorded.machine !== now.machine) {
    return {
      which:
        "has the ID of the engine that built it, but another name or data folder: cloned machines share that ID",
      todo: "To build it here, change the input `force`",
    };
  }
  if (recorded.imageStore === undefined || recorded.imageStore === now.imageStore) return null;
  return {
    which:
      `keeps its images in another store now (${now.imageStore ?? "it does not say which"}) than when it built this one ` +
      `(${recorded.imageStore}): what it had before is hidden, and not gone`,
    todo: "Switch the store back (daemon.json: storage-driver, features), or change the input `force` to build it here",
  };
}
