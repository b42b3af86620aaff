import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageId } from "../../provider/base/reference/types";
import { dockerClient } from "../../provider/engines/docker/client";
import { dockerEngine } from "../../provider/engines/docker/engine";
import { exportImage } from "../../provider/engines/docker/export";
import { exactName } from "../../provider/engines/docker/read-image";
import { captureFileSystem } from "../../provider/packages/capture/capture";
import { captureManifest } from "../../provider/packages/capture/manifest";
import { slimImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { wrapDocker } from "./support/docker-wrapper";
import { buildInChild } from "./support/in-child";

describe("an image that is read from the builder", function () {
  this.timeout(300_000);
  const engine = dockerEngine(undefined, 30_000);
  const client = dockerClient(undefined, 30_000);
  let bench: Bench;

  beforeEach(async () => (bench = await makeBench()));
  afterEach(() => bench.dispose());

  /** A recipe of an image that is large enough, with names and links that are read alike. */
  async function write(...more: string[]): Promise<void> {
    const odd =
      "RUN ln -s none /dangling && ln /etc/passwd /hard && mkdir -m 1777 /sticky && touch '/with space'";
    await bench.write("Dockerfile", [`FROM ${await slimImage()}`, odd, ...more, ""].join("\n"));
  }
  async function built(...more: string[]): Promise<ImageId> {
    await write(...more);
    return (await bench.build({ verify: "skip" })).imageId as ImageId;
  }

  it("has the files and packages of the exported one", async () => {
    const id = await built();
    const facts = (await engine.inspect([id])).get(id);
    assert.ok(facts && exactName(facts) !== null, "it can be read from the builder");
    assert.deepEqual(await engine.manifest(id), await exportImage(client, id, captureManifest));
    assert.deepEqual(await engine.capture(id), await exportImage(client, id, captureFileSystem));
  });

  it("runs none of its triggers", async () => {
    const id = await built("ONBUILD RUN touch /triggered");
    const files = await engine.manifest(id);
    assert.ok(files.some(({ name }) => name.endsWith("/dangling")));
    assert.ok(!files.some(({ name }) => name.includes("triggered")));
  });

  it("is exported where the builder does not send it", async () => {
    await write();
    const refused = 'case "$*" in *" -") echo asked > "$0.asked"; exit 1 ;; esac';
    const path = await wrapDocker(bench.directory, refused);
    const outcome = await buildInChild(bench, path);
    assert.ok("outputs" in outcome, JSON.stringify(outcome));
    assert.equal(outcome.outputs.verified, "verified", outcome.outputs.reason ?? "");
    assert.equal(await readFile(join(bench.directory, "bin", "docker.asked"), "utf8"), "asked\n");
  });
});
