import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startFileHost, type FileHost } from "../support/file-host";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";

const CPAN = "not captured: CPAN distributions of Perl";

describe("what nobody reads, and the rebuild has otherwise", function () {
  this.timeout(600_000);
  let bench: Bench;
  let host: FileHost;

  before(async () => {
    bench = await makeBench();
    host = await startFileHost();
    const served = join(bench.directory, "served");
    await mkdir(served);
    host.serve(served);
    await bench.write(
      "Dockerfile",
      `FROM ${await toolsImage()}\nRUN file=$(curl -fsS ${host.url}/file) && mkdir -p "$(dirname $file)" && touch $file\n`,
    );
  });
  after(async () => {
    await host?.close();
    await bench?.dispose();
  });

  /** Builds with a file at one place, and rebuilds with it at another. */
  async function rebuilt(first: string, then: string): Promise<Outcome> {
    const serve = (file: string): Promise<void> => writeFile(join(bench.directory, "served", "file"), file);
    await serve(first);
    const { notCaptured } = await bench.build({ verify: "skip", force: first });
    assert.deepEqual(notCaptured, first.endsWith(".packlist") ? [`${CPAN} (/opt/one)`] : []);
    await serve(then);
    return await bench.build({ force: first });
  }

  it("is drift where a kind is there that was not there before", async () => {
    const { verified, drift, reason } = await rebuilt("/opt/one/plain", "/opt/one/.packlist");
    assert.equal(verified, "unverified");
    assert.deepEqual(drift, { changed: [], added: [{ name: CPAN, version: "(/opt/one)" }], removed: [] });
    assert.match(reason ?? "", /^the locked rebuild differs: drift in 1 of .*: added not captured: CPAN /);
  });

  it("proves nothing where a kind is in another place, since nobody knows whether it is the same", async () => {
    const { verified, reason } = await rebuilt("/opt/one/.packlist", "/opt/two/.packlist");
    assert.equal(verified, "unknown");
    const words = `${CPAN} (/opt/one) -> (/opt/two)`;
    assert.ok(reason?.includes(words), reason ?? "");
  });
});
