import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../provider/base/process/run";
import { fakerootFlags } from "../provider/engines/apptainer/fakeroot";
import { findApptainer } from "../provider/engines/apptainer/find";
import { docker } from "../test/support/docker";
import { startPipIndex } from "../test/support/pip-index";
import { againstTwoBuilds } from "./against-two-builds";
import type { Result } from "./figures";

const MOST_RATIO = 1.1;

/** Packages of the distribution, and one of a Python index. */
const recipe = (index: string): string => `Bootstrap: docker-archive
From: base.tar

%post
    apt-get update
    apt-get install -y --no-install-recommends python3 python3-venv
    python3 -m venv /opt/venv
    /opt/venv/bin/pip install ${index} own-tool
    rm -rf /var/lib/apt/lists/*
`;

/** A round trip with Apptainer, against two plain builds of the same definition. */
export async function apptainer(rounds: number): Promise<Result> {
  const { path } = await findApptainer();
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  const context = join(directory, "context");
  await mkdir(context);
  const index = await startPipIndex();
  try {
    await index.publish({ name: "own-tool", version: "1.0" });
    await writeFile(join(context, "tool.def"), recipe(index.sourceLine));
    await docker(["save", "-o", join(context, "base.tar"), "debian:bookworm-slim"]);
    const raw = ["build", "--force", ...(await fakerootFlags()), join(directory, "raw.sif"), "tool.def"];
    return await againstTwoBuilds(rounds, {
      raw: () => run(path, raw, { cwd: context, timeoutMs: 1_200_000 }),
      inputs: { name: "tool", recipe: join(context, "tool.def"), context, root: join(directory, "store") },
      most: MOST_RATIO,
    });
  } finally {
    await index.close();
    await rm(directory, { recursive: true, force: true });
  }
}
