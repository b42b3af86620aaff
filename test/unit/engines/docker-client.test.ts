import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { hostArguments, type DockerClient } from "../../../provider/engines/docker/client";
import { contextName, keptContext } from "../../../provider/engines/docker/current-context";
import { each } from "../../support/each";
import { chooseBuilder, findDockerCli } from "../../../provider/engines/docker/find-cli";
import { EngineUnsuitableError, EngineUnreachableError } from "../../../provider/engines/errors";
import { scratch } from "../store/scratch";
import { fakeClient } from "./fake-client";
import { effectiveBuilder, parseBuilder, unsuitable } from "../../../provider/engines/docker/builder";
import { isOlder } from "../../../provider/engines/docker/version";
import { CommandError } from "../../../provider/base/process/command-error";
import { commandFailure } from "../../support/command-failure";

describe("chooseBuilder", () => {
  each("%s with %s: %s", [
    ["20.10.24+dfsg1", "no plugin", "built-in"],
    ["19.03.5", "no plugin", "built-in"],
    ["22.06.0-beta.0", "no plugin", "built-in"],
    // `docker build` of these clients does not use the plugin, and knows none of its flags.
    ["20.10.24", "buildx 0.10.2", "built-in"],
    ["23.0.1", "no plugin", null],
    ["23.0.1", "buildx 0.10.2", "buildx 0.10.2"],
    ["29.0.0", "buildx 0.33.0", "buildx 0.33.0"],
    ["18.09.1", "no plugin", null],
    ["(none)", "no plugin", null],
    ["dev", "buildx 0.33.0", "buildx 0.33.0"],
  ])((version, plugin, builder) => {
    const buildx = plugin === "no plugin" ? null : plugin.slice("buildx ".length);
    assert.equal(chooseBuilder(version.replace("(none)", ""), buildx), builder);
  });
});

describe("hostArguments", () => {
  it("tells an endpoint from a context's name, and says nothing for the current one", () => {
    assert.deepEqual(hostArguments(undefined), []);
    assert.deepEqual(hostArguments("ssh://me@host"), ["--host", "ssh://me@host"]);
    assert.deepEqual(hostArguments("unix:///run/docker.sock"), ["--host", "unix:///run/docker.sock"]);
    assert.deepEqual(hostArguments("staging"), ["--context", "staging"]);
  });
});

describe("contextName", () => {
  const DOCKER_CONFIG = "/nonexistent";
  for (const [host, env, name] of [
    ["unix:///x", { DOCKER_CONTEXT: "far" }, "default"],
    ["near", { DOCKER_HOST: "unix:///x" }, "near"],
    [undefined, { DOCKER_HOST: "unix:///x", DOCKER_CONTEXT: "far" }, "default"],
    [undefined, { DOCKER_CONTEXT: "far" }, "far"],
    [undefined, {}, "default"],
  ] as const)
    it(`${host ?? "no host"} with ${JSON.stringify(env)}: ${name}`, () =>
      assert.equal(contextName(host, { DOCKER_CONFIG, ...env }), name));
});

describe("keptContext", () => {
  const kept = (configuration: string | null, env: Record<string, string> = {}): Record<string, string> => {
    const DOCKER_CONFIG = scratch();
    if (configuration !== null) writeFileSync(join(DOCKER_CONFIG, "config.json"), configuration);
    return keptContext({ DOCKER_CONFIG, ...env });
  };
  each("%s", [
    ["keeps the context that is the current one", '{"currentContext":"far"}', {}, { DOCKER_CONTEXT: "far" }],
    ["keeps the default one where none is chosen", "{}", {}, { DOCKER_CONTEXT: "default" }],
    ["takes a file that docker can't read for none, as docker does", "{", {}, { DOCKER_CONTEXT: "default" }],
    ["takes no file for none", null, {}, { DOCKER_CONTEXT: "default" }],
    ["leaves DOCKER_HOST alone", '{"currentContext":"far"}', { DOCKER_HOST: "tcp://a:1" }, {}],
    ["leaves a context of the environment alone", "{}", { DOCKER_CONTEXT: "far" }, {}],
  ])((_, configuration, env, expected) => assert.deepEqual(kept(configuration, env), expected));
});

