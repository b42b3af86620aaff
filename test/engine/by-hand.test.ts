import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { engineAt } from "../../provider/build/functions/effects";
import { placeAndVersion } from "../../provider/packages/lock/place";
import { isInImage } from "../../provider/packages/lock/transient";
import { parseImageId } from "../../provider/base/reference/digest";
import { startAptArchive } from "../support/apt-archive";
import { docker, imageId } from "../support/docker";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench } from "./support/bench";
import { aptInstall } from "./support/recipes";

const run = promisify(execFile);

describe("a locked recipe, built by the commands at its top", function () {
  this.timeout(300_000);

  it("gives an image with the lock's packages, also with versions that a later RUN replaced", async () => {
    const bench = await makeBench();
    const [apt, pip, tools] = await Promise.all([startAptArchive(), startPipIndex(), toolsImage()]);
    let pins: string | undefined;
    try {
      await apt.publish({ name: "own-deb", version: "1.0" });
      for (const version of ["1.0", "2.0"]) await pip.publish({ name: "own-lib", version });
      await bench.write(
        "Dockerfile",
        `ARG BASE
FROM \${BASE}
COPY . /files
RUN ${aptInstall(apt, "own-deb")}
RUN /opt/venv/bin/pip install ${pip.sourceLine} own-lib
RUN /opt/venv/bin/pip install ${pip.sourceLine} own-lib==1.0 && test ! -e /files/left-out
`,
      );
      await bench.write("left-out", "");
      await bench.write(".dockerignore", "left-out\n");
      const outcome = await bench.build({ buildArgs: { BASE: tools } });
      assert.equal(outcome.verified, "verified", outcome.reason ?? "");
      await apt.publish({ name: "own-deb", version: "2.0" });
      await pip.publish({ name: "own-lib", version: "2.1" });

      const { locked, directory } = bench.paths(outcome.timestamp);
      const [first, ...commands] = (await readFile(locked, "utf8")).split("\n").slice(0, 3);
      const base = `${tools} must be the image ${await imageId(tools)}`;
      assert.equal(first, `# To build this with the packages of its lock, run in this folder; ${base}:`);
      pins = /verified-images-pins:\w+/.exec(commands.join())?.[0];
      const cli = (await docker(["version", "--format", "{{.Client.Version}}"])) && process.env.PATH;
      for (const command of commands) {
        assert.match(command, /^# DOCKER_BUILDKIT=1 docker build /);
        await run("/bin/sh", ["-c", command.slice(2)], {
          cwd: directory,
          env: { ...process.env, PATH: `${dirname("/usr/bin/docker")}:${cli ?? ""}` },
        });
      }
      const made = parseImageId(await imageId(`${bench.name}:by-hand`));
      const { packages } = await engineAt(undefined, 30).capture(made);
      const lock = await bench.lock(outcome);
      assert.deepEqual(
        packages.map(placeAndVersion).sort(),
        lock.packages.filter(isInImage).map(placeAndVersion).sort(),
      );
    } finally {
      if (pins !== undefined) await docker(["image", "rm", pins]);
      await Promise.all([apt.close(), pip.close()]);
      await bench.dispose();
    }
  });
});
