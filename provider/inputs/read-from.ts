import { z } from "zod";
import type { Sighting } from "../base/git/still";
import { isFullRevision } from "../base/revision/revision";
import { InputError } from "./failure";

const sighting = z.object({
  worktree: z.string(),
  head: z.string().refine(isFullRevision),
  changed: z.array(z.string()).nullable(),
});

/**
 * Reads the input `readFrom`: the work tree when the revision was read from it. Null: it is not given.
 *
 * @throws {InputError} when it is something else
 */
export function readFromOf(given: unknown): Sighting | null {
  if (given === undefined || given === null) return null;
  const read = sighting.safeParse(given).data;
  if (read !== undefined) return read;
  throw new InputError([{ property: "readFrom", reason: "expected what `stamp` of releaseAnchor has" }]);
}
