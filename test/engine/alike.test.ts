import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { startAptArchive } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { docker } from "../support/docker";
import { startPipIndex } from "../support/pip-index";
import { shellImage, slimImage, toolsImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { describeInLanes } from "./support/lanes";
import { aptInstall } from "./support/recipes";

/** Takes away what a newer BuildKit sets for tracing, with another value for every build. */
const UNTRACED = "unset TRACEPARENT OTEL_TRACE_PARENT";

/** Shell text that prints all that a RUN can see of a build: a line for each, in a form that the log keeps. */
const LOOK = `{ ${UNTRACED}; env | sed 's/^/variable /'; \\
  while read -r what at kind rest; do case $at in /dev/*) echo "mount $at" ;; esac; done < /proc/mounts; \\
  find /dev/verified* | sed 's/^/file /'; ls -d /dev/* | sed 's/^/device /'; \\
  grep -v Preferences "$APT_CONFIG" | sed 's/^/apt /'; } | sed 's/^/seen: /'`;

/** What RUNs with `LOOK` have seen, by their build's log. */
async function seenIn(log: string): Promise<string[]> {
  const lines = [...(await readFile(log, "utf8")).matchAll(/^#\d+ \d+\.\d+ seen: (.*)$/gm)];
  return [...new Set(lines.map(([, line = ""]) => line))].sort();
}

const without = (lines: readonly string[], others: readonly string[]): string[] =>
  lines.filter((line) => !others.includes(line));

describeInLanes("a RUN sees much the same in the build and in the rebuild", function (beside) {
  this.timeout(300_000);
  let archive: Archive;
  let bench: Bench;
  before(async () => {
    archive = await startAptArchive();
    await archive.publish({ name: "own-deb", version: "1.0" });
  });
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.dispose());
  after(() => archive?.close());

  /** What only one of the two builds of a recipe shows to its RUNs. */
  async function differences(recipe: string): Promise<{ build: string[]; rebuild: string[] }> {
    await bench.write("Dockerfile", recipe);
    const { timestamp, verified, reason } = await bench.build();
    assert.equal(verified, "verified", reason ?? "");
    const { buildLog, verifyLog } = bench.paths(timestamp);
    const [build, rebuild] = [await seenIn(buildLog), await seenIn(verifyLog)];
    for (const line of ["variable APT_CONFIG=", "mount /dev/verified-images", "file /dev/", "apt DPkg"])
      assert.ok(
        build.some((seen) => seen.startsWith(line)),
        `no ${line} in ${build.join("\n")}`,
      );
    return { build: without(build, rebuild), rebuild: without(rebuild, build) };
  }

  it("with apt alone: the same variables, files and devices", async () => {
    const { build, rebuild } = await differences(
      `FROM ${await slimImage()}\nRUN ${aptInstall(archive, "own-deb")}\nRUN ${LOOK}\nUSER 1000\nRUN ${LOOK}\n`,
    );
    const others = (lines: string[]): string[] => lines.filter((line) => !line.startsWith("mount "));
    assert.deepEqual({ build: others(build), rebuild: others(rebuild) }, { build: [], rebuild: [] });
    assert.deepEqual(rebuild, ["mount /dev/verified-images"]);
    assert.ok(
      build.every((line) => line.startsWith("mount /dev/verified-images/")),
      build.join("\n"),
    );
  });

  it("in an image of files alone, which is verified although it holds what its RUN saw", async () => {
    const recipe = `FROM ${await shellImage()} AS shell
FROM scratch
COPY --from=shell /bin /bin
COPY --from=shell /lib /lib
COPY --from=shell /lib64 /lib64
RUN ${UNTRACED}; export -p > /variables && { echo /dev/*; echo /dev/verified*/*; } > /files
`;
    await bench.write("Dockerfile", recipe);
    const { verified, reason, drift } = await bench.build();
    assert.deepEqual([verified, drift.changed], ["verified", []], reason ?? "");
  });

  it("although two builds of one recipe at the same time have their own steps", async () => {
    const other = await makeBench();
    try {
      const recipe = `FROM ${await shellImage()}
RUN perl -e 'sleep 3'; echo "seen: $(cat /proc/sys/kernel/random/uuid)"
`;
      const seen = [bench, other].map(async (one) => {
        await one.write("Dockerfile", recipe);
        return await seenIn(one.paths((await one.build({ verify: "skip" })).timestamp).buildLog);
      });
      const lines = (await Promise.all(seen)).flat();
      assert.equal(new Set(lines).size, 2, lines.join("\n"));
    } finally {
      await other.dispose();
    }
  });

  if (beside) return;
  it("with pip and npm: what the rebuild shows more is the variables by which they find their pins", async () => {
    const { build, rebuild } = await differences(`FROM ${await toolsImage()}\nRUN ${LOOK}\n`);
    const others = (lines: string[]): string[] => lines.filter((line) => !line.startsWith("mount "));
    assert.deepEqual(
      { build: others(build), rebuild: others(rebuild) },
      {
        build: [],
        rebuild: [
          "variable NODE_OPTIONS=--require /dev/verified-images/npm-pins.cjs",
          "variable PIP_CONSTRAINT=/dev/verified-images/constraints.txt",
          "variable PYTHONPATH=/dev/verified-images/python",
        ],
      },
    );
  });

  it("the image that is kept owes nothing to such variables: what the recipe sets by default holds", async () => {
    const pip = await startPipIndex();
    try {
      for (const version of ["1.0", "2.0"]) await pip.publish({ name: "own-wheel", version });
      await bench.write("own_module.py", "value = 42\n");
      await bench.write("pip.conf", "[install]\nconstraint = /files/bound.txt\n");
      await bench.write("bound.txt", "own-wheel<2\n");
      await bench.write(
        "Dockerfile",
        `FROM ${await toolsImage()}
COPY . /files
RUN cp /files/pip.conf /etc/pip.conf && /opt/venv/bin/pip install ${pip.sourceLine} own-wheel
RUN NODE_OPTIONS="\${NODE_OPTIONS:---title=own}" node -p process.title > /title
RUN PYTHONPATH="\${PYTHONPATH:-/files}" python3 -c 'import own_module; print(own_module.value)' > /value
RUN export -p > /variables
`,
      );
      const outcome = await bench.build({ verify: "skip" });
      const wheel = (await bench.lock(outcome)).packages.find(({ name }) => name === "own-wheel");
      assert.equal(wheel?.version, "1.0");
      const later = ". /variables && cat /title /value && node -p 1+1";
      assert.equal(await docker(["run", "--rm", outcome.reference, "sh", "-c", later]), "own\n42\n2");
    } finally {
      await pip.close();
    }
  });
});
