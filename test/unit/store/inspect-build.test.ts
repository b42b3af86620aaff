import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { EngineUnreachableError } from "../../../provider/engines/errors";
import { differenceWarning } from "../../../provider/pulumi/image/drift-words";
import { inspectBuild, movedBases } from "../../../provider/store/inspect-build";
import { observeBuild } from "../../../provider/pulumi/image/inspect-state";
import { reusableBuild } from "../../../provider/build/roundtrip/reuse";
import { hashOfFile } from "../../../provider/store/verification";
import { each } from "../../support/each";
import { failing, imageOf, memoryEngine } from "../promote/gate/memory-engine";
import { at, id, putBuild, putMark, recordOf, scratch } from "./scratch";

const REFERENCE = `web:${at(1)}`;
const LOCK = '{"bases":[],"packages":[],"schema":2,"sources":[],"unpinned":[]}';
const RECORDED = { ...recordOf().engine, id: "MEMORY" };

async function world() {
  const root = scratch();
  const engine = memoryEngine([imageOf(id("a")), imageOf(id("b"))], { [REFERENCE]: id("a") });
  const options = { lock: LOCK, latest: true };
  const { lock } = await putBuild(root, "web", at(1), options);
  const lockHash = (await hashOfFile(lock)) ?? "";
  const paths = await putBuild(root, "web", at(1), { ...options, record: { engine: RECORDED, lockHash } });
  const build = { name: "web", timestamp: at(1), reference: REFERENCE, imageId: id("a"), lockHash };
  return { engine, root, paths, build, observe: () => inspectBuild(engine, root, build) };
}
type World = Awaited<ReturnType<typeof world>>;
type Change = (world: World) => unknown;

const CHANGES = {
  none: () => undefined,
  "image gone": ({ engine }) => engine.images.delete(id("a")),
  "image replaced": ({ engine }) => engine.tags.set(REFERENCE, id("b")),
  "name gone": ({ engine }) => engine.tags.clear(),
  "lock missing": ({ paths }) => rmSync(paths.lock),
  "lock changed": ({ paths }) => writeFileSync(paths.lock, LOCK + " "),
  "no record": ({ paths }) => rmSync(paths.record),
} satisfies Record<string, Change>;

