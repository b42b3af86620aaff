import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { ImageFacts } from "../../../provider/engines/engine";
import { EngineUnreachableError } from "../../../provider/engines/errors";
import { differenceWarning } from "../../../provider/pulumi/image/drift-words";
import { inspectBuild, movedBases, type RecordedBuild } from "../../../provider/store/inspect-build";
import { observeBuild } from "../../../provider/pulumi/image/inspect-state";
import { reusableBuild } from "../../../provider/build/roundtrip/reuse";
import { hashOfFile } from "../../../provider/store/verification";
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
  const build: RecordedBuild = {
    name: "web",
    timestamp: at(1),
    reference: REFERENCE,
    imageId: id("a"),
    lockHash,
  };
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

  const without: Change = (made) => CHANGES["image gone"](made);
  const different: [string, Change, RegExp][] = [
    ["image gone", without, /^image gone: web:\S+ \(sha256:a+\) is no longer/],
    ["image and name gone", (made) => (without(made), CHANGES["name gone"](made)), /^image gone/],
    [
      "image gone, its name on another",
      (made) => (without(made), CHANGES["image replaced"](made)),
      /^image gone/,
    ],
    ["name gone", CHANGES["name gone"], /^name gone: sha256:a+ is there, but no longer as web:/],
    [
      "image replaced",
      CHANGES["image replaced"],
      /^image replaced: web:\S+ names sha256:b+ now, not the sha256:a+ that was built$/,
    ],
    ["lock missing", CHANGES["lock missing"], /^lock missing: the store has no lock of web:/],
    ["image and record gone", (made) => (without(made), CHANGES["no record"](made)), /^image gone/],
    [
      "lock missing with its record",
      (made) => (CHANGES["lock missing"](made), CHANGES["no record"](made)),
      /^lock missing/,
    ],
    [
      "lock changed",
      CHANGES["lock changed"],
      /^lock changed: the lock of web:\S+ is sha256:\S+ now, not the sha256:\S+ that was written$/,
    ],
  ];
  for (const [claim, change, words] of different) {
    it(`says ${claim}`, async () => {
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
  }

  const DOWN = new EngineUnreachableError("Docker is not reachable");
  const other = (): Promise<typeof RECORDED> => Promise.resolve({ ...RECORDED, id: "OTHER" });
  const RECORD = /no record of web:\S+ \(is this the store that it was built into\?\)$/;
  const doubtful: [string, Change, RegExp][] = [
    ["no record", CHANGES["no record"], RECORD],
    ["no store", ({ root }) => rmSync(root, { recursive: true }), /no record/],
    ["an odd record", ({ paths }) => writeFileSync(paths.record, "{"), /can't be understood/],
    [
      "another engine",
      ({ engine }) => (engine.identity = other),
      /was built on another engine \(MEMORY, now OTHER\)$/,
    ],
    [
      "an image that is not there, at a clone of the engine that built it",
      async (made) => {
        const engine = { ...RECORDED, machine: "first" };
        const record = { engine, lockHash: made.build.lockHash };
        await putBuild(made.root, "web", at(1), { lock: LOCK, record });
        made.engine.identity = () => Promise.resolve({ ...RECORDED, machine: "clone" });
        without(made);
      },
      /^web:\S+ is not on this engine, which has the ID of the engine that built it, but another name or data folder/,
    ],
    ["no answer", ({ engine }) => failing(engine, DOWN), /^Docker is not reachable$/],
    [
      "no answer about the image",
      ({ engine }) => failing(engine, DOWN, "inspect"),
      /^Docker is not reachable$/,
    ],
    [
      "a lock that can't be read",
      ({ paths }) => (rmSync(paths.lock), mkdirSync(paths.lock)),
      /\.lock can't be read: it is no plain file/,
    ],
  ];
  for (const [claim, change, words] of doubtful) {
    it(`can't tell with ${claim}`, async () => {
      const made = await world();
      await change(made);
      const seen = await made.observe();
      assert.ok(seen.answer === "can't tell");
      assert.match(seen.words, words);
      assert.equal(seen.engine, claim === "another engine" ? "OTHER" : null);
      const said = await observeBuild(made.engine, made.root, made.build);
      assert.ok(said.answer === "can't tell" && words.test(said.words), JSON.stringify(said));
    });
  }

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
  const bases: [string, ImageFacts | null, RegExp][] = [
    [
      "finds the one that is another image now",
      moved,
      /^base image moved: debian is sha256:b+ now, and was sha256:4+: the image is due to be built again$/,
    ],
    [
      "finds the one whose digest is another now",
      { ...moved, repoDigests: [`debian@${id("5")}`] },
      /is sha256:5+ now/,
    ],
    ["is content with the same digest", { ...moved, repoDigests: [`debian@${id("4")}`] }, /^nothing$/],
    ["says nothing of one that the engine has dropped", null, /^nothing$/],
  ];
  for (const [claim, now, words] of bases) {
    it(`looks at base images, and ${claim}`, () =>
      assert.match(movedBases([record], new Map([[record.reference, now]]))[0]?.words ?? "nothing", words));
  }

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
  const reused: [string, boolean, Change, string?][] = [
    ["key, image and lock are the same", true, CHANGES.none],
    ["the image has lost its name, which it gets back", true, CHANGES["name gone"]],
    ["the key is another", false, CHANGES.none, id("8")],
    ["nothing is the latest", false, ({ paths }) => rmSync(paths.latest)],
    ["there is no record", false, CHANGES["no record"]],
    ["there is no lock", false, CHANGES["lock missing"]],
    ["the lock is another", false, CHANGES["lock changed"]],
    ["there is no image", false, CHANGES["image gone"]],
    ["its name is on another image", false, CHANGES["image replaced"]],
  ];
  for (const [claim, is, change, key = KEY] of reused) {
    it(`is ${is ? "the latest build" : "none"} where ${claim}`, async () => {
      const made = await world();
      change(made);
      const found = await reusableBuild(made.engine, made.root, "web", key);
      assert.equal(found !== null, is);
      if (is) assert.equal(made.engine.tags.get(REFERENCE), id("a"));
    });
  }

  it("is no null when nobody can tell", async () => {
    const { engine, root } = await world();
    failing(engine, new EngineUnreachableError("down"));
    await assert.rejects(reusableBuild(engine, root, "web", KEY), EngineUnreachableError);
  });
});
