import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask, IMAGES, LABEL, REPOSITORY, REVISION } from "./questions";
import { replayingClient, type Recording } from "./recording";

/** The engines that are recorded. `hasDigests`: every image has a digest, as the containerd image store gives it. */
const ENGINES: Record<string, { release: RegExp; hasDigests: boolean; hasBuildx: boolean }> = {
  "containerd.json": { release: /^28\./, hasDigests: true, hasBuildx: true },
  "docker-20.json": { release: /^20\.10\./, hasDigests: false, hasBuildx: false },
  "docker-29.json": { release: /^29\./, hasDigests: true, hasBuildx: true },
  "graph-driver.json": { release: /^28\./, hasDigests: false, hasBuildx: true },
};

describe("what engines have answered", () => {
  it("is recorded from each of them", () => {
    const files = readdirSync(__dirname).filter((name) => name.endsWith(".json"));
    assert.deepEqual(files.sort(), Object.keys(ENGINES).sort());
  });

  for (const [file, { release, hasDigests, hasBuildx }] of Object.entries(ENGINES)) {
    it(`is read alike: ${file}`, async () => {
      const recording = JSON.parse(readFileSync(join(__dirname, file), "utf8")) as Recording;
      const { identity, facts, builder, history, bases, tags } = await ask(replayingClient(recording));
      assert.match(identity.serverVersion, release);
      assert.match(identity.builder, hasBuildx ? /^buildx / : /^built-in$/);
      assert.deepEqual([builder.driver, builder.separate], ["docker", null]);
      assert.deepEqual([...facts.keys()], Object.values(IMAGES));
      const { base, child, imported } = Object.fromEntries(
        Object.entries(IMAGES).map(([name, reference]) => [name, facts.get(reference) ?? null]),
      );
      assert.ok(base && child && imported);
      assert.equal(facts.get(IMAGES.missing), null, "only this one is not there");
      for (const [name, image] of Object.entries({ base, child, imported })) {
        assert.deepEqual(image.tags, [`${REPOSITORY}:${name}`]);
        assert.deepEqual(image.repoDigests, hasDigests ? [`${REPOSITORY}@${image.id}`] : []);
        assert.equal(image.os, "linux");
        assert.ok(Date.parse(image.created) > 0);
      }
      assert.deepEqual(
        [base.labels, child.labels, imported.labels],
        [{ [LABEL]: REVISION }, { [LABEL]: REVISION }, {}],
      );
      assert.deepEqual([child.user, child.environment], ["1000", ["PATH", "WORD"]]);
      assert.deepEqual(child.layers?.slice(0, -1), base.layers);
      assert.match(history[0]?.CreatedBy ?? "", /^COPY text \/child # buildkit$/);
      assert.deepEqual(
        bases.map(({ id }) => id),
        [base.id],
      );
      assert.equal(tags.length, 3);
    });
  }
});
