import assert from "node:assert/strict";
import { startArchiveHost, type ArchiveHost } from "../support/archive-host";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";

describe("a build context that changes while it is used", function () {
  this.timeout(600_000);
  let bench: Bench;
  let host: ArchiveHost;

  beforeEach(async () => {
    bench = await makeBench();
    host = await startArchiveHost(() => ({
      body: "",
      contentType: "text/plain",
      artifact: { name: "x", version: "" },
    }));
    await bench.write("Dockerfile", `FROM ${await toolsImage()}\nRUN curl -fsS ${host.url}/x\nCOPY . /app\n`);
    for (const name of ["a", "b"]) await bench.write(name, "1");
  });
  afterEach(async () => {
    await host.close();
    await bench.dispose();
  });

  it("in the first build: unknown, with the files' names, and the build is never taken for an unchanged one", async () => {
    // The RUN waits for its answer, which is sent when the file is written.
    host.hooks.once("x", () => bench.write("b", "2"));
    const first = await bench.build();
    assert.equal(first.verified, "unknown");
    assert.match(
      first.reason ?? "",
      /^the build context .*context changed while the image was built \("b"\), so it is not known which files are in the image; stop /,
    );
    assert.ok(!first.steps.includes("locked rebuild"), first.steps.join());
    assert.ok((await bench.lock(first)).packages.length > 0, "what was installed is still listed");
    // Also not when the context is again as it was at first.
    await bench.write("b", "1");
    const second = await bench.build();
    assert.notEqual(second.timestamp, first.timestamp);
    assert.notEqual(second.contextHash, first.contextHash);
    assert.equal(second.verified, "verified", second.reason ?? "");
  });

  it("in the rebuild: unknown, and no mark is written", async () => {
    await bench.build({ verify: "skip" });
    host.hooks.once("x", () => bench.write("Dockerfile", "FROM scratch\n"));
    const { verified, reason } = await bench.build();
    assert.equal(verified, "unknown");
    assert.match(
      reason ?? "",
      /^the rebuild proved nothing: the build context .* changed .*\("Dockerfile"\)/,
    );
    assert.deepEqual(
      (await bench.stored()).filter((name) => name.endsWith("verified")),
      [],
    );
  });
});
