import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { artifactLease } from "../../provider/base/lease/artifact";
import { readLease } from "../../provider/base/lease/lease-file";
import { makerMark } from "../../provider/base/process/leftovers";
import type { ImageOutputs } from "../../provider/build/roundtrip/image-outputs";
import { runChild } from "../support/child";
import { listOurs } from "../support/leftovers";
import { until } from "../support/until";
import { shellImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { wrapDocker } from "./support/docker-wrapper";
import { childArguments } from "./support/in-child";
import { COPY_ONLY, dpkgStatus } from "./support/recipes";

/**
 * Arguments for unshare(1): a build in a PID namespace of its own, as a container has it, with this machine's host name.
 *
 * @param before processes that the namespace has seen already: the build's number is one more than that
 * @param flags more of them
 */
function namespaced(bench: Bench, before: number, flags: readonly string[] = []): string[] {
  const wait = `n=1; while [ $n -lt ${before} ]; do /bin/true; n=$((n+1)); done; "$@"; exit $?`;
  const build = [process.execPath, ...childArguments(bench)];
  return ["--uts", "--pid", "--fork", "--kill-child", ...flags, "sh", "-c", wait, "sh", ...build];
}

describe("two builds in two PID namespaces on one engine", function () {
  this.timeout(180_000);
  let live: Bench;
  let other: Bench;

  beforeEach(async () => {
    [live, other] = [await makeBench(), await makeBench()];
    const shell = await shellImage();
    await live.write(
      "Dockerfile",
      `FROM ${shell} AS tools\nRUN echo tool > /tool\nFROM ${shell}\nCOPY --from=tools /tool /\n`,
    );
    await other.write("status", dpkgStatus({ base: "1.0" }));
    await other.write("app", "one");
    await other.write("Dockerfile", COPY_ONLY);
  });
  afterEach(async () => {
    await live.dispose();
    await other.dispose();
  });

  it("leave each other's containers, images, base names and temporary folders alone", async () => {
    const [hung, go] = [join(live.directory, "hung"), join(live.directory, "go")];
    const hang = `echo > '${hung}'; while [ ! -e '${go}' ]; do sleep 0.1; done`;
    const path = await wrapDocker(live.directory, `if [ "$TURN" = 1 ]; then ${hang}; fi`);
    // Its number is none that anybody has in the namespace of the other build.
    const building = spawn("unshare", namespaced(live, 300), {
      env: { ...process.env, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(building, "close");
    const said = Promise.all([text(building.stdout), text(building.stderr)]);
    try {
      await until("the first build to hang", 60_000, () => {
        assert.equal(building.exitCode, null, "the first build ended before it hung");
        return existsSync(hung) ? true : null;
      });
      const lease = (await readLease(artifactLease(live.root, live.name)))?.lease;
      const mark = makerMark(lease ?? assert.fail("the first build has no lease"), 0).slice(0, -1);
      const during = await listOurs();
      const { code, stdout, stderr } = await runChild("unshare", namespaced(other, 1, ["--mount-proc"]));
      assert.equal(code, 0, stdout + stderr);
      const after = await listOurs();
      for (const kind of ["containers", "images", "temporary"] as const) {
        const own = during[kind].filter((line) => line.includes(`.${mark}`));
        assert.ok(own.length > 0, `the first build has none of its ${kind} now`);
        assert.deepEqual(
          own.filter((line) => !after[kind].includes(line)),
          [],
          `${kind} of a build that lives were swept`,
        );
      }
    } finally {
      // It cleans up after itself, which nobody else does for it.
      await writeFile(go, "");
      await ended;
    }
    const [stdout, stderr] = await said;
    assert.equal(building.exitCode, 0, stdout + stderr);
    assert.equal((JSON.parse(stdout) as ImageOutputs).verified, "verified", stdout);
  });
});
