import assert from "node:assert/strict";
import { PromotionFailedError } from "../../../../provider/promote/gate/errors";
import { untagOwn } from "../../../../provider/promote/apply/places";
import type { ImageFacts } from "../../../../provider/engines/engine";
import { each } from "../../../support/each";
import { tagAll } from "../../../support/tag-all";
import { id } from "../../store/scratch";
import { failing, imageOf, memoryEngine, type MemoryEngine } from "../gate/memory-engine";
import type { RegistryDigest } from "../../../../provider/base/reference/types";
import { DISABLED, type Judgement } from "../../../../provider/promote/gate/clause";
import { moveTargets } from "../../../../provider/promote/apply/move-targets";
import type { Candidate } from "../../../../provider/promote/gate/candidate";
import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import type { PlatformImage, Registry } from "../../../../provider/engines/registry/registry";
import { platformImage, readOnlyRegistry, registryImage } from "../gate/registry-image";
import { sifFiles } from "../../../../provider/promote/sif/files";

const NEW = imageOf(id("a"));
const OLD = imageOf(id("b"));
const FOREIGN = imageOf(id("c"));
const THREE = ["web:1", "web:2", "web:3"];

/** An engine where `web:1` is old and the other targets are not there. */
const engineOf = (tags: Record<string, string> = { "web:1": OLD.id }): MemoryEngine =>
  memoryEngine([NEW, OLD, FOREIGN], tags);
const changes = ({ calls }: MemoryEngine): string[] => calls.filter((call) => !call.startsWith("inspect"));
const tagsOf = ({ tags }: MemoryEngine): string => [...tags].map((tag) => tag.join(" ")).join();
/** What stands at `web:1`, `web:2` and so on. */
const tagged = (...images: ImageFacts[]): string =>
  images.map((image, index) => `web:${index + 1} ${image.id}`).join();
/** The message of a promotion that fails, having left these targets where they are. */
async function failure(engine: MemoryEngine, targets = THREE, left: PromotionFailedError["left"] = []) {
  const error: unknown = await tagAll(engine, NEW, targets).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof PromotionFailedError && error.cause !== undefined);
  assert.deepEqual(error.left, left);
  return error.message;
}

describe("tagAll", () => {
  it("tags by image ID, reads every target back, and returns what each had before", async () => {
    const engine = engineOf();
    assert.deepEqual(await tagAll(engine, NEW, THREE), { "web:1": OLD.id, "web:2": null, "web:3": null });
    assert.deepEqual(engine.calls, [
      "inspect web:1 web:2 web:3",
      ...THREE.flatMap((target) => [`tag ${NEW.id} ${target}`, `inspect ${target}`]),
    ]);
    assert.equal(tagsOf(engine), tagged(NEW, NEW, NEW));
  });

  it("leaves a target alone that is in place", async () => {
    const engine = engineOf({ "web:1": NEW.id });
    assert.deepEqual(await tagAll(engine, NEW, ["web:1"]), { "web:1": NEW.id });
    assert.deepEqual(changes(engine), []);
  });

  it("moves nothing when the targets can't be read", async () => {
    const engine = engineOf();
    failing(engine, new Error("no answer"));
    await assert.rejects(tagAll(engine, NEW, THREE), /^Error: no answer$/);
    assert.equal(tagsOf(engine), tagged(OLD));
  });

  it("puts the earlier ones back when one can't be tagged: an old tag to its image, a new one away", async () => {
    const engine = engineOf();
    failing(engine, new Error("disk full"), `tag ${NEW.id} web:3`);
    const words = `promotion of ${NEW.id} failed: disk full; every target is as it was before`;
    assert.equal(await failure(engine), words);
    assert.equal(tagsOf(engine), tagged(OLD));
  });

  it("fails when a target names something else or nothing when read back", async () => {
    for (const moved of [FOREIGN.id, null]) {
      const words = `names ${moved ?? "nothing"} when read back`;
      const engine = engineOf({ "web:2": OLD.id });
      engine.before = (call) => {
        if (call !== "inspect web:2") return;
        if (moved === null) engine.tags.delete("web:2");
        else engine.tags.set("web:2", moved);
      };
      const message = await failure(engine, ["web:1", "web:2"]);
      assert.ok(message.includes(`web:2 was tagged with ${NEW.id}, but ${words}`), message);
      assert.ok(message.includes("moved by someone else meanwhile, and left so: web:2"), message);
      assert.equal(engine.tags.get("web:2"), moved ?? undefined, "theirs stays");
      assert.equal(engine.tags.get("web:1"), undefined, "ours is taken back");
    }
  });

  it("says which targets could not be put back", async () => {
    const engine = engineOf({ "web:1": OLD.id, "web:2": OLD.id });
    engine.before = (call) => {
      if (call === `tag ${NEW.id} web:3` || call === `tag ${OLD.id} web:1`) throw new Error("no answer");
    };
    const words = `promotion of ${NEW.id} failed: no answer; these targets could not be put back: web:1`;
    assert.equal(await failure(engine, THREE, [{ target: "web:1", before: OLD.id, at: NEW.id }]), words);
    assert.equal(tagsOf(engine), tagged(NEW, OLD));
  });

  it("undoes a tag that was set although its call failed", async () => {
    const engine = engineOf({});
    engine.before = (call) => {
      if (call !== `tag ${NEW.id} web:1`) return;
      engine.tags.set("web:1", NEW.id);
      throw new Error("no answer in time");
    };
    await failure(engine, ["web:1"]);
    assert.equal(tagsOf(engine), "");
  });

  it("lets two promotions race: the loser never takes the winner's tag away", async () => {
    const engine = engineOf({});
    const outcomes = await Promise.allSettled([NEW, OLD].map((image) => tagAll(engine, image, ["web:1"])));
    const tags = engine.calls.filter((call) => call.startsWith("tag"));
    assert.equal(tags.length, 2, "both really tagged");
    const winners = [NEW, OLD].filter((_, at) => outcomes[at]?.status === "fulfilled");
    assert.equal(winners.length, 1);
    assert.equal(tagsOf(engine), tagged(...winners));
  });
});

