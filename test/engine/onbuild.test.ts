import assert from "node:assert/strict";
import { startAptArchive, type AptSpec } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { startPipIndex, type PipSpec } from "../support/pip-index";
import { slimImage, toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { describeBeside } from "./support/lanes";
import { aptInstall } from "./support/recipes";

// The builder of Docker 20.10 finds no stage from ONBUILD, and one beside the engine no other image than those of FROM.
describeBeside("a base image with ONBUILD instructions of its own", function () {
  this.timeout(600_000);
  let base: Bench;
  let bench: Bench;
  let apt: Archive<AptSpec>;
  let pip: Archive<PipSpec>;
  let other: string;
  let outcome: Outcome;

  before(async () => {
    [base, bench] = await Promise.all([makeBench(), makeBench()]);
    [apt, pip] = await Promise.all([startAptArchive(), startPipIndex()]);
    other = await slimImage();
    for (const name of ["own-maker", "own-triggered"]) await apt.publish({ name, version: "1.0" });
    await pip.publish({ name: "own-web", version: "1.0" });
    await base.write(
      "Dockerfile",
      `FROM ${await toolsImage()}
ONBUILD RUN ${aptInstall(apt, "own-triggered")}
ONBUILD RUN /opt/venv/bin/pip install ${pip.sourceLine} own-web
ONBUILD COPY --from=maker /etc/passwd /named
ONBUILD COPY --from=0 /etc/passwd /numbered
`,
    );
    const { reference } = await base.build({ verify: "skip" });
    await bench.write(
      "Dockerfile",
      `FROM ${other}
RUN ${aptInstall(apt, "own-maker")}
FROM ${other} AS maker
RUN ${aptInstall(apt, "own-maker")}
FROM ${reference} AS middle
FROM ${reference}
COPY --from=middle /named /middle
RUN test -s /middle && test -s /numbered
`,
    );
    for (const name of ["own-maker", "own-triggered"])
      apt.onceDownloaded(name, async () => {
        await apt.publish({ name, version: "2.0" });
      });
    pip.onceDownloaded("own-web", async () => {
      await pip.publish({ name: "own-web", version: "2.0" });
    });
    outcome = await bench.build();
  });
  after(async () => {
    await Promise.all([apt?.close(), pip?.close()]);
    await bench?.dispose();
    await base?.dispose();
  });

  it("is listed where it runs or copies something that no pin reaches", () => {
    assert.deepEqual(
      outcome.unpinned.filter(({ kind }) => kind === "onbuild").map(({ line }) => line),
      [5, 6],
    );
    const reason = outcome.unpinned.find(({ kind }) => kind === "onbuild")?.reason ?? "";
    assert.match(reason, /RUN echo .*; RUN .*; COPY --from=maker .* and \d more/);
  });

  it("has the packages of every stage in the lock, of those that only it uses too", async () => {
    const { packages } = await bench.lock(outcome);
    const own = packages.filter(({ name }) => name.startsWith("own-"));
    assert.deepEqual(
      own
        .map(({ ecosystem, name, version, stage = "" }) => `${ecosystem}:${name} ${version} ${stage}`)
        .sort(),
      ["dpkg:own-maker 1.0 0", "dpkg:own-maker 1.0 maker", "dpkg:own-triggered 1.0 ", "pip:own-web 1.0 "],
    );
  });

  it("is drift by name where what it, or a stage that only it uses, installs has changed", () => {
    assert.equal(outcome.verified, "unverified", outcome.reason ?? "");
    assert.deepEqual(outcome.drift.changed.map(({ name, from, to }) => `${name} ${from} -> ${to}`).sort(), [
      "dpkg:own-maker [stage 0] 1.0 -> 2.0",
      "dpkg:own-maker [stage maker] 1.0 -> 2.0",
      "dpkg:own-triggered 1.0 -> 2.0",
      "pip:own-web 1.0 -> 2.0",
    ]);
  });
});
