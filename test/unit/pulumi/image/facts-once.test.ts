import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildKey } from "../../../../provider/build/roundtrip/key";
import { FROM_DISK, readSource, type Reader } from "../../../../provider/build/roundtrip/source";
import { identityOnce } from "../../../../provider/engines/identity-once";
import { pinBase } from "../../../../provider/engines/pin-base";
import { makePlan } from "../../../../provider/inputs/plan";
import { imageResource } from "../../../../provider/pulumi/image/image-provider";
import { hashOfFile } from "../../../../provider/store/verification";
import { imageOf, memoryEngine } from "../../promote/gate/memory-engine";
import { at, id, putBuild, putMark, recordOf, scratch } from "../../store/scratch";

const LOCK = '{"bases":[],"packages":[],"schema":2,"sources":[],"unpinned":[]}';

/** A verified build of a program on an engine in memory, and a resource that counts what it asks. */
async function world() {
  const directory = scratch();
  const inputs = { name: "web", context: join(directory, "app"), root: join(directory, "store") };
  mkdirSync(inputs.context);
  writeFileSync(join(inputs.context, "Dockerfile"), "FROM debian\nRUN true\n");
  const debian = imageOf(id("d"));
  const engine = {
    ...memoryEngine([debian, imageOf(id("a"))], { debian: id("d"), [`web:${at(1)}`]: id("a") }),
    sweep: () => Promise.resolve([]),
  };
  const plan = makePlan(inputs, process.cwd());
  const source = await readSource({ reader: FROM_DISK }, plan);
  const bases = [pinBase("debian", debian)];
  const record = {
    ...{ key: buildKey(plan, source, bases), bases, revision: null },
    ...{ recipeHash: source.recipeHash, contextHash: source.contextHash },
    ...{ engine: { ...recordOf().engine, id: "MEMORY" } },
  };
  const { lock } = await putBuild(inputs.root, "web", at(1), { lock: LOCK });
  const lockHash = (await hashOfFile(lock)) ?? "";
  const options = { lock: LOCK, latest: true, record: { ...record, lockHash } };
  const paths = await putBuild(inputs.root, "web", at(1), options);
  await putMark(paths);

  let recipes = 0;
  let contexts = 0;
  let engines = 0;
  const reader: Reader = {
    recipe: (...args) => (recipes++, FROM_DISK.recipe(...args)),
    context: (...args) => (contexts++, FROM_DISK.context(...args)),
  };
  const image = imageResource({
    reader,
    engineAt: () => (engines++, identityOnce({ ...engine, during: (work) => work(engine) })),
    registryAt: () => assert.fail("nothing is pushed"),
  });
  /** What one operation asks, and what it gives. */
  const counted = async <T>(operation: (resource: typeof image) => Promise<T>): Promise<[string, T]> => {
    recipes = contexts = engines = 0;
    engine.calls.length = 0;
    const result = await operation(image);
    const identities = engine.calls.filter((call) => call === "identity").length;
    return [`recipe ${recipes}, context ${contexts}, engine ${engines}, identity ${identities}`, result];
  };
  return { inputs, counted, engine };
}

describe("one operation of an image's resource", () => {
  const ONCE = "recipe 1, context 1, engine 1, identity 1";

  it("reads the recipe, hashes the context and asks the engine who it is once", async () => {
    const { inputs, counted, engine } = await world();
    const [first, checked] = await counted((image) => image.check(undefined, inputs));
    assert.deepEqual(checked.failures, []);
    assert.equal(checked.inputs.live, "in place, verified");
    assert.equal(first, ONCE, "check of a new one");
    const [again] = await counted((image) => image.check(inputs, inputs));
    assert.equal(again, ONCE, "check");

    const [create, made] = await counted((image) => image.create(checked.inputs));
    assert.deepEqual([made.outs.verified, made.outs.imageId], ["verified", id("a")]);
    assert.equal(create, ONCE, "create");
    const [update, { outs }] = await counted((image) => image.update("web", made.outs, checked.inputs));
    assert.equal(update, ONCE, "update");
    assert.deepEqual(outs, made.outs);

    const [diff, { changes }] = await counted((image) => image.diff("web", outs, checked.inputs));
    assert.equal(changes, false);
    assert.equal(diff, "recipe 0, context 0, engine 1, identity 1", "diff: the check has hashed it");
    const inspections = engine.calls.filter((call) => call.startsWith("inspect"));
    assert.equal(inspections.length, 1, inspections.join("; "));
    const [read, refreshed] = await counted((image) => image.read("web", outs));
    assert.equal(read, "recipe 0, context 0, engine 1, identity 1", "read");
    assert.deepEqual(refreshed.props, outs);
  });
});

describe("identityOnce", () => {
  it("asks again where the engine did not answer", async () => {
    const engine = memoryEngine([]);
    const once = identityOnce(engine);
    engine.before = () => assert.fail("down");
    await assert.rejects(once.identity(), /down/);
    engine.before = () => undefined;
    const ids = [await once.identity(), await once.during((inner) => inner.identity())];
    assert.deepEqual(ids.map((identity) => identity.id).concat(engine.calls), [
      "MEMORY",
      "MEMORY",
      "identity",
    ]);
  });
});
