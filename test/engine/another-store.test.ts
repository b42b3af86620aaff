import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { checkVerified } from "../../provider/build/functions/check-verified";
import { engineAt } from "../../provider/build/functions/effects";
import { examine } from "../../provider/promote/gate/examine";
import { runChild } from "../support/child";
import { dockerProgram } from "../support/docker";
import { CONTAINERD, noOwnEngine, startOwnEngine, type OwnEngine } from "../support/own-engine";
import { type Bench, type Outcome, quickBench } from "./support/bench";

const REVISION = "ab".repeat(20);

async function docker({ host }: OwnEngine, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runChild(await dockerProgram(), ["--host", host, ...args]);
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

describe("an image that an engine with one image store has built, on an engine with the other one", function () {
  this.timeout(300_000);
  let graph: OwnEngine;
  let containerd: OwnEngine;
  let bench: Bench;

  before(async function () {
    const reason = noOwnEngine();
    if (reason !== null && process.env.CI) throw new Error(reason);
    if (reason !== null) return this.skip();
    graph = await startOwnEngine("graph", { "storage-driver": "overlay2" });
    containerd = await startOwnEngine("containerd", CONTAINERD);
    bench = await quickBench();
  });
  after(async () => {
    await bench?.dispose();
    await graph?.dispose();
    await containerd?.dispose();
  });

  /** Builds an image on one engine, loads it into the other one, and gives its ID there. */
  async function moved(from: OwnEngine, to: OwnEngine, app: string): Promise<{ built: Outcome; id: string }> {
    await bench.write("app", app);
    const built = await bench.build({ host: from.host, revision: REVISION });
    assert.equal(built.verified, "verified", built.reason ?? "");
    const archive = join(bench.directory, "image.tar");
    await docker(from, "save", "--output", archive, built.reference);
    await docker(to, "load", "--input", archive);
    await rm(archive);
    return { built, id: await docker(to, "image", "inspect", "--format", "{{.Id}}", built.reference) };
  }

  /** What the gate says of it there. */
  const gate = async (on: OwnEngine, source: string) =>
    await examine(engineAt(on.host, 30), { source, expectedRevision: REVISION, root: bench.root });

  it("is known by its configuration, so that its verdict and its label count there", async () => {
    const { built, id } = await moved(containerd, graph, "one");
    assert.notEqual(id, built.imageId);
    for (const artifact of [id, built.reference, bench.name]) {
      const { state, detail } = await checkVerified(artifact, { root: bench.root, host: graph.host });
      assert.equal(state, "verified", detail);
    }
    const { judgement } = await gate(graph, id);
    assert.equal(judgement.ok, true, judgement.verdict);
  });

  it("that knows it by its manifest alone is not known for certain, and is not promoted", async () => {
    const { built, id } = await moved(graph, containerd, "two");
    assert.notEqual(id, built.imageId);
    const { judgement, verification } = await gate(containerd, built.reference);
    assert.equal(judgement.ok, false);
    assert.match(
      verification?.reason ?? "",
      /^whether the store \S+ has a build of sha256:\S+ can't be told: the engine knows this image by the digest of its manifest, and \S+ was built on an engine \(graph\) that knew it by the digest of its configuration; /,
    );
  });
});
