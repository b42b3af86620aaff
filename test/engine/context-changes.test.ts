import assert from "node:assert/strict";
import { z } from "zod";
import { runCommand } from "../../cli/run";
import { startArchiveHost, type ArchiveHost } from "../support/archive-host";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";

const text = z.string();
const SHOWN = z.object({ verified: text, reason: text, contextChanged: text });
const LISTED = z.object({ builds: z.array(z.object({ state: text, contextChanged: text })) });

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

  /** What `show` and `list` say of a build whose context changed. */
  async function assertShown({ timestamp, reason }: Outcome): Promise<void> {
    const ran = async (...words: string[]): Promise<string> => {
      let out = "";
      const world = { env: {}, directory: process.cwd(), out: (text: string) => void (out += text) };
      const code = await runCommand([...words, "--root", bench.root], { ...world, err: assert.fail });
      assert.equal(code, 0, out);
      return out;
    };
    const changed = reason ?? "";
    const shown = await ran("show", bench.name, timestamp);
    assert.ok(shown.includes(`unknown: ${changed}\n`), shown);
    assert.match(await ran("list", bench.name), /latest, the context changed during the build\n/);
    const json = SHOWN.parse(JSON.parse(await ran("show", bench.name, timestamp, "--json")));
    assert.deepEqual(json, { verified: "unknown", reason: changed, contextChanged: changed });
    const { builds } = LISTED.parse(JSON.parse(await ran("list", bench.name, "--json")));
    assert.deepEqual(builds, [{ state: "unknown", contextChanged: changed }]);
  }

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
    await assertShown(first);
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
