import assert from "node:assert/strict";
import { startAptArchive } from "../support/apt-archive";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { describeInLanes } from "./support/lanes";
import { aptInstall } from "./support/recipes";

const PIP = "/opt/venv/bin/pip";

/** Packages of our archives that a later RUN replaced or removed: ecosystem, name, version and last RUN. */
async function replaced(bench: Bench, outcome: Outcome): Promise<string[]> {
  const { packages } = await bench.lock(outcome);
  return packages
    .filter(({ name, transient }) => transient && name.startsWith("own-"))
    .map(({ ecosystem, name, version, run, stage }) =>
      [ecosystem, name, version, run ?? "any", ...(stage === undefined ? [] : [stage])].join(" "),
    )
    .sort();
}

function assertVerified({ verified, reason, drift }: Outcome): void {
  assert.deepEqual(
    { verified, reason, drift },
    { verified: "verified", reason: null, drift: { changed: [], added: [], removed: [] } },
  );
}

describeInLanes("each RUN is held to what stood when it had run", function () {
  this.timeout(600_000);
  let bench: Bench;
  let tools: string;
  before(async () => {
    tools = await toolsImage();
    bench = await makeBench();
  });
  after(() => bench?.dispose());

  it("for pip, npm and apt, also in a build stage, although newer versions have appeared", async () => {
    const [apt, pip, npm] = await Promise.all([startAptArchive(), startPipIndex(), startNpmRegistry()]);
    try {
      for (const version of ["2.3", "3.0"]) await pip.publish({ name: "own-lib", version });
      await pip.publish({ name: "own-app", version: "3.0.3", depends: ["own-lib>=3.0"] });
      await pip.publish({ name: "own-gone", version: "1.0" });
      await npm.publish({ name: "own-part", version: "1.0.0" });
      await npm.publish({ name: "own-tool", version: "7.5.0", dependencies: { "own-part": "^1.0.0" } });
      await npm.publish({ name: "own-tool", version: "7.6.0", dependencies: { "own-part": "^1.1.0" } });
      await apt.publish({ name: "own-deb", version: "1.0" });
      const hooks = [
        pip.onceDownloaded("own-lib", async () => {
          await pip.publish({ name: "own-lib", version: "3.1" });
          await pip.publish({ name: "own-gone", version: "1.1" });
        }),
        npm.onceDownloaded("own-part", async () => {
          await npm.publish({ name: "own-part", version: "1.1.0" });
        }),
        apt.onceDownloaded("own-deb", async () => {
          await apt.publish({ name: "own-deb", version: "2.0" });
        }),
      ];
      await bench.write(
        "Dockerfile",
        `FROM ${tools} AS maker
RUN ${PIP} install ${pip.sourceLine} own-app==3.0.3 own-gone
RUN ${PIP} install ${pip.sourceLine} own-lib==2.3 && ${PIP} uninstall -y own-gone
FROM ${tools}
COPY --from=maker /opt/venv/pyvenv.cfg /made
RUN npm install -g ${npm.sourceLine} own-tool@7.5.0
RUN ${aptInstall(apt, "own-deb")}
RUN npm install -g ${npm.sourceLine} own-tool@7.6.0
RUN ${aptInstall(apt, "own-deb")}
`,
      );
      const outcome = await bench.build();
      assert.ok(hooks.every(({ fired }) => fired));
      assertVerified(outcome);
      assert.deepEqual(await replaced(bench, outcome), [
        "dpkg own-deb 1.0 3",
        "npm own-part 1.0.0 1",
        "npm own-tool 7.5.0 1",
        "pip own-gone 1.0 1 maker",
        "pip own-lib 3.0 1 maker",
      ]);
    } finally {
      await Promise.all([apt, pip, npm].map((archive) => archive.close()));
    }
  });

  it("but pip's isolated builds are not, and the recipe's own constraints hold too", async () => {
    const pip = await startPipIndex();
    try {
      for (const version of ["1.0", "2.0"]) await pip.publish({ name: "own-backend", version });
      for (const version of ["1.0", "2.0"]) await pip.publish({ name: "own-bound", version });
      const hook = pip.onceDownloaded("own-bound", async () => {
        await pip.publish({ name: "own-bound", version: "1.1" });
        await pip.publish({ name: "own-free", version: "1.1" });
      });
      await pip.publish({ name: "own-free", version: "1.0" });
      await bench.write(
        "project/pyproject.toml",
        `[build-system]
requires = ["own-backend>=2"]
build-backend = "backend"
backend-path = ["."]
`,
      );
      await bench.write(
        "project/backend.py",
        `import zipfile
import own_backend

def build_wheel(folder, settings=None, metadata=None):
    assert own_backend.CONTENT == "own-backend 2.0"
    name, info = "own_project-1.0-py3-none-any.whl", "own_project-1.0.dist-info/"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: own-project\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
`,
      );
      await bench.write("constraints.txt", "own-bound<2\n");
      await bench.write(
        "Dockerfile",
        `FROM ${tools}
RUN ${PIP} install ${pip.sourceLine} own-backend==1.0
COPY . /files
RUN ${PIP} install ${pip.sourceLine} /files/project
ENV PIP_CONSTRAINT=/files/constraints.txt
RUN ${PIP} install ${pip.sourceLine} own-free own-bound
`,
      );
      const outcome = await bench.build();
      assert.ok(hook.fired);
      assertVerified(outcome);
      const { packages } = await bench.lock(outcome);
      const own = packages.filter(({ name }) => name.startsWith("own-"));
      assert.deepEqual(
        own.map(({ name, version }) => `${name} ${version}`),
        ["own-backend 1.0", "own-bound 1.0", "own-free 1.0", "own-project 1.0"],
      );
    } finally {
      await pip.close();
    }
  });
});