describe("findDockerCli", () => {
  /** A directory with a program `docker`, a shell script. */
  function program(script: string, mode = 0o755): string {
    const bin = scratch();
    writeFileSync(join(bin, "docker"), `#!/bin/sh\n${script}\n`, { mode });
    return bin;
  }
  /** A directory with a program `docker` that answers `--version` and `buildx version`. */
  function client(version: string, buildx: string | null): string {
    const answer =
      buildx === null ? "echo \"docker: 'buildx' is not a docker command.\" >&2; exit 1" : `echo '${buildx}'`;
    return program(
      `echo x >> "$(dirname "$0")/asked"\ncase "$1" in\n--version) echo '${version}';;\nbuildx) ${answer};;\nesac`,
    );
  }
  const bare = (): string => client("Docker version 29.1.2, build abc", null);
  const paths = (...directories: string[]): string => directories.join(delimiter);

  it("takes the first that can build, past one that can't, and past what is no docker", async () => {
    const [broken, text, directory, first] = [program("exit 1"), program("exit 0", 0o644), scratch(), bare()];
    mkdirSync(join(directory, "docker"));
    const old = client("Docker version 20.10.24+dfsg1, build 297e128", null);
    const later = client("Docker version 29.1.2, build abc", "github.com/docker/buildx v0.33.0 abc");
    const found = await findDockerCli(paths(broken, directory, text, "", first, old, later));
    const expected = {
      path: join(old, "docker"),
      version: "20.10.24+dfsg1",
      builder: "built-in",
      buildx: null,
    };
    assert.deepEqual(found, expected);
  });

  it("reads buildx's version, and nobody else's", async () => {
    const plugin = client("Docker version 29.1.2, build abc", "github.com/docker/buildx 0.13.1+ds1-3");
    assert.equal((await findDockerCli(plugin)).builder, "buildx 0.13.1+ds1-3");
    assert.equal((await findDockerCli(client("podman version 4.3.1", "buildah 1.28.2"))).builder, null);
  });

  it("takes the first at all when none can build", async () => {
    const first = bare();
    const expected = { path: join(first, "docker"), version: "29.1.2", builder: null, buildx: null };
    assert.deepEqual(await findDockerCli(paths(first, bare())), expected);
  });

  it("asks each client once per process, and looks again after it found none", async () => {
    const bin = client("Docker version 20.10.24, build 1", null);
    await Promise.all([findDockerCli(bin), findDockerCli(bin)]);
    await findDockerCli(bin);
    assert.equal(readFileSync(join(bin, "asked"), "utf8"), "x\n".repeat(2));
    const later = scratch();
    await assert.rejects(findDockerCli(later), EngineUnsuitableError);
    copyFileSync(join(bin, "docker"), join(later, "docker"));
    assert.equal((await findDockerCli(later)).path, join(later, "docker"));
  });

  it("says what to do when there is none", async () => {
    const words = /^EngineUnsuitableError: no docker command line client on PATH; install/;
    for (const path of ["", scratch(), "/nonexistent"]) await assert.rejects(findDockerCli(path), words);
  });
});

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
    const own = {
      name: "default",
      driver: "docker",
      endpoint: "default",
      buildkit: "0.8+unknown",
      error: null,
    };
    assert.deepEqual(parseBuilder(DEFAULT), own);
    const far = {
      name: "far",
      driver: "remote",
      endpoint: "unix:///run/b.sock",
      buildkit: "0.31.1",
      error: null,
    };
    assert.deepEqual(parseBuilder(REMOTE), far);
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
    assert.deepEqual(parseBuilder(down), {
      name: "default",
      driver: null,
      endpoint: null,
      buildkit: null,
      error: failed,
    });
    const idle = table("Name:   b\nDriver: remote", "Name:  b0\nStatus:   inactive");
    assert.equal(parseBuilder(idle)?.error, "nothing answers at its endpoint");
    assert.equal(parseBuilder(idle.replace("remote", "docker-container"))?.error, null);
  });

  it("knows no builder in anything else", () => {
    for (const text of ["", "Driver: docker", "no name here"]) assert.equal(parseBuilder(text), null);
  });
});

describe("isOlder", () => {
  each("%s than %s: %s", [
    ["0.9.1", "0.10.0", true],
    ["v0.10.6", "0.11.0", true],
    ["0.8+unknown", "0.11.0", true],
    ["0.10.0", "0.10.0", false],
    ["0.11.0-rc1", "0.11.0", false],
    ["1.0", "0.11.0", false],
    ["master", "0.11.0", false],
  ])((version, than, is) => assert.equal(isOlder(version, than), is));
});

describe("unsuitable", () => {
  const builder = { name: "far", driver: "remote", endpoint: null, buildkit: "0.31.1", error: null };
  it("passes what can be handed images, and a BuildKit that does not say its version", () => {
    assert.equal(unsuitable(builder, "0.10.0"), null);
    assert.equal(unsuitable({ ...builder, buildkit: null }, "0.33.0"), null);
  });

  it("names the one that is too old, and what to do", () => {
    const buildx = /^the builder far \(driver remote\) .*: buildx is 0\.9\.1,/;
    assert.match(unsuitable(builder, "0.9.1") ?? "", buildx);
    const old = unsuitable({ ...builder, buildkit: "0.10.6" }, "0.33.0");
    const buildkit = /its BuildKit is 0\.10\.6, and 0\.11\.0 or newer is needed; update it, or select/;
    assert.match(old ?? "", buildkit);
  });
});

