import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startAptArchive } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { startFileHost, type FileHost } from "../support/file-host";
import { slimImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { aptInstall } from "./support/recipes";
import { versionsIn } from "./support/versions-in";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("a recipe with what builders of today know", function () {
  this.timeout(300_000);
  let bench: Bench;
  let host: FileHost;
  let archive: Archive;
  const served = (): string => join(bench.directory, "served");

  before(async () => {
    [archive, host, bench] = await Promise.all([startAptArchive(), startFileHost(), makeBench()]);
    await mkdir(served());
    host.serve(served());
    await writeFile(join(served(), "tool"), "one");
    await archive.publish({ name: "own-tool", version: "1.0" });
    archive.onceDownloaded(
      "own-tool",
      async () => void (await archive.publish({ name: "own-tool", version: "2.0" })),
    );
    await bench.write("app", "app");
    await bench.write(
      "Dockerfile",
      `FROM ${await slimImage()} AS base
ADD --checksum=sha256:${sha256("one")} ${host.url}/tool /tool
COPY --link app /app
COPY <<words /etc/words
of $HOME
words
RUN --mount=type=cache,target=/var/cache/own <<script
set -e
${aptInstall(archive, "own-tool")}
echo cached > /var/cache/own/file
script
RUN --network=none test -z "$(cat /proc/net/route | tail -n +2)" && test -f /tool
FROM base
COPY --from=base --chmod=600 /app /private
`,
    );
  });
  after(async () => {
    await Promise.all([archive, host].map((server) => server?.close()));
    await bench?.dispose();
  });

  it("is built and pinned, and the rebuild is the same, whatever DOCKER_BUILDKIT says", async () => {
    process.env.DOCKER_BUILDKIT = "0";
    try {
      const outcome = await bench.build();
      assert.deepEqual([outcome.verified, outcome.reason], ["verified", null]);
      assert.equal(versionsIn(await bench.lock(outcome))["dpkg:own-tool"], "1.0");
      assert.deepEqual(outcome.unpinned, []);
    } finally {
      delete process.env.DOCKER_BUILDKIT;
    }
  });

  it("fails where what it adds has another checksum, and leaves the image as it was", async () => {
    const before = await bench.images();
    const recipe = await readFile(join(bench.context, "Dockerfile"), "utf8");
    await bench.write("Dockerfile", recipe.replace(sha256("one"), sha256("two")));
    await assert.rejects(bench.build(), /digest mismatch/);
    assert.deepEqual(await bench.images(), before);
  });
});
