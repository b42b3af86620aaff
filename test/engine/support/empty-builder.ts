import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { adminPath } from "../../../scripts/setup/programs.mjs";
import { startDaemon, type Daemon } from "../../support/daemon";
import { docker } from "../../support/docker";

/** One more builder beside the engine, with a cache of its own, in which nothing is yet. */
export interface EmptyBuilder {
  name: string;
  stop(): Promise<void>;
}

/** Starts one, of the set-up's BuildKit: a daemon of its own, or a container of its image. */
export async function startEmptyBuilder(): Promise<EmptyBuilder> {
  const { TESTS_BUILDKIT: buildkit = "" } = process.env;
  const name = `verified-images-tests-${randomBytes(4).toString("hex")}`;
  const buildx = (...args: string[]): Promise<string> => docker(["buildx", ...args], { env: process.env });
  const remove = (): Promise<unknown> => buildx("rm", "--force", name);
  if (!isAbsolute(buildkit)) {
    const options = `image=${buildkit},network=host`;
    const driver = ["--driver", "docker-container", "--driver-opt", options];
    await buildx("create", "--name", name, ...driver, "--bootstrap");
    return { name, stop: async () => void (await remove()) };
  }
  const folder = await mkdtemp(join(tmpdir(), "engine-tests-"));
  const address = `unix://${join(folder, "buildkitd.sock")}`;
  await buildx("create", "--name", name, "--driver", "remote", address);
  const isRunning = async (): Promise<boolean> => /^Status:\s+running$/m.test(await buildx("inspect", name));
  let daemon: Daemon | undefined;
  const stop = async (): Promise<void> => {
    await remove();
    await daemon?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const args = ["--root", join(folder, "root"), "--addr", address, "--containerd-worker=false"];
    daemon = await startDaemon(buildkit, args, isRunning, { ...process.env, PATH: adminPath(process.env) });
    return { name, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