describe("untagOwn", () => {
  it("removes what still points at the image, leaves what was moved, passes by what is gone", async () => {
    const engine = engineOf({ "web:1": NEW.id, "web:2": FOREIGN.id });
    assert.deepEqual(await untagOwn(engine, NEW.id, THREE), ["web:2"]);
    assert.equal(tagsOf(engine), `web:2 ${FOREIGN.id}`);
    assert.deepEqual(changes(engine), ["untag web:1"]);
  });

  it("removes nothing when the engine can't tell", async () => {
    const engine = engineOf({ "web:1": NEW.id });
    failing(engine, new Error("no answer"));
    await assert.rejects(untagOwn(engine, NEW.id, ["web:1"]), /no answer/);
    assert.ok(engine.tags.has("web:1"));
  });
});

const [SHA, OTHER] = ["ab".repeat(20), "cd".repeat(20)];
const [INDEX, TARGET] = [id("e"), "r.io/team/web:live"];

const one = (platform: string, revision: string | null): PlatformImage =>
  platformImage({ platform, labels: revision === null ? {} : { [REVISION_LABEL]: revision } });

/** Moves a target to an image of an engine with the containerd store, which shows the first platform alone. */
async function moved(others: PlatformImage[], judgement: Partial<Judgement> = {}): Promise<string[]> {
  const images = [one("linux/amd64", SHA), ...others];
  const index = registryImage(images, { digest: INDEX });
  const points: string[] = [];
  let at: RegistryDigest = id("a");
  const registry: Registry = {
    ...readOnlyRegistry(() => Promise.resolve(index)),
    digestOf: () => Promise.resolve(at),
    point: ({ digest }, target) => {
      points.push(`${target} ${digest}`);
      return Promise.resolve(void (at = digest));
    },
  };
  const facts = imageOf(INDEX, { [REVISION_LABEL]: SHA });
  const candidate: Candidate = {
    ...{ imageId: INDEX, manifest: null, onEngine: facts, file: null, verification: null, revision: SHA },
    judgement: { ok: true, verdict: "provenance match: abababababab", clauses: [], ...judgement },
  };
  await moveTargets({ engine: memoryEngine([facts]), registry, sifs: sifFiles }, candidate, [TARGET]);
  return points;
}

describe("an index of which the engine shows one platform", () => {
  it("goes to a registry when every platform has the label that was judged", async () =>
    assert.deepEqual(await moved([one("linux/arm64", ` ${SHA} `)]), [`${TARGET} ${INDEX}`]));

  each("is refused before anything is moved when a platform has %s", [
    ["another revision", OTHER],
    ["no label", null],
  ])((_, revision) =>
    assert.rejects(moved([one("linux/arm64", revision)]), {
      name: "PromotionRefusedError",
      message: /no tag was moved: .*linux\/arm64 has "(?:cd)*"; promote r\.io\/team\/web@sha256:e+ instead/,
    }),
  );

  it("goes as it is where the gate is off", async () => {
    const points = await moved([one("linux/arm64", OTHER)], { verdict: DISABLED });
    assert.deepEqual(points, [`${TARGET} ${INDEX}`]);
  });
});
