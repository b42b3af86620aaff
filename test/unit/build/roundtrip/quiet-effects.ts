import assert from "node:assert/strict";
import type { Effects } from "../../../../provider/build/roundtrip/effects";
import { FROM_DISK } from "../../../../provider/build/roundtrip/source";
import { memoryEngine } from "../../promote/gate/memory-engine";

/** Effects that tell nobody anything, and start nothing; with what a test wants to be different. */
export const quietEffects = (changes: Partial<Effects> = {}): Effects => ({
  engine: memoryEngine([]),
  now: () => new Date(),
  report: () => undefined,
  warn: () => undefined,
  note: () => undefined,
  reader: FROM_DISK,
  concurrency: 1,
  detach: () => assert.fail("nothing is to be started"),
  ...changes,
});
