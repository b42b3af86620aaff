import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unpackPackages } from "../../scripts/setup/apt.mjs";
import { makeOnce } from "../../scripts/setup/cache.mjs";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { writeLink } from "../../scripts/setup/files.mjs";
import { pinnedTool } from "../../scripts/setup/pinned-tool.mjs";
import { BUILDX, PLATFORM } from "../../scripts/setup/pins.mjs";
import { findFirst } from "../../scripts/setup/programs.mjs";
import { run } from "../../scripts/setup/run.mjs";

/** The Go module that pins what is built. */
const MODULE = join(dirname(fileURLToPath(import.meta.url)), "docker-29");

const PROGRAMS = {
  dockerd: "github.com/moby/moby/v2/cmd/dockerd",
  "docker-proxy": "github.com/moby/moby/v2/cmd/docker-proxy",
  containerd: "github.com/containerd/containerd/v2/cmd/containerd",
  "containerd-shim-runc-v2": "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2",
  docker: "github.com/docker/cli/cmd/docker",
};

/** What the programs say of themselves. The engine's module does not say to which release of Docker 29 it belongs. */
const VERSIONS = {
  "github.com/moby/moby/v2/dockerversion.Version": "29.0.0+v2.0.0-beta.24",
  "github.com/docker/cli/cli/version.Version": "29.9.3",
};

/** Without inlining all is compiled in a fifth less time. The client's module has no go.mod that names a Go version. */
const COMPILER = ["-gcflags=all=-l", `-gcflags=${PROGRAMS.docker}=-l -lang=go1.26`];

/**
 * Docker 29, built with Go from its modules into the cache: engine, containerd and client. It takes five minutes and more.
 * Its docker-init is Debian's tini.
 * @type {(context: Context) => Promise<import("../../scripts/setup/engine-release.mjs").Release>}
 * @throws {SetupError} where there is no Go
 */
export async function docker29(context) {
  const { env, cache, log } = context;
  const pins = createHash("sha256")
    .update(readFileSync(join(MODULE, "go.sum")))
    .digest("hex")
    .slice(0, 12);
  const folder = await makeOnce(cache, `docker/29-${pins}-${PLATFORM}`, async (unfinished) => {
    if (!findFirst("go", env.PATH))
      throw new SetupError("Docker 29 is built with Go, and no `go` is on PATH.");
    context.say(`building Docker 29 with Go, which takes five minutes or more (log: ${log})`);
    const stamps = Object.entries(VERSIONS).map(([name, version]) => `-X ${name}=${version}`);
    const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-p", "2", ...COMPILER];
    flags.push("-ldflags", ["-s", "-w", ...stamps].join(" "));
    const options = { ...context, cwd: MODULE, env: { ...env, CGO_ENABLED: "0", GOWORK: "off" } };
    for (const [file, from] of Object.entries(PROGRAMS))
      await run(`Building ${file}`, "go", ["build", ...flags, "-o", join(unfinished, file), from], options);
  });
  const init = await makeOnce(cache, `docker/init-${PLATFORM}`, async (unfinished) => {
    const unpacked = join(unfinished, "tini");
    mkdirSync(unpacked);
    await unpackPackages(["tini-static"], "sid", unpacked, context);
    renameSync(join(unpacked, "usr", "bin", "tini-static"), join(unfinished, "docker-init"));
    rmSync(unpacked, { recursive: true });
  });
  const buildx = await pinnedTool(BUILDX, context);
  const plugins = join(cache, "docker", "plugins");
  writeLink(join(plugins, "docker-buildx"), buildx.path);
  return {
    name: "29",
    how: `built with Go, ${buildx.how}`,
    docker: join(folder, "docker"),
    folders: [folder, init],
    // The runc of Debian 12 knows no time namespaces.
    features: { "time-namespaces": false },
    plugins,
  };
}
