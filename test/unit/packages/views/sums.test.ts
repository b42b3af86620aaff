import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockHash } from "../../../../provider/packages/lock/canonical";
import { sha256sums } from "../../../../provider/store/sha256sums";
import { runChild } from "../../../support/child";
import { removeScratch, scratch } from "../../store/scratch";

describe("sha256sums", () => {
  after(removeScratch);

  it("is what sha256sum --check reads, and finds a changed lock with", async () => {
    const cwd = scratch();
    const [name, timestamp] = ["web-app", "20261121T165751089Z"];
    const contents = { ".lock": "lock", ".Dockerfile": "locked", ".rough.Dockerfile": "rough" };
    for (const [suffix, text] of Object.entries(contents))
      writeFileSync(join(cwd, `${name}-${timestamp}${suffix}`), text);
    const hashes = {
      lockHash: lockHash("lock"),
      lockedHash: lockHash("locked"),
      recipeHash: lockHash("rough"),
    };
    const input = sha256sums({ name, timestamp, ...hashes });
    const check = (): ReturnType<typeof runChild> =>
      runChild("sha256sum", ["--check", "--strict"], { cwd, input });
    const good = await check();
    assert.deepEqual([good.code, good.stdout.match(/: OK$/gm)?.length], [0, 3], good.stderr);
    writeFileSync(join(cwd, `${name}-${timestamp}.lock`), "changed");
    const bad = await check();
    assert.equal(bad.code, 1);
    assert.match(bad.stdout, new RegExp(`^${name}-${timestamp}\\.lock: FAILED$`, "m"));
  });
});
