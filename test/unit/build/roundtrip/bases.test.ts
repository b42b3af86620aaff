import assert from "node:assert/strict";
import { BASE, isAbandoned, makerMark } from "../../../../provider/base/process/leftovers";
import { BaseImageError, holdBases, resolveBases } from "../../../../provider/build/roundtrip/bases";
import { pinBase, type ResolvedBase } from "../../../../provider/engines/pin-base";
import { imageOf, memoryEngine } from "../../promote/gate/memory-engine";
import { id } from "../../store/scratch";

const DIGEST = id("d");
const OTHER = id("e");
type Place = Pick<ResolvedBase, "reference" | "digest" | "imageId" | "pinned">;
function pin(reference: string, ...repoDigests: string[]): Place {
  const base = pinBase(reference, { ...imageOf(id("a")), repoDigests });
  return { reference: base.reference, digest: base.digest, imageId: base.imageId, pinned: base.pinned };
}

describe("pinBase", () => {
  const pinned: [string, string, string][] = [
    ["debian", `debian@${DIGEST}`, `debian@${DIGEST}`],
    ["debian:bookworm-slim", `debian@${DIGEST}`, `debian@${DIGEST}`],
    ["docker.io/library/debian:12", `debian@${DIGEST}`, `docker.io/library/debian@${DIGEST}`],
    ["index.docker.io/library/debian:12", `debian@${DIGEST}`, `index.docker.io/library/debian@${DIGEST}`],
    ["library/debian", `debian@${DIGEST}`, `library/debian@${DIGEST}`],
    ["docker.io/team/app", `team/app@${DIGEST}`, `docker.io/team/app@${DIGEST}`],
    ["localhost:5000/app", `localhost:5000/app@${DIGEST}`, `localhost:5000/app@${DIGEST}`],
    ["localhost:5000/app:1", `localhost:5000/app@${DIGEST}`, `localhost:5000/app@${DIGEST}`],
    [`debian:12@${DIGEST}`, `debian@${DIGEST}`, `debian@${DIGEST}`],
  ];
  for (const [reference, known, wanted] of pinned) {
    it(`${reference.replace(/@.*/, "@...")} by its registry digest`, () =>
      assert.deepEqual(pin(reference, `unrelated@${OTHER}`, known), {
        reference,
        digest: DIGEST,
        imageId: id("a"),
        pinned: wanted,
      }));
  }

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
    const wanted = { digest: id("a"), imageId: id("a"), pinned: `${BASE}:aaaaaaaaaaaa` };
    for (const [reference, known] of [
      ["debian:mine", []],
      ["debian:mine", [`mirror.example/debian@${DIGEST}`]],
      ["mirror.example/debian", [`debian@${DIGEST}`]],
      ["localhost:5000/app", [`app@${DIGEST}`]],
    ] as const) {
      assert.deepEqual(pin(reference, ...known), { reference, ...wanted });
    }
  });
});

describe("resolveBases", () => {
  it("pulls what is missing, in the recipe's order, with the platform", async () => {
    const engine = memoryEngine([imageOf(id("a")), imageOf(id("b"))], { one: id("a") });
    const pulled: unknown[] = [];
    engine.pull = (reference, platform) => {
      pulled.push([reference, platform]);
      engine.tags.set(reference, id("b"));
      return Promise.resolve();
    };
    const bases = await resolveBases(engine, ["two", "one"], "linux/arm64");
    assert.deepEqual(pulled, [["two", "linux/arm64"]]);
    assert.deepEqual(
      bases.map(({ reference, imageId }) => [reference, imageId]),
      [
        ["two", id("b")],
        ["one", id("a")],
      ],
    );
    assert.deepEqual(await resolveBases(engine, [], null), []);
  });

  it("names the image that can't be had, and what to do", async () => {
    const engine = memoryEngine([]);
    await assert.rejects(
      resolveBases(engine, ["nope:1"], null),
      /^BaseImageError: the base image nope:1 is neither on the engine nor could it be pulled \(pull: not in memory\); check its name/,
    );
    engine.pull = () => Promise.resolve();
    await assert.rejects(resolveBases(engine, ["nope:1"], null), /it vanished after the pull/);
  });
});

describe("holdBases", () => {
  const local = {
    reference: "debian:mine",
    digest: id("a"),
    imageId: id("a"),
    pinned: `${BASE}:aaaaaaaaaaaa`,
  };
  const remote = { reference: "alpine", digest: DIGEST, imageId: id("b"), pinned: `alpine@${DIGEST}` };

  it("names a local base for one build only, by a name that a crash can be told from", async () => {
    const engine = memoryEngine([imageOf(id("a"))]);
    const held = await holdBases(engine, [local, remote]);
    const { names } = held;
    const name = names.get("debian:mine") ?? "";
    assert.ok(name.startsWith(`${BASE}:aaaaaaaaaaaa.${makerMark(undefined, 0).slice(0, -1)}`));
    assert.ok(isAbandoned(name, 0, () => "gone"));
    assert.deepEqual(
      [...names],
      [
        ["debian:mine", name],
        [local.pinned, name],
        ["alpine", remote.pinned],
        [remote.pinned, remote.pinned],
      ],
    );
    assert.deepEqual([...engine.tags], [[name, id("a")]]);
    await held.release();
    assert.deepEqual([...engine.tags], []);
  });

  it("refuses a name that leads elsewhere", async () => {
    const engine = memoryEngine([imageOf(id("a")), imageOf(id("b"))]);
    engine.before = (call) => {
      if (call.startsWith("inspect")) engine.tags.set(call.slice("inspect ".length), id("b"));
    };
    await assert.rejects(holdBases(engine, [local]), (error: unknown) => {
      assert.ok(error instanceof BaseImageError);
      assert.match(error.message, /its tag was moved meanwhile/);
      return true;
    });
  });

  it("takes the names away that it has given, when a later one can't be had", async () => {
    const engine = memoryEngine([imageOf(id("a"))]);
    engine.before = (call) => {
      if (call.startsWith(`tag ${id("c")}`)) throw new Error("no answer");
    };
    const second = { reference: "other", digest: id("c"), imageId: id("c"), pinned: `${BASE}:cccccccccccc` };
    await assert.rejects(holdBases(engine, [local, second]), /no answer/);
    assert.deepEqual([...engine.tags], []);
  });
});
