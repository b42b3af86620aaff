/** `npm run record:engines`: asks each engine of the tests that is there, and writes its answers beside this file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment } from "../../../../scripts/setup/environment.mjs";
import { PROJECT } from "../../../../scripts/setup/project.mjs";
import { DOCKER_29, ENGINES, engineOf } from "../../../runner/engines.mjs";
import { runNode } from "../../../runner/run-job.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const { env } = environment();
const folder = mkdtempSync(join(tmpdir(), "record-engines-"));
const others = [...ENGINES, DOCKER_29].map(({ id }) => ({ id, found: engineOf(PROJECT, id, env) }));
for (const { id, found } of [{ id: "containerd", found: { env } }, ...others]) {
  if ("reason" in found) {
    console.log(`${id}: not recorded, ${found.reason}`);
    continue;
  }
  const args = ["--import", "tsx", join(HERE, "record-one.ts"), join(HERE, `${id}.json`)];
  const { ending, output } = await runNode(args, { project: PROJECT, env: found.env, folder });
  console.log(`${id}: ${ending === "exit 0" ? "recorded" : `${ending}\n${output}`}`);
  if (ending !== "exit 0") process.exitCode = 1;
}
rmSync(folder, { recursive: true });
