import type { ImageId } from "../../provider/base/reference/types";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { dockerEngine } from "../../provider/engines/docker/engine";
import type { Engine } from "../../provider/engines/engine";
import { EngineUnreachableError } from "../../provider/engines/errors";
import { imageRevision } from "../../provider/build/functions/revisions";
import { PromotionFailedError } from "../../provider/promote/gate/errors";
import { untagOwn } from "../../provider/promote/apply/places";
import { tagAll } from "../support/tag-all";
import { resolveSource, SourceMissingError } from "../../provider/promote/gate/resolve-source";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { InvalidReferenceError } from "../../provider/base/reference/errors";
import { buildTiny, docker, imageExists, imageId } from "../support/docker";

const REVISION = "a".repeat(40);

describe("tags on a real engine", function () {
  this.timeout(60_000);
  const repository = `gate-${randomBytes(4).toString("hex")}`;
  const engine = dockerEngine(undefined, 30_000);
  const at = (tag: string): string => `${repository}:${tag}`;
  let old: ImageId;
  let recent: ImageId;

  async function factsOf(id: string): Promise<Parameters<typeof tagAll>[1]> {
    const facts = (await engine.inspect([id])).get(id);
    assert.ok(facts);
    return facts;
  }

  before(async () => {
    old = await buildTiny({ name: at("old"), labels: { [REVISION_LABEL]: REVISION } });
    recent = await buildTiny({ name: at("recent"), labels: { [REVISION_LABEL]: "<no value>" } });
    await buildTiny({ name: at("bare") });
  });
  after(async () => {
    const listed = await docker(["image", "ls", "--quiet", "--filter", `reference=${repository}`]);
    for (const id of new Set(listed.split("\n"))) if (id !== "") await docker(["image", "rm", "--force", id]);
  });

  describe("tagAll", () => {
    it("moves every target to the image by its ID, and tells where each was before", async () => {
      await docker(["tag", old, at("live")]);
      const previous = await tagAll(engine, await factsOf(recent), [at("live"), at("fresh")]);
      assert.deepEqual(previous, { [at("live")]: old, [at("fresh")]: null });
      assert.deepEqual([await imageId(at("live")), await imageId(at("fresh"))], [recent, recent]);
    });

    it("puts earlier targets back when a later one can't be tagged", async () => {
      await docker(["tag", old, at("one")]);
      const targets = [at("one"), at("two"), "NOT/A:reference"];
      await assert.rejects(tagAll(engine, await factsOf(recent), targets), (error: unknown) => {
        assert.ok(error instanceof PromotionFailedError);
        assert.match(
          error.message,
          /^promotion of sha256:\w+ failed: .*; every target is as it was before$/s,
        );
        return true;
      });
      assert.equal(await imageId(at("one")), old);
      assert.equal(await imageExists(at("two")), false);
    });

    it("fails when somebody moves a target before it is read back: theirs stays, the others go back", async () => {
      await docker(["tag", old, at("calm")]);
      await docker(["tag", old, at("raced")]);
      const theirs = await imageId(at("bare"));
      const raced: Engine = {
        ...engine,
        async tag(id, reference) {
          await engine.tag(id, reference);
          if (reference === at("raced")) await docker(["tag", theirs, reference]);
        },
      };
      const targets = [at("calm"), at("raced")];
      await assert.rejects(tagAll(raced, await factsOf(recent), targets), (error: unknown) => {
        assert.ok(error instanceof PromotionFailedError);
        const words = `${at("raced")} was tagged with ${recent}, but names ${theirs} when read back`;
        const after = `moved by someone else meanwhile, and left so: ${at("raced")}`;
        assert.equal(error.message, `promotion of ${recent} failed: ${words}; ${after}`);
        return true;
      });
      assert.deepEqual([await imageId(at("calm")), await imageId(at("raced"))], [old, theirs]);
    });
  });

  describe("untag", () => {
    it("keeps an image that loses its last tag", async () => {
      const id = await buildTiny({ name: at("last") });
      await engine.untag(at("last"));
      assert.equal(await imageExists(at("last")), false);
      assert.equal(await imageId(id), id);
      await docker(["image", "rm", id]);
    });

    it("removes nothing but the tag while others stay, and takes a missing one as done", async () => {
      await docker(["tag", old, at("second")]);
      await engine.untag(at("second"));
      await engine.untag(at("second"));
      assert.equal(await imageId(at("old")), old);
    });

    it("leaves a tag that stands for another image than it should", async () => {
      await docker(["tag", old, at("moved")]);
      await engine.untag(at("moved"), recent);
      assert.equal(await imageId(at("moved")), old);
      await engine.untag(at("moved"), old);
      assert.equal(await imageExists(at("moved")), false);
    });

    it("untagOwn leaves what somebody has moved since, and says so", async () => {
      await docker(["tag", recent, at("mine")]);
      await docker(["tag", old, at("theirs")]);
      const left = await untagOwn(engine, recent, [at("mine"), at("theirs"), at("gone")]);
      assert.deepEqual(left, [at("theirs")]);
      assert.equal(await imageExists(at("mine")), false);
      assert.equal(await imageId(at("theirs")), old);
    });
  });

  describe("inspect", () => {
    it("gives facts by reference and by ID, and null only for what is surely gone", async () => {
      const found = await engine.inspect([at("old"), old, at("nothing"), `sha256:${"0".repeat(64)}`]);
      assert.equal(found.get(at("old"))?.id, old);
      assert.equal(found.get(old)?.labels[REVISION_LABEL], REVISION);
      assert.equal(found.get(at("nothing")), null);
      assert.equal(found.get(`sha256:${"0".repeat(64)}`), null);
    });

    for (const host of ["unix:///nonexistent.sock", "tcp://127.0.0.1:1"]) {
      it(`can't tell at ${host}, and says where and what to do`, async () => {
        const lost = dockerEngine(host, 10_000);
        for (const question of [() => lost.inspect([old]), () => lost.identity()]) {
          await assert.rejects(question(), (error: unknown) => {
            assert.ok(error instanceof EngineUnreachableError);
            assert.ok(error.message.startsWith(`Docker is not reachable at ${host} (`), error.message);
            assert.ok(
              error.message.endsWith("; start the engine, or name another one with `host` or DOCKER_HOST"),
            );
            assert.ok(!error.message.includes("\n"));
            return true;
          });
        }
      });
    }
  });

  it("imageRevision is the label, and empty on any doubt", async () => {
    assert.equal(await imageRevision(at("old")), REVISION);
    assert.equal(await imageRevision(old), REVISION);
    assert.equal(await imageRevision(at("recent")), "", "the words of a template for a missing label");
    assert.equal(await imageRevision(at("bare")), "", "no label");
    assert.equal(await imageRevision(at("nothing")), "", "no image");
    assert.equal(await imageRevision(""), "");
    assert.equal(await imageRevision("--help"), "");
    assert.equal(await imageRevision(at("old"), { host: "unix:///nonexistent.sock" }), "", "no engine");
    assert.equal(await imageRevision(at("old"), { timeouts: { inspect: 0.001 } }), "", "no answer in time");
  });

  it("resolveSource takes a bare word for a name, never for the beginning of an ID", async () => {
    const hex = old.replace("sha256:", "");
    assert.equal((await resolveSource(engine, old)).id, old);
    assert.equal((await resolveSource(engine, at("old"))).id, old);
    for (const length of [12, 63]) {
      const word = hex.slice(0, length);
      assert.equal(await imageExists(word), true, "docker itself would take it");
      await assert.rejects(resolveSource(engine, word), SourceMissingError, word);
      await assert.rejects(resolveSource(engine, `sha256:${word}`), InvalidReferenceError, word);
    }
  });
});
