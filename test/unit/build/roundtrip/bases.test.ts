import assert from "node:assert/strict";
import { BASE, isAbandoned, makerMark } from "../../../../provider/base/process/leftovers";
import { holdBases, resolveBases } from "../../../../provider/build/roundtrip/bases";
import { lockedName, pinBase, type ResolvedBase } from "../../../../provider/engines/pin-base";
import { each } from "../../../support/each";
import { failing, imageOf, memoryEngine } from "../../promote/gate/memory-engine";
import { id } from "../../store/scratch";

const [DIGEST, OTHER] = [id("d"), id("e")];
const pin = (reference: string, ...repoDigests: string[]): ResolvedBase =>
  pinBase(reference, { ...imageOf(id("a")), repoDigests });

describe("pinBase", () => {
  each("%s by its registry digest", [
    ["debian", "debian", "debian"],
    ["debian:bookworm-slim", "debian", "debian"],
    ["docker.io/library/debian:12", "debian", "docker.io/library/debian"],
    ["index.docker.io/library/debian:12", "debian", "index.docker.io/library/debian"],
    ["library/debian", "debian", "library/debian"],
    ["docker.io/team/app", "team/app", "docker.io/team/app"],
    ["localhost:5000/app", "localhost:5000/app", "localhost:5000/app"],
    ["localhost:5000/app:1", "localhost:5000/app", "localhost:5000/app"],
    ["debian:12@...", "debian", "debian"],
  ])((claim, known, wanted) => {
    const asked = claim.replace("...", DIGEST);
    const { reference, digest, imageId, pinned } = pin(asked, `unrelated@${OTHER}`, `${known}@${DIGEST}`);
    const expected = [asked, DIGEST, id("a"), `${wanted}@${DIGEST}`];
    assert.deepEqual([reference, digest, imageId, pinned], expected);
  });

  it("keeps the digest that the recipe asks for, of several that the image has", () => {
    const known = [`debian@${OTHER}`, `debian@${DIGEST}`];
    assert.equal(pin(`debian@${DIGEST}`, ...known).pinned, `debian@${DIGEST}`);
    assert.equal(pin("debian", ...known).digest, OTHER);
  });

  it("tells the base's user and its own revision, by which an image's own label is told", () => {
    const label = { "org.opencontainers.image.revision": "f".repeat(40) };
    const { user, revision } = pinBase("debian", { ...imageOf(id("a"), label), user: "app" });
    assert.deepEqual([user, revision], ["app", "f".repeat(40)]);
    assert.equal(pinBase("debian", imageOf(id("a"))).revision, "");
    assert.deepEqual(pinBase("debian", { ...imageOf(id("a")), onbuild: ["RUN x"] }).onbuild, ["RUN x"]);
  });

  it("gives an image without a digest of this repository a local name made of its ID", () => {
    for (const [reference, ...known] of [
      ["debian:mine"],
      ["debian:mine", `mirror.example/debian@${DIGEST}`],
      ["mirror.example/debian", `debian@${DIGEST}`],
      ["localhost:5000/app", `app@${DIGEST}`],
    ] as const) {
      const { digest, imageId, pinned } = pin(reference, ...known);
      assert.deepEqual([digest, imageId, pinned], [id("a"), id("a"), `${BASE}:aaaaaaaaaaaa`], reference);
    }
  });
});

const ANY = { platform: null, contexts: {} };

describe("resolveBases", () => {
  it("takes the image that a named context puts in the place of a reference, under its own name when it is locked", async () => {
    const engine = memoryEngine([imageOf(id("a"))], { "own:1": id("a") });
    const contexts = { base: "docker-image://own:1", lib: "../lib" };
    const [base] = await resolveBases(engine, ["base"], { ...ANY, contexts });
    assert.ok(base);
    assert.deepEqual(
      [base.reference, base.image, base.imageId, lockedName(base)],
      ["base", "own:1", id("a"), "own:1"],
    );
  });

  it("pulls what is missing, in the recipe's order, with the platform", async () => {
    const engine = memoryEngine([imageOf(id("a")), imageOf(id("b"))], { one: id("a") });
    const pulled: string[] = [];
    engine.pull = (reference, platform) => {
      pulled.push(`${reference} ${platform}`);
      return Promise.resolve(void engine.tags.set(reference, id("b")));
    };
    const bases = await resolveBases(engine, ["two", "one"], { platform: "linux/arm64", contexts: {} });
    assert.deepEqual(pulled, ["two linux/arm64"]);
    const found = bases.map(({ reference, imageId }) => `${reference} ${imageId}`);
    assert.deepEqual(found, [`two ${id("b")}`, `one ${id("a")}`]);
    assert.deepEqual(await resolveBases(engine, [], ANY), []);
  });

  it("names the image that can't be had, and what to do", async () => {
    const engine = memoryEngine([]);
    const words =
      /^BaseImageError: the base image nope:1 is neither on the engine nor could it be pulled \(pull: not in memory\); check its name/;
    await assert.rejects(resolveBases(engine, ["nope:1"], ANY), words);
    engine.pull = () => Promise.resolve();
    await assert.rejects(resolveBases(engine, ["nope:1"], ANY), /it vanished after the pull/);
  });
});

describe("holdBases", () => {
  const localOf = (reference: string, letter: string) => ({
    ...{ reference, digest: id(letter), imageId: id(letter), pinned: `${BASE}:${letter.repeat(12)}` },
  });
  const local = localOf("debian:mine", "a");
  const remote = { reference: "alpine", digest: DIGEST, imageId: id("b"), pinned: `alpine@${DIGEST}` };

  it("names a local base for one build only, by a name that a crash can be told from", async () => {
    const engine = memoryEngine([imageOf(id("a"))]);
    const held = await holdBases(engine, [local, remote]);
    const name = held.names.get("debian:mine") ?? "";
    assert.ok(name.startsWith(`${BASE}:aaaaaaaaaaaa.${makerMark(undefined, 0).slice(0, -1)}`));
    assert.ok(isAbandoned(name, 0, () => "gone"));
    assert.deepEqual(Object.fromEntries(held.names), {
      ...{ [local.reference]: name, [local.pinned]: name },
      ...{ [remote.reference]: remote.pinned, [remote.pinned]: remote.pinned },
    });
    assert.deepEqual([...engine.tags], [[name, id("a")]]);
    await held.release();
    assert.deepEqual([...engine.tags], []);
  });

  it("refuses a name that leads elsewhere", async () => {
    const engine = memoryEngine([imageOf(id("a")), imageOf(id("b"))]);
    engine.before = (call) => {
      if (call.startsWith("inspect")) engine.tags.set(call.slice("inspect ".length), id("b"));
    };
    await assert.rejects(holdBases(engine, [local]), /^BaseImageError: .*its tag was moved meanwhile/);
  });

  it("takes the names away that it has given, when a later one can't be had", async () => {
    const engine = memoryEngine([imageOf(id("a"))]);
    failing(engine, new Error("no answer"), `tag ${id("c")}`);
    await assert.rejects(holdBases(engine, [local, localOf("other", "c")]), /no answer/);
    assert.deepEqual([...engine.tags], []);
  });
});
