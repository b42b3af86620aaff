import { readFile } from "node:fs/promises";
import { BuildFailedError } from "../../engines/errors";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { Lock } from "../../packages/lock/types";
import { readBuildOutput } from "../roundtrip/failed-step";
import { hideSecrets } from "../roundtrip/hide-secrets";
import { namesOutsideLock } from "../roundtrip/outside-lock";
import { pinConflict } from "../roundtrip/pin-conflict";
import { judgeRebuildFailure } from "../roundtrip/rebuild-failure";

/**
 * Why a build from a lock failed, if its pins are to blame: they can't be had any more, or the build asks for something that
 * they lack. Null: it failed for another reason, as it would have without pins.
 */
export async function pinsToBlame(
  error: unknown,
  lock: Lock,
  { secrets }: Pick<BuildPlan, "secrets">,
): Promise<string | null> {
  if (!(error instanceof BuildFailedError)) return null;
  const { failed: found, lines } = readBuildOutput(await readFile(error.logFile, "utf8"));
  if (found === null) return null;
  const failed = await hideSecrets(found, secrets);
  const conflict = pinConflict(failed.lines, lock);
  if (conflict !== null) return conflict.words;
  const outside = namesOutsideLock(failed.lines.join("\n"), lock);
  if (outside.length > 0) return `it asks for packages that the lock does not have: ${outside.join(", ")}`;
  const judged = judgeRebuildFailure(failed, lines, null);
  return judged.answer === "gone" ? judged.reason : null;
}
