import { resolve } from "node:path";
import type { Warning } from "../../base/words/warning";
import { sentence } from "../../build/roundtrip/sentence";
import type { Images } from "../../engines/engine";
import { inspectBuild, type RecordedBuild } from "../../store/inspect-build";
import type { Verification } from "../../store/verified-state";
import { differenceWarning } from "./drift-words";

/** Whether a build is still as recorded, in words for people. */
export type Observation =
  | { answer: "so"; verification: Verification }
  /** `gone`: the image is not on the engine any more. */
  | { answer: "different"; words: string; warning: Warning; gone: boolean }
  | { answer: "can't tell"; words: string };

/**
 * Looks whether a build is still as recorded.
 *
 * @param root the store's directory, relative to the program's
 */
export async function observeBuild(engine: Images, root: string, build: RecordedBuild): Promise<Observation> {
  const store = resolve(root);
  const found = await inspectBuild(engine, store, build);
  if (found.answer === "so") return { answer: "so", verification: found.verification };
  if (found.answer === "can't tell") {
    const { words, cause } = found;
    return { answer: "can't tell", words: cause === null ? words : sentence(cause, process.cwd(), [store]) };
  }
  const [first] = found.differences;
  const { what, words } = first;
  return { answer: "different", words, warning: differenceWarning(first), gone: what === "image gone" };
}
