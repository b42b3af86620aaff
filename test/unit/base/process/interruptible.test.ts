import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { thisProcess } from "../../../../provider/base/process/identity";
import { makerMark } from "../../../../provider/base/process/leftovers";
import { interruptible } from "../../../../provider/base/process/interruptible";
import { sweepTemporary, temporaryFolder } from "../../../../provider/base/process/temporary";
import { each } from "../../../support/each";
import { removeScratch, scratch } from "../../store/scratch";
import { ends, pidIn } from "./processes";

describe("interruptible", () => {
  after(removeScratch);

  it("gives back what the work gives, or throws, and listens no longer", async () => {
    const before = process.listenerCount("SIGINT");
    assert.equal(await interruptible(() => Promise.resolve(process.listenerCount("SIGINT") - before)), 1);
    const failing = interruptible(() => Promise.reject(new Error("no")));
    await assert.rejects(failing, /^Error: no$/);
    assert.equal(process.listenerCount("SIGINT"), before);
  });

  const REPOSITORY = resolve(__dirname, "../../../..");
  const at = (name: string): string => JSON.stringify(join(REPOSITORY, "provider/base/process", name));
  const SIGNALS = [["SIGINT"], ["SIGTERM"], ["SIGHUP"]] as const;
  each(
    "on %s ends the children, lets the work clean up, and then the process",
    SIGNALS,
  )(async (signal) => {
    const directory = scratch();
    const [pid, cleaned] = [join(directory, "pid"), join(directory, "cleaned")];
    const script = join(directory, "work.ts");
    writeFileSync(
      script,
      `import { writeFileSync } from "node:fs";
import { interruptible } from ${at("interruptible")};
import { run } from ${at("run")};
void interruptible(async (signal) => {
  try {
    await run("sh", ["-c", "sleep 60 & echo $! > ${pid}; wait"], { signal });
  } finally {
    writeFileSync(${JSON.stringify(cleaned)}, String((signal.reason as Error).message));
  }
}).catch(() => undefined);
`,
    );
    const options = { cwd: REPOSITORY, stdio: "ignore" } as const;
    const child = spawn(process.execPath, ["--import", "tsx", script], options);
    const exit = once(child, "exit");
    const grandchild = await pidIn(pid);
    child.kill(signal);
    assert.deepEqual(await exit, [null, signal]);
    assert.equal(readFileSync(cleaned, "utf8"), `ended by ${signal}`);
    await ends(grandchild);
  });
});

describe("temporary folders", () => {
  it("are this user's only, and say who made them", async () => {
    const [first, second] = [await temporaryFolder("build"), await temporaryFolder("build")];
    try {
      assert.notEqual(first, second);
      assert.equal(dirname(first), tmpdir());
      assert.ok(basename(first).startsWith(`verified-images-build.${makerMark().split(".", 3).join(".")}.`));
      await sweepTemporary();
      assert.ok(existsSync(first) && existsSync(second), "a living process's folders stay");
    } finally {
      for (const folder of [first, second]) spawnSync("rm", ["-rf", folder]);
    }
  });

  it("of a process that is gone are removed, those of other makers are not", async () => {
    const { pid } = spawnSync("true");
    const folder = (name: string): string => {
      const path = join(tmpdir(), name);
      mkdirSync(path);
      writeFileSync(join(path, "ca.pem"), "x");
      return path;
    };
    const maker = { ...thisProcess(), pid };
    const gone = folder(`verified-images-ca.${makerMark(maker)}.unittest`);
    const theirs = folder(`verified-images-ca.${makerMark({ ...maker, space: "0".repeat(16) })}.unittest`);
    const other = folder(`other-tool.${makerMark(maker)}.unittest`);
    try {
      await sweepTemporary();
      assert.ok(!existsSync(gone));
      assert.ok(existsSync(theirs) && existsSync(other));
    } finally {
      for (const path of [gone, theirs, other]) spawnSync("rm", ["-rf", path]);
    }
  });
});
