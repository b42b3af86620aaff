import assert from "node:assert/strict";
import { effectiveBuilder, parseBuilder, unsuitable } from "../../../provider/engines/docker/builder";
import type { DockerClient } from "../../../provider/engines/docker/client";
import { isOlder } from "../../../provider/engines/docker/version";
import { EngineUnreachableError, EngineUnsuitableError } from "../../../provider/engines/errors";
import { CommandError } from "../../../provider/base/process/command-error";
import { commandFailure } from "../../support/command-failure";

/** The table that buildx prints, with these values of the builder and of its one node. */
const table = (builder: string, node: string): string => `${builder}\n\nNodes:\n${node}\n`;

const DEFAULT = table(
  "Name:   default\nDriver: docker",
  "Name:             default\nEndpoint:         default\nStatus:           running\nBuildKit version: v0.8+unknown",
);
const REMOTE = table(
  "Name:          far\nDriver:        remote\nLast Activity: 2026-11-21 22:11:17 +0000 UTC",
  "Name:             far0\nEndpoint:         unix:///run/b.sock\nStatus:           running\nBuildKit version: v0.31.1",
);

describe("parseBuilder", () => {
  it("reads name, driver and BuildKit's version, in old words too", () => {
    assert.deepEqual(parseBuilder(DEFAULT), {
      name: "default",
      driver: "docker",
      buildkit: "0.8+unknown",
      error: null,
    });
    assert.deepEqual(parseBuilder(REMOTE), {
      name: "far",
      driver: "remote",
      buildkit: "0.31.1",
      error: null,
    });
    const old = REMOTE.replace("BuildKit version: v0.31.1", "Buildkit:  v0.10.6");
    assert.equal(parseBuilder(old)?.buildkit, "0.10.6");
  });

  it("takes the first of several nodes, and not the lines of its configuration", () => {
    const more = "\n\nName:   far1\nStatus: running\nBuildKit version: v0.12.0\nFile#x:\n > Driver: docker\n";
    assert.equal(parseBuilder(REMOTE + more)?.buildkit, "0.31.1");
    assert.equal(parseBuilder(REMOTE + more)?.driver, "remote");
  });

  it("says what is wrong: an error of the builder or its node, a remote one that does not run", () => {
    const down = "Name:   default\nDriver: \nError:  failed to connect to the docker API\n";
    const failed = "failed to connect to the docker API";
    assert.deepEqual(parseBuilder(down), { name: "default", driver: null, buildkit: null, error: failed });
    const idle = table("Name:   b\nDriver: remote", "Name:  b0\nStatus:   inactive");
    assert.equal(parseBuilder(idle)?.error, "nothing answers at its endpoint");
    assert.equal(parseBuilder(idle.replace("remote", "docker-container"))?.error, null);
  });

  it("knows no builder in anything else", () => {
    for (const text of ["", "Driver: docker", "no name here"]) assert.equal(parseBuilder(text), null);
  });
});

describe("isOlder", () => {
  it("compares numbers, and takes what is no version for new", () => {
    for (const [version, than] of [
      ["0.9.1", "0.10.0"],
      ["v0.10.6", "0.11.0"],
      ["0.8+unknown", "0.11.0"],
    ] as const)
      assert.equal(isOlder(version, than), true, version);
    for (const [version, than] of [
      ["0.10.0", "0.10.0"],
      ["0.11.0-rc1", "0.11.0"],
      ["1.0", "0.11.0"],
      ["master", "0.11.0"],
    ] as const)
      assert.equal(isOlder(version, than), false, version);
  });
});

