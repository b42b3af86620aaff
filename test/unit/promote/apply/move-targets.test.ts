import type { Digest } from "../../../../provider/base/reference/types";
import assert from "node:assert/strict";
import { DISABLED, type Judgement } from "../../../../provider/promote/gate/clause";
import { PromotionRefusedError } from "../../../../provider/promote/gate/errors";
import { moveTargets } from "../../../../provider/promote/apply/move-targets";
import type { Candidate } from "../../../../provider/promote/gate/candidate";
import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import type { PlatformImage, Registry, RegistryImage } from "../../../../provider/engines/registry/registry";
import { id } from "../../store/scratch";
import { imageOf, memoryEngine } from "../gate/memory-engine";

const [SHA, OTHER] = ["ab".repeat(20), "cd".repeat(20)];
const [INDEX, TARGET] = [id("e"), "r.io/team/web:live"];

const one = (platform: string, revision: string | null): PlatformImage => ({
  ...{ platform, manifestDigest: id("d"), configDigest: id("c"), annotations: {}, history: [] },
  labels: revision === null ? {} : { [REVISION_LABEL]: revision },
});

/** Moves a target to an image of an engine with the containerd store, which shows the first platform alone. */
async function moved(others: PlatformImage[], judgement: Partial<Judgement> = {}): Promise<string[]> {
  const images = [one("linux/amd64", SHA), ...others];
  const index: RegistryImage = {
    ...{ repository: "r.io/team/web", digest: INDEX, mediaType: "", isIndex: true, annotations: {}, images },
  };
  const points: string[] = [];
  let at: Digest = id("a");
  const registry: Registry = {
    digestOf: () => Promise.resolve(at),
    describe: () => Promise.resolve(index),
    point: ({ digest }, target) => {
      points.push(`${target} ${digest}`);
      at = digest;
      return Promise.resolve();
    },
  };
  const facts = imageOf(INDEX, { [REVISION_LABEL]: SHA });
  const candidate: Candidate = {
    ...{ imageId: INDEX, manifest: null, onEngine: facts, verification: null, revision: SHA },
    judgement: { ok: true, verdict: "provenance match: abababababab", clauses: [], ...judgement },
  };
  await moveTargets({ engine: memoryEngine([facts]), registry }, candidate, [TARGET]);
  return points;
}

describe("an index of which the engine shows one platform", () => {
  it("goes to a registry when every platform has the label that was judged", async () =>
    assert.deepEqual(await moved([one("linux/arm64", ` ${SHA} `)]), [`${TARGET} ${INDEX}`]));

  for (const [claim, revision] of [
    ["another revision", OTHER],
    ["no label", null],
  ] as const) {
    it(`is refused before anything is moved when a platform has ${claim}`, async () => {
      await assert.rejects(moved([one("linux/arm64", revision)]), (error: unknown) => {
        assert.ok(error instanceof PromotionRefusedError);
        assert.match(
          error.message,
          /no tag was moved: .*linux\/arm64 has "(?:cd)*"; promote r\.io\/team\/web@sha256:e+ instead/,
        );
        return true;
      });
    });
  }

  it("goes as it is where the gate is off", async () =>
    assert.deepEqual(await moved([one("linux/arm64", OTHER)], { verdict: DISABLED }), [
      `${TARGET} ${INDEX}`,
    ]));
});
