import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { pinnedTool } from "../../scripts/setup/pinned-tool.mjs";
import { BUILDX } from "../../scripts/setup/pins.mjs";
import { adminPath, findFirst } from "../../scripts/setup/programs.mjs";
import { attempt, reasonOf, run } from "../../scripts/setup/run.mjs";
import { CONTAINER_BUILDER } from "../runner/docker-container.mjs";
import { BUILDKIT, forTests, MORE_VARIABLE, OLDEST_BUILDX, running, withPlugin } from "./builder.mjs";
import pins from "./pins.json" with { type: "json" };

/** Through it buildx speaks with the daemon in the container. @type {PinnedTool} */
const BUILDCTL = { name: "buildctl", ...pins.buildctl };

const NAME = "verified-images-tests-container";
const IMAGE = `verified-images-tests/buildkit:v${BUILDKIT.version}`;

/** BuildKit's programs beside the machine's runc, on the base image of the quickstart. */
const RECIPE = `FROM debian:bookworm-slim
COPY buildkitd buildctl runc /usr/bin/
ENTRYPOINT ["buildkitd"]
`;

/** An image of BuildKit as the driver wants it, for where the official one can't be pulled. @type {(docker: string, context: Context) => Promise<void>} */
async function makeImage(docker, context) {
  const runc = findFirst("runc", adminPath(context.env));
  if (!runc) throw new SetupError("there is no runc on PATH");
  const programs = [await pinnedTool(BUILDKIT, context), await pinnedTool(BUILDCTL, context)];
  const folder = mkdtempSync(join(tmpdir(), "verified-images-buildkit-"));
  try {
    for (const path of [...programs.map((tool) => tool.path), runc])
      copyFileSync(path, join(folder, basename(path)));
    writeFileSync(join(folder, "Dockerfile"), RECIPE);
    await run(`Building ${IMAGE}`, docker, ["build", "--quiet", "--tag", IMAGE, folder], context);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * A builder with the driver docker-container, which stays, like the engine. It is in the network of the machine, where the
 * archives of the tests are.
 * @type {(context: Context, docker: string) => Promise<Outcome>}
 */
export function builderInContainer(context, docker) {
  return forTests(CONTAINER_BUILDER, context, async () => {
    const { environment } = await withPlugin(BUILDX, OLDEST_BUILDX, "builder", docker, context);
    const inside = { ...context, env: { ...context.env, ...environment, BUILDX_BUILDER: undefined } };
    const found = await running(docker, inside, NAME);
    if (found === null) {
      await makeImage(docker, inside);
      await attempt(docker, ["buildx", "rm", "--force", NAME], inside);
      const options = ["--driver", "docker-container", "--driver-opt", `image=${IMAGE},network=host`];
      const create = ["buildx", "create", "--name", NAME, ...options, "--bootstrap"];
      const made = await attempt(docker, create, inside);
      if (!made.ok) throw new SetupError(`docker buildx create failed (${reasonOf(made)})`);
    }
    const version = found ?? (await running(docker, inside, NAME));
    if (version === null) throw new SetupError("the builder does not answer");
    const text = `${found === null ? "made" : "found"} BuildKit ${version} in a container`;
    return { text, environment: { ...environment, BUILDX_BUILDER: NAME, [MORE_VARIABLE]: IMAGE } };
  });
}