describe("unsuitable", () => {
  const builder = { name: "far", driver: "remote", buildkit: "0.31.1", error: null };
  it("passes what can be handed images, and a BuildKit that does not say its version", () => {
    assert.equal(unsuitable(builder, "0.10.0"), null);
    assert.equal(unsuitable({ ...builder, buildkit: null }, "0.33.0"), null);
  });

  it("names the one that is too old, and what to do", () => {
    assert.match(
      unsuitable(builder, "0.9.1") ?? "",
      /^the builder far \(driver remote\) .*: buildx is 0\.9\.1,/,
    );
    const old = unsuitable({ ...builder, buildkit: "0.10.6" }, "0.33.0");
    assert.match(
      old ?? "",
      /its BuildKit is 0\.10\.6, and 0\.11\.0 or newer is needed; update it, or select/,
    );
  });
});

describe("effectiveBuilder", () => {
  const asked: string[] = [];
  /** A client whose plugin answers an inspect so; null: it has none. */
  function clientOf(inspected: string | Error | null, started: string | Error = ""): DockerClient {
    asked.length = 0;
    const buildx = inspected === null ? null : "0.33.0";
    return {
      where: "unix:///x",
      inspectMs: 5_000,
      cli: () => Promise.resolve({ path: "docker", version: "20.10.24", builder: "built-in", buildx }),
      run: (args) => {
        asked.push(args.slice(0, 2).join(" "));
        if (args[0] === "version") return Promise.resolve({ stdout: "linux/amd64\n", stderr: "" });
        const answer = args.includes("--bootstrap") ? started : inspected;
        return answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve({ stdout: answer ?? "", stderr: "" });
      },
      start: () => Promise.reject(new Error("nothing is started")),
    };
  }

  it("is the engine's own without the plugin, and nothing is asked", async () => {
    const own = { driver: "docker", buildkit: null, separate: null };
    assert.deepEqual(await effectiveBuilder(clientOf(null)), own);
    assert.deepEqual(asked, []);
  });

  it("is the engine's own with the driver docker, whatever its version", async () =>
    assert.equal((await effectiveBuilder(clientOf(DEFAULT))).separate, null));

  it("is beside the engine with any other driver, and builds for the engine's platform", async () => {
    assert.deepEqual(await effectiveBuilder(clientOf(REMOTE)), {
      driver: "remote",
      buildkit: "0.31.1",
      separate: { name: "far", platform: "linux/amd64" },
    });
    assert.deepEqual(asked, ["buildx inspect", "version --format"]);
  });

  it("is started where it is idle, for it says no version before; if that fails, the build says why", async () => {
    const idle = table("Name:   b\nDriver: docker-container", "Name:     b0\nStatus:   inactive");
    const running = `${idle.trim().replace("inactive", "running")}\nBuildKit version: v0.31.1\n`;
    assert.equal((await effectiveBuilder(clientOf(idle, running))).buildkit, "0.31.1");
    assert.deepEqual(asked, ["buildx inspect", "buildx inspect", "version --format"]);
    const failed = new CommandError(commandFailure({ command: "docker buildx", exitCode: 1 }));
    assert.equal((await effectiveBuilder(clientOf(idle, failed))).buildkit, null);
  });

  it("is never guessed: a missing, silent or old one is an error", async () => {
    const stderr = 'ERROR: no builder "nope" found\n';
    const missing = new CommandError(commandFailure({ command: "docker buildx", exitCode: 1, stderr }));
    await assert.rejects(effectiveBuilder(clientOf(missing)), (error: unknown) => {
      assert.ok(error instanceof EngineUnsuitableError);
      assert.match(error.message, /\(ERROR: no builder "nope" found\); select one with BUILDX_BUILDER/);
      return true;
    });
    const silent = clientOf("Name:   default\nDriver: \nError:  failed to connect\n");
    await assert.rejects(effectiveBuilder(silent), EngineUnreachableError);
    const old = clientOf(REMOTE.replace("v0.31.1", "v0.10.0"));
    await assert.rejects(effectiveBuilder(old), EngineUnsuitableError);
    await assert.rejects(effectiveBuilder(clientOf("")), EngineUnsuitableError);
  });
});
