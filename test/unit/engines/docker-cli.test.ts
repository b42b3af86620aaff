import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { hostArguments } from "../../../provider/engines/docker/client";
import { chooseBuilder, findDockerCli } from "../../../provider/engines/docker/find-cli";
import { EngineUnsuitableError } from "../../../provider/engines/errors";
import { removeScratch, scratch } from "../store/scratch";

describe("chooseBuilder", () => {
  const cases: [string, string | null, string | null][] = [
    ["20.10.24+dfsg1", null, "built-in"],
    ["19.03.5", null, "built-in"],
    ["22.06.0-beta.0", null, "built-in"],
    // `docker build` of these clients does not use the plugin, and knows none of its flags.
    ["20.10.24", "0.10.2", "built-in"],
    ["23.0.1", null, null],
    ["23.0.1", "0.10.2", "buildx 0.10.2"],
    ["29.0.0", "0.33.0", "buildx 0.33.0"],
    ["18.09.1", null, null],
    ["", null, null],
    ["dev", "0.33.0", "buildx 0.33.0"],
  ];
  for (const [version, buildx, builder] of cases) {
    it(`${version || "(none)"} with ${buildx === null ? "no plugin" : `buildx ${buildx}`}: ${builder}`, () =>
      assert.equal(chooseBuilder(version, buildx), builder));
  }
});

describe("hostArguments", () => {
  it("tells an endpoint from a context's name, and says nothing for the current one", () => {
    assert.deepEqual(hostArguments(undefined), []);
    assert.deepEqual(hostArguments("ssh://me@host"), ["--host", "ssh://me@host"]);
    assert.deepEqual(hostArguments("unix:///run/docker.sock"), ["--host", "unix:///run/docker.sock"]);
    assert.deepEqual(hostArguments("staging"), ["--context", "staging"]);
  });
});

describe("findDockerCli", () => {
  after(removeScratch);
  /** A directory with a program `docker` that answers `--version` and `buildx version`. */
  function client(version: string, buildx: string | null): string {
    const bin = scratch();
    const answer =
      buildx === null ? "echo \"docker: 'buildx' is not a docker command.\" >&2; exit 1" : `echo '${buildx}'`;
    const script = `#!/bin/sh\necho x >> '${join(bin, "asked")}'\ncase "$1" in\n--version) echo '${version}';;\nbuildx) ${answer};;\nesac\n`;
    writeFileSync(join(bin, "docker"), script);
    chmodSync(join(bin, "docker"), 0o755);
    return bin;
  }
  const bare = (): string => client("Docker version 29.1.2, build abc", null);
  const paths = (...directories: string[]): string => directories.join(delimiter);

  it("takes the first that can build, past one that can't, and past what is no docker", async () => {
    const broken = scratch();
    writeFileSync(join(broken, "docker"), "#!/bin/sh\nexit 1\n");
    chmodSync(join(broken, "docker"), 0o755);
    const directory = scratch();
    mkdirSync(join(directory, "docker"));
    const text = scratch();
    writeFileSync(join(text, "docker"), "not executable");
    const first = bare();
    const old = client("Docker version 20.10.24+dfsg1, build 297e128", null);
    const later = client("Docker version 29.1.2, build abc", "github.com/docker/buildx v0.33.0 abc");
    assert.deepEqual(await findDockerCli(paths(broken, directory, text, "", first, old, later)), {
      path: join(old, "docker"),
      version: "20.10.24+dfsg1",
      builder: "built-in",
      buildx: null,
    });
  });

  it("reads buildx's version, and nobody else's", async () => {
    const plugin = client("Docker version 29.1.2, build abc", "github.com/docker/buildx 0.13.1+ds1-3");
    assert.equal((await findDockerCli(plugin)).builder, "buildx 0.13.1+ds1-3");
    assert.equal((await findDockerCli(client("podman version 4.3.1", "buildah 1.28.2"))).builder, null);
  });

  it("takes the first at all when none can build", async () => {
    const first = bare();
    assert.deepEqual(await findDockerCli(paths(first, bare())), {
      path: join(first, "docker"),
      version: "29.1.2",
      builder: null,
      buildx: null,
    });
  });

  it("asks each client once per process, and looks again after it found none", async () => {
    const bin = client("Docker version 20.10.24, build 1", null);
    await Promise.all([findDockerCli(bin), findDockerCli(bin)]);
    await findDockerCli(bin);
    assert.equal(readFileSync(join(bin, "asked"), "utf8"), "x\n".repeat(2));
    const later = scratch();
    await assert.rejects(findDockerCli(later), EngineUnsuitableError);
    writeFileSync(join(later, "docker"), readFileSync(join(bin, "docker")));
    chmodSync(join(later, "docker"), 0o755);
    assert.equal((await findDockerCli(later)).path, join(later, "docker"));
  });

  it("says what to do when there is none", async () => {
    for (const path of ["", scratch(), "/nonexistent"]) {
      await assert.rejects(
        findDockerCli(path),
        /^EngineUnsuitableError: no docker command line client on PATH; install/,
      );
    }
  });
});
