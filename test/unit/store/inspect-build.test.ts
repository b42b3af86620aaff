import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { EngineUnreachableError } from "../../../provider/engines/errors";
import {
  inspectBuild,
  movedBases,
  type Inspection,
  type RecordedBuild,
} from "../../../provider/store/inspect-build";
import { observeBuild } from "../../../provider/pulumi/image/inspect-state";
import { reusableBuild } from "../../../provider/build/roundtrip/reuse";
import { writeMark } from "../../../provider/store/mark";
import type { BuildPaths } from "../../../provider/store/paths";
import { hashOfFile, noDrift } from "../../../provider/store/verification";
import { imageOf, memoryEngine, type MemoryEngine } from "../promote/gate/memory-engine";
import { at, id, putBuild, recordOf, removeScratch, scratch } from "./scratch";

const REFERENCE = `web:${at(1)}`;
const LOCK = '{"bases":[],"packages":[],"schema":2,"sources":[],"unpinned":[]}';
const RECORDED = { ...recordOf().engine, id: "MEMORY" };

interface World {
  engine: MemoryEngine;
  root: string;
  paths: BuildPaths;
  build: RecordedBuild;
  observe: () => Promise<Inspection>;
}

async function world(): Promise<World> {
  const root = scratch();
  const engine = memoryEngine([imageOf(id("a")), imageOf(id("b"))], { [REFERENCE]: id("a") });
  const options = { lock: LOCK, latest: true };
  const { lock } = await putBuild(root, "web", at(1), options);
  const lockHash = (await hashOfFile(lock)) ?? "";
  const paths = await putBuild(root, "web", at(1), { ...options, record: { engine: RECORDED, lockHash } });
  const build = { name: "web", timestamp: at(1), reference: REFERENCE, imageId: id("a"), lockHash };
  return { engine, root, paths, build, observe: () => inspectBuild(engine, root, build) };
}

