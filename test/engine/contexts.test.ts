import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildTiny, removeImage } from "../support/docker";
import { makeBench, type Bench } from "./support/bench";
import { describeBeside } from "./support/lanes";
import { dpkgStatus } from "./support/recipes";

describe("an image in the place of a name of the recipe", function () {
  this.timeout(120_000);
  const image = `verified-images-tests/context:${process.pid}`;
  let bench: Bench;

  before(async () => {
    await buildTiny({ name: image });
    bench = await makeBench();
    await bench.write("status", dpkgStatus({ base: "1.0" }));
    await bench.write("Dockerfile", "FROM whatever\nCOPY status /var/lib/dpkg/status\n");
  });
  after(async () => {
    await bench?.dispose();
    await removeImage(image);
  });

  it("is built on with any builder, and the locked recipe and the lock name the image", async () => {
    const built = await bench.build({ contexts: { whatever: `docker-image://${image}` } });
    assert.deepEqual([built.verified, built.reason], ["verified", null]);
    assert.match(
      await readFile(bench.paths(built.timestamp).locked, "utf8"),
      new RegExp(`^FROM ${image}$`, "m"),
    );
    assert.deepEqual(
      built.baseImages.map(({ reference }) => reference),
      [image],
    );
  });
});

describeBeside("a folder that the recipe uses by a name", function () {
  this.timeout(120_000);
  let bench: Bench;
  let lib: string;

  before(async () => {
    bench = await makeBench();
    lib = join(bench.directory, "lib");
    await mkdir(lib);
    await writeFile(join(lib, "status"), dpkgStatus({ base: "1.0" }));
    await bench.write("Dockerfile", "FROM scratch\nCOPY --from=lib status /var/lib/dpkg/status\n");
  });
  after(() => bench?.dispose());

  it("is in both builds, and a change of it builds anew", async () => {
    const first = await bench.build({ contexts: { lib } });
    assert.deepEqual([first.verified, first.packages], ["verified", { dpkg: 1 }]);
    assert.deepEqual((await bench.build({ contexts: { lib } })).steps, []);
    await writeFile(join(lib, "status"), dpkgStatus({ base: "1.0", more: "2.0" }));
    const second = await bench.build({ contexts: { lib } });
    assert.deepEqual([second.verified, second.packages], ["verified", { dpkg: 2 }]);
  });
});