describe("effectiveBuilder", () => {
  let asked: string[];
  /** A client whose plugin answers an inspect so; null: it has none. */
  function clientOf(inspected: string | Error | null, started: string | Error = ""): DockerClient {
    const answer = (command: string): string | Error => {
      if (command.startsWith("version")) return "linux/amd64\n";
      return command.includes("--bootstrap") ? started : (inspected ?? "");
    };
    const client = fakeClient(answer, inspected === null ? null : "0.33.0");
    ({ asked } = client);
    return client;
  }
  const questions = (): string[] => asked.map((command) => command.split(" ").slice(0, 2).join(" "));

  it("is the engine's own without the plugin, and nothing is asked", async () => {
    const own = { driver: "docker", buildkit: null, separate: null };
    assert.deepEqual(await effectiveBuilder(clientOf(null)), own);
    assert.deepEqual(questions(), []);
  });

  it("is the engine's own with the driver docker, whatever its version", async () =>
    assert.equal((await effectiveBuilder(clientOf(DEFAULT))).separate, null));

  it("of an engine that does not tell its BuildKit is as new as what came with that engine", async () => {
    const told = (server: string): DockerClient =>
      fakeClient(
        (command) => (command.startsWith("version") ? server : DEFAULT.replace("v0.8", "v0.0.0")),
        "0.33.0",
      );
    for (const [server, least] of [
      ["28.5.2\n", "0.20.0"],
      ["31.0.0\n", "0.20.0"],
      ["23.0.1\n", "0.10.6"],
      ["20.10.24\n", undefined],
    ] as const)
      assert.equal((await effectiveBuilder(told(server))).least, least, server);
  });

  it("is beside the engine with any other driver, and builds for the engine's platform", async () => {
    const separate = { name: "far", platform: "linux/amd64" };
    const expected = { driver: "remote", buildkit: "0.31.1", buildx: "0.33.0", separate };
    assert.deepEqual(await effectiveBuilder(clientOf(REMOTE)), expected);
    assert.deepEqual(questions(), ["buildx inspect", "version --format"]);
  });

  it("is started where it is idle, for it says no version before; if that fails, the build says why", async () => {
    const idle = table("Name:   b\nDriver: docker-container", "Name:     b0\nStatus:   inactive");
    const running = `${idle.trim().replace("inactive", "running")}\nBuildKit version: v0.31.1\n`;
    assert.equal((await effectiveBuilder(clientOf(idle, running))).buildkit, "0.31.1");
    assert.deepEqual(questions(), ["buildx inspect", "buildx inspect", "version --format"]);
    const failed = new CommandError(commandFailure({ command: "docker buildx", exitCode: 1 }));
    assert.equal((await effectiveBuilder(clientOf(idle, failed))).buildkit, null);
  });

  it("is the one that was asked for, by that name in each command, and without the plugin there is none", async () => {
    const asked = { ...clientOf(DEFAULT), builder: "far" };
    assert.equal((await effectiveBuilder(asked)).driver, "docker");
    const words =
      /^EngineUnsuitableError: the builder far can't be used: the docker client at docker .* no buildx/;
    await assert.rejects(effectiveBuilder({ ...clientOf(null), builder: "far" }), words);
  });

  it("is not the engine of another context, whose images would not be here", async () => {
    const of = (context: string, theirs: string): DockerClient => {
      const answer = (command: string): string =>
        command.startsWith("context") ? theirs : DEFAULT.replaceAll("default", "other");
      return { ...fakeClient(answer, "0.33.0"), context };
    };
    const words =
      /^EngineUnsuitableError: the builder other is the engine at unix:\/\/\/y, and the image is to be on the engine at unix:\/\/\/x; select/;
    await assert.rejects(effectiveBuilder(of("default", "unix:///y")), words);
    assert.equal((await effectiveBuilder(of("other", "unix:///y"))).separate, null);
    assert.equal(
      (await effectiveBuilder(of("default", "unix:///x"))).separate,
      null,
      "two names of one engine",
    );
  });

  it("is never guessed: a missing, silent or old one is an error", async () => {
    const stderr = 'ERROR: no builder "nope" found\n';
    const missing = new CommandError(commandFailure({ command: "docker buildx", exitCode: 1, stderr }));
    const select =
      /^EngineUnsuitableError: .*\(ERROR: no builder "nope" found\); select one with `builder`, BUILDX_BUILDER/;
    await assert.rejects(effectiveBuilder(clientOf(missing)), select);
    const silent = clientOf("Name:   default\nDriver: \nError:  failed to connect\n");
    await assert.rejects(effectiveBuilder(silent), EngineUnreachableError);
    const old = clientOf(REMOTE.replace("v0.31.1", "v0.10.0"));
    await assert.rejects(effectiveBuilder(old), EngineUnsuitableError);
    await assert.rejects(effectiveBuilder(clientOf("")), EngineUnsuitableError);
  });
});