describe("inspectBuild", () => {
  after(removeScratch);

  it("finds everything so, with what the mark says", async () => {
    const { observe, paths, build } = await world();
    const unmarked = await observe();
    assert.equal(unmarked.answer === "so" && unmarked.verification.state, "unknown");
    const mark = {
      imageId: id("a"),
      lockHash: build.lockHash,
      drift: noDrift(),
      reason: null,
      summary: "",
      at: "",
    };
    await writeMark(paths, "verified", mark);
    const marked = await observe();
    assert.equal(marked.answer === "so" && marked.verification.state, "verified");
  });

  const different: Record<string, [(world: World) => void, RegExp, boolean]> = {
    "image gone": [
      ({ engine }) => engine.images.delete(id("a")),
      /^image gone: web:\S+ \(sha256:a+\) is no longer/,
      true,
    ],
    "image and name gone": [
      ({ engine }) => {
        engine.images.delete(id("a"));
        engine.tags.clear();
      },
      /^image gone/,
      true,
    ],
    "image gone, its name on another": [
      ({ engine }) => {
        engine.images.delete(id("a"));
        engine.tags.set(REFERENCE, id("b"));
      },
      /^image gone/,
      true,
    ],
    "name gone": [
      ({ engine }) => engine.tags.clear(),
      /^name gone: sha256:a+ is there, but no longer as web:/,
      false,
    ],
    "image replaced": [
      ({ engine }) => engine.tags.set(REFERENCE, id("b")),
      /^image replaced: web:\S+ names sha256:b+ now, not the sha256:a+ that was built$/,
      false,
    ],
    "lock missing": [
      ({ paths }) => rmSync(paths.lock),
      /^lock missing: the store has no lock of web:/,
      false,
    ],
    "lock changed": [
      ({ paths }) => writeFileSync(paths.lock, LOCK + " "),
      /^lock changed: the lock of web:\S+ is sha256:\S+ now, not the sha256:\S+ that was written$/,
      false,
    ],
  };
  for (const [claim, [change, words, gone]] of Object.entries(different)) {
    it(`says ${claim}`, async () => {
      const made = await world();
      change(made);
      const seen = await made.observe();
      assert.ok(seen.answer === "different");
      assert.match(seen.differences[0].words, words);
      assert.equal(seen.differences[0].what === "image gone", gone);
      const said = await observeBuild(made.engine, made.root, made.build);
      assert.deepEqual(said, { answer: "different", words: seen.differences[0].words, gone });
    });
  }

  const doubtful: Record<string, [(world: World) => void, RegExp]> = {
    "no record": [
      ({ paths }) => rmSync(paths.record),
      /no record of web:\S+ \(is this the store that it was built into\?\)$/,
    ],
    "no store": [({ root }) => rmSync(root, { recursive: true }), /no record/],
    "a record that can't be understood": [
      ({ paths }) => writeFileSync(paths.record, "{"),
      /can't be understood/,
    ],
    "another engine": [
      ({ engine }) => (engine.identity = () => Promise.resolve({ ...RECORDED, id: "OTHER" })),
      /was built on another engine \(MEMORY, now OTHER\)$/,
    ],
    "no answer": [
      ({ engine }) => {
        engine.before = () => {
          throw new EngineUnreachableError("Docker is not reachable");
        };
      },
      /^Docker is not reachable$/,
    ],
    "no answer about the image": [
      ({ engine }) => {
        engine.before = (call) => {
          if (call.startsWith("inspect")) throw new EngineUnreachableError("did not answer");
        };
      },
      /^did not answer$/,
    ],
    "a lock that can't be read": [
      ({ paths }) => {
        rmSync(paths.lock);
        mkdirSync(paths.lock);
      },
      /\.lock can't be read$/,
    ],
  };
  for (const [claim, [change, words]] of Object.entries(doubtful)) {
    it(`can't tell with ${claim}`, async () => {
      const made = await world();
      change(made);
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

  describe("looks at base images", () => {
    const record = recordOf().bases[0] ?? assert.fail("no base");
    const now = (facts: ReturnType<typeof imageOf> | null): string | null =>
      movedBases([record], new Map([[record.reference, facts]]))[0]?.words ?? null;

    it("and finds the one that is another image now", () =>
      assert.match(
        now(imageOf(id("b"))) ?? "",
        /^base image moved: debian is sha256:b+ now, and was sha256:4+: the image is due to be built again$/,
      ));
    it("and finds the one whose digest is another now", () =>
      assert.match(
        now({ ...imageOf(id("b")), repoDigests: [`debian@${id("5")}`] }) ?? "",
        /is sha256:5+ now/,
      ));
    it("and is content with the same digest", () =>
      assert.equal(now({ ...imageOf(id("b")), repoDigests: [`debian@${id("4")}`] }), null));
    it("and says nothing of one that the engine has dropped", () => assert.equal(now(null), null));
  });

  it("does not take a fault in the program for an answer", async () => {
    const { engine, observe } = await world();
    engine.before = () => {
      throw new TypeError("a fault");
    };
    await assert.rejects(observe(), TypeError);
  });

  it("changes nothing on the engine", async () => {
    const { engine, observe } = await world();
    await observe();
    assert.deepEqual(engine.calls, ["identity", `inspect ${REFERENCE} ${id("a")} debian`]);
  });
});

describe("reusableBuild", () => {
  after(removeScratch);
  const KEY = recordOf().key;
  const reused = async (change: (world: World) => void, key = KEY): Promise<boolean> => {
    const made = await world();
    change(made);
    const found = await reusableBuild(made.engine, made.root, "web", key);
    if (found !== null) assert.equal(made.engine.tags.get(REFERENCE), id("a"));
    return found !== null;
  };

  it("is the latest build as long as key, image and lock are the same", async () => {
    assert.ok(await reused(() => undefined));
    assert.ok(!(await reused(() => undefined, id("8"))), "key");
    for (const [claim, [change]] of Object.entries(different())) assert.ok(!(await reused(change)), claim);
  });

  it("gives an image back its name, when that is all that is lost", async () =>
    assert.ok(await reused(({ engine }) => engine.tags.clear())));

  function different(): Record<string, [(world: World) => void]> {
    return {
      "no latest": [({ paths }) => rmSync(paths.latest)],
      "no record": [({ paths }) => rmSync(paths.record)],
      "no lock": [({ paths }) => rmSync(paths.lock)],
      "another lock": [({ paths }) => writeFileSync(paths.lock, "{}")],
      "no image": [({ engine }) => engine.images.delete(id("a"))],
      "another image by its name": [({ engine }) => engine.tags.set(REFERENCE, id("b"))],
    };
  }

  it("is no null when nobody can tell", async () => {
    const { engine, root } = await world();
    engine.before = () => {
      throw new EngineUnreachableError("down");
    };
    await assert.rejects(reusableBuild(engine, root, "web", KEY), EngineUnreachableError);
  });
});