describe("inspectBuild", () => {
  it("finds everything so, with what the mark says", async () => {
    const { observe, paths } = await world();
    const unmarked = await observe();
    assert.equal(unmarked.answer === "so" && unmarked.verification.state, "unknown");
    await putMark(paths);
    const marked = await observe();
    assert.equal(marked.answer === "so" && marked.verification.state, "verified");
  });

  /** One change after the other. */
  const both =
    (...names: (keyof typeof CHANGES)[]): Change =>
    (made) => {
      for (const name of names) CHANGES[name](made);
    };
  const REPLACED = /^image replaced: web:\S+ names sha256:b+ now, not the sha256:a+ that was built$/;
  const CHANGED =
    /^lock changed: the lock of web:\S+ is sha256:\S+ now, not the sha256:\S+ that was written$/;
  each("says %s", [
    ["image gone", CHANGES["image gone"], /^image gone: web:\S+ \(sha256:a+\) is no longer/],
    ["image and name gone", both("image gone", "name gone"), /^image gone/],
    ["image gone, its name on another", both("image gone", "image replaced"), /^image gone/],
    ["name gone", CHANGES["name gone"], /^name gone: sha256:a+ is there, but no longer as web:/],
    ["image replaced", CHANGES["image replaced"], REPLACED],
    ["lock missing", CHANGES["lock missing"], /^lock missing: the store has no lock of web:/],
    ["image and record gone", both("image gone", "no record"), /^image gone/],
    ["lock missing with its record", both("lock missing", "no record"), /^lock missing/],
    ["lock changed", CHANGES["lock changed"], CHANGED],
  ])(async (claim, change, words) => {
    const made = await world();
    change(made);
    const seen = await made.observe();
    assert.ok(seen.answer === "different");
    const [first] = seen.differences;
    const gone = claim.startsWith("image") && claim.includes("gone");
    assert.match(first.words, words);
    assert.equal(first.what === "image gone", gone);
    const said = await observeBuild(made.engine, made.root, made.build);
    const warning = differenceWarning(first);
    assert.deepEqual(said, { answer: "different", words: first.words, warning, gone });
  });

  const DOWN = new EngineUnreachableError("Docker is not reachable");
  const SILENT = /^Docker is not reachable$/;
  const RECORD = /no record of web:\S+ \(is this the store that it was built into\?\)$/;
  const OTHER = /was built on another engine \(MEMORY, now OTHER\)$/;
  const CLONE =
    /^web:\S+ is not on this engine, which has the ID of the engine that built it, but another name or data folder/;
  const UNREAD = /\.lock can't be read: it is no plain file/;
  /** Lets the engine say that it is another one, in this. */
  const say =
    (changes: Partial<typeof RECORDED>): Change =>
    ({ engine }) =>
      (engine.identity = () => Promise.resolve({ ...RECORDED, ...changes }));
  const cloned: Change = async (made) => {
    const record = { engine: { ...RECORDED, machine: "first" }, lockHash: made.build.lockHash };
    await putBuild(made.root, "web", at(1), { lock: LOCK, record });
    for (const change of [say({ machine: "clone" }), CHANGES["image gone"]]) change(made);
  };
  const unreadable: Change = ({ paths }) => {
    rmSync(paths.lock);
    mkdirSync(paths.lock);
  };
  each<readonly [string, Change, RegExp]>("can't tell with %s", [
    ["no record", CHANGES["no record"], RECORD],
    ["no store", ({ root }) => rmSync(root, { recursive: true }), /no record/],
    ["an odd record", ({ paths }) => writeFileSync(paths.record, "{"), /can't be understood/],
    ["another engine", say({ id: "OTHER" }), OTHER],
    ["an image that is not there, at a clone of the engine that built it", cloned, CLONE],
    ["no answer", ({ engine }) => failing(engine, DOWN), SILENT],
    ["no answer about the image", ({ engine }) => failing(engine, DOWN, "inspect"), SILENT],
    ["a lock that can't be read", unreadable, UNREAD],
  ])(async (claim, change, words) => {
    const made = await world();
    await change(made);
    const seen = await made.observe();
    assert.ok(seen.answer === "can't tell");
    assert.match(seen.words, words);
    assert.equal(seen.engine, claim === "another engine" ? "OTHER" : null);
    const said = await observeBuild(made.engine, made.root, made.build);
    assert.ok(said.answer === "can't tell" && words.test(said.words), JSON.stringify(said));
  });

  it("knows nothing of a build whose mark can't be understood", async () => {
    const { observe, paths } = await world();
    writeFileSync(paths.verified, "{");
    const seen = await observe();
    assert.ok(seen.answer === "so");
    assert.equal(seen.verification.state, "unknown");
    assert.match(seen.verification.reason ?? "", /can't be understood; verify the build again$/);
  });

  const record = recordOf().bases[0] ?? assert.fail("no base");
  const moved = imageOf(id("b"));
  const at5 = { ...moved, repoDigests: [`debian@${id("5")}`] };
  const at4 = { ...moved, repoDigests: [`debian@${id("4")}`] };
  const MOVED =
    /^base image moved: debian is sha256:b+ now, and was sha256:4+: the image is due to be built again$/;
  each("looks at base images, and %s", [
    ["finds the one that is another image now", moved, MOVED],
    ["finds the one whose digest is another now", at5, /is sha256:5+ now/],
    ["is content with the same digest", at4, /^nothing$/],
    ["says nothing of one that the engine has dropped", null, /^nothing$/],
  ])((_, now, words) =>
    assert.match(movedBases([record], new Map([[record.reference, now]]))[0]?.words ?? "nothing", words),
  );

  it("does not take a fault in the program for an answer", async () => {
    const { engine, observe } = await world();
    failing(engine, new TypeError("a fault"));
    await assert.rejects(observe(), TypeError);
  });

  it("changes nothing on the engine", async () => {
    const { engine, observe } = await world();
    await observe();
    assert.deepEqual(engine.calls, ["identity", `inspect ${REFERENCE} ${id("a")} debian`]);
  });
});

describe("reusableBuild", () => {
  const KEY = recordOf().key;
  each<readonly [string, string, Change, string?]>("is %s where %s", [
    ["the latest build", "key, image and lock are the same", CHANGES.none],
    ["the latest build", "the image has lost its name, which it gets back", CHANGES["name gone"]],
    ["none", "the key is another", CHANGES.none, id("8")],
    ["none", "nothing is the latest", ({ paths }) => rmSync(paths.latest)],
    ["none", "there is no record", CHANGES["no record"]],
    ["none", "there is no lock", CHANGES["lock missing"]],
    ["none", "the lock is another", CHANGES["lock changed"]],
    ["none", "there is no image", CHANGES["image gone"]],
    ["none", "its name is on another image", CHANGES["image replaced"]],
  ])(async (answer, _, change, key = KEY) => {
    const made = await world();
    change(made);
    const found = await reusableBuild(made.engine, made.root, "web", { key, lock: null });
    assert.equal(found !== null, answer === "the latest build");
    if (found !== null) assert.equal(made.engine.tags.get(REFERENCE), id("a"));
  });

  it("is no null when nobody can tell", async () => {
    const { engine, root } = await world();
    failing(engine, new EngineUnreachableError("down"));
    await assert.rejects(
      reusableBuild(engine, root, "web", { key: KEY, lock: null }),
      EngineUnreachableError,
    );
  });
});
