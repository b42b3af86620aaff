import assert from "node:assert/strict";
import { startAptArchive, type AptSpec } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { slimImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { aptInstall } from "./support/recipes";

describe("apt configuration in the image", function () {
  this.timeout(180_000);
  let archive: Archive<AptSpec>;
  let bench: Bench;
  let slim: string;
  before(async () => {
    slim = await slimImage();
    archive = await startAptArchive();
    bench = await makeBench();
  });
  after(async () => {
    await archive?.close();
    await bench?.dispose();
  });

  it("that takes the hook away: the packages that went past it are named, with their stage's line", async () => {
    for (const name of ["own-told", "own-untold", "own-stage"])
      await archive.publish({ name, version: "1.0" });
    const clear = "echo '#clear DPkg::Pre-Install-Pkgs;' > /etc/apt/apt.conf.d/zz-own";
    await bench.write(
      "Dockerfile",
      `FROM ${slim} AS maker
RUN ${clear} && ${aptInstall(archive, "own-stage")} && touch /made
FROM ${slim}
RUN ${aptInstall(archive, "own-told")}
RUN ${clear} && ${aptInstall(archive, "own-untold")}
COPY --from=maker /made /
`,
    );
    const outcome = await bench.build();
    assert.equal(outcome.verified, "verified", outcome.reason ?? "");
    const named = outcome.unpinned.map(
      ({ line, kind, reason }) => `${line} ${kind} ${/about (.*?), so/.exec(reason)?.[1]}`,
    );
    assert.deepEqual(named, ["1 apt-unseen own-stage 1.0", "3 apt-unseen own-untold 1.0"]);
    assert.match(outcome.warnings.join("\n"), /line 3, apt-unseen/);
  });

  it("that names other preferences: they are named, and what they let in is drift", async () => {
    await archive.publish({ name: "own-moving", version: "1.0" });
    archive.onceDownloaded("own-moving", async () => {
      await archive.publish({ name: "own-moving", version: "2.0" });
    });
    const own = `echo 'Dir::Etc::Preferences "/etc/apt/own";' > /etc/apt/apt.conf.d/zz-own`;
    await bench.write("Dockerfile", `FROM ${slim}\nRUN ${own} && ${aptInstall(archive, "own-moving")}\n`);
    const { verified, drift, unpinned } = await bench.build();
    assert.deepEqual(
      unpinned.map(({ line, kind }) => [line, kind]),
      [[1, "apt-config"]],
    );
    assert.match(unpinned[0]?.reason ?? "", /\("\/etc\/apt\/own"\)/);
    assert.equal(verified, "unverified");
    assert.deepEqual(drift.changed, [{ name: "dpkg:own-moving", from: "1.0", to: "2.0" }]);
  });
});
