import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerEngine } from "../../provider/engines/docker/engine";
import { DOCKER_ENV, docker } from "../support/docker";
import { within } from "./support/within";

describe("a Docker context that is switched while an engine is used", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "context-tests-"));
    const host = await docker(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]);
    const env = { ...DOCKER_ENV, DOCKER_CONFIG: folder, DOCKER_CONTEXT: undefined };
    for (const [name, endpoint] of [
      ["here", host],
      ["elsewhere", `unix://${join(folder, "nobody.sock")}`],
    ] as const) {
      await docker(["context", "create", name, "--docker", `host=${endpoint}`], { env });
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("stays at the engine that it began with", async () => {
    const use = (currentContext: string): Promise<void> =>
      writeFile(join(folder, "config.json"), JSON.stringify({ currentContext }));
    await within({ DOCKER_CONFIG: folder, DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined }, async () => {
      await use("here");
      const engine = dockerEngine(undefined, 30_000);
      const { id } = await engine.identity();
      await use("elsewhere");
      assert.equal((await engine.identity()).id, id);
      await assert.rejects(dockerEngine(undefined, 30_000).identity(), /nobody.sock/);
    });
  });
});
