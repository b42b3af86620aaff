import type { Containers } from "../engines/containers";
import type { Judgement } from "../promote/gate/clause";
import { readCheck } from "./check-run";
import { StagingRedError, type RedStep } from "./errors";
import type { SetAside } from "./release";
import { restore } from "./set-aside";
import { lastCharacters } from "./tail";
import { messageOf } from "../base/errors/message";

/** A release that is healthy and whose check has run. */
interface CheckedRelease {
  name: string;
  containerId: string;
  imageId: string;
  before: readonly SetAside[];
  /** The release's name, which signs the outcome of its check. */
  release: string;
  /** What the check's program printed. */
  checkOutput: string;
}

/**
 * Judges a release: green when the check succeeded, the container that it was run against is still there, and the
 * gate would promote the image; what ran before can be discarded then. Otherwise red, and it comes back.
 *
 * @param gate judges the image as its promotion will
 * @throws {StagingRedError}
 */
export async function concludeRelease(
  containers: Containers,
  gate: () => Promise<Judgement>,
  release: CheckedRelease,
): Promise<Judgement> {
  let step: RedStep = "check";
  const check = readCheck(release.checkOutput, release.release);
  try {
    if (!check.ok) throw new Error(check.words);
    const current = await containers.find(release.name);
    if (current?.id !== release.containerId || current.imageId !== release.imageId || !current.running) {
      throw new Error(`${release.name} is no longer the container that was checked`);
    }
    step = "gate";
    const judgement = await gate();
    if (!judgement.ok) {
      const said = judgement.clauses.filter(({ ok }) => !ok).map(({ message }) => message);
      throw new Error(said.join("; "));
    }
    return judgement;
  } catch (error) {
    const detail = messageOf(error);
    const aftermath = await restore(containers, release, release.before);
    const output = step === "check" ? lastCharacters(check.output) : "";
    throw new StagingRedError(step, detail, aftermath, output, { cause: error });
  }
}
