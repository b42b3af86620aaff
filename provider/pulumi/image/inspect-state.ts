import { resolve } from "node:path";
import { sentence } from "../../build/roundtrip/sentence";
import type { Engine } from "../../engines/engine";
import { inspectBuild, type RecordedBuild } from "../../store/inspect-build";
import type { Verification } from "../../store/verified-state";

/** What became of a build, in words for people. */
export type Observation =
  | { answer: "so"; verification: Verification }
  /** `gone`: the image is surely not on the engine any more. */
  | { answer: "different"; words: string; gone: boolean }
  | { answer: "can't tell"; words: string };

/**
 * Looks a build up in the world.
 *
 * @param root of the store, relative to the program's directory
 */
export async function observeBuild(engine: Engine, root: string, build: RecordedBuild): Promise<Observation> {
  const store = resolve(root);
  const found = await inspectBuild(engine, store, build);
  if (found.answer === "so") return { answer: "so", verification: found.verification };
  if (found.answer === "can't tell") {
    const { words, cause } = found;
    return { answer: "can't tell", words: cause === null ? words : sentence(cause, process.cwd(), [store]) };
  }
  const [{ what, words }] = found.differences;
  return { answer: "different", words, gone: what === "image gone" };
}
