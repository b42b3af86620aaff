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
import { removeScratch, scratch } from "../../store/scratch";
import { ends, pidIn } from "./processes";

describe("interruptible", () => {
  after(removeScratch);

  it("gives back what the work gives, or throws, and listens no longer", async () => {
    const before = process.listenerCount("SIGINT");
    assert.equal(await interruptible(() => Promise.resolve(process.listenerCount("SIGINT") - before)), 1);
    await assert.rejects(
      interruptible(() => Promise.reject(new Error("no"))),
      /^Error: no$/,
    );
    assert.equal(process.listenerCount("SIGINT"), before);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`on ${signal} ends the children, lets the work clean up, and then the process`, async () => {
      const directory = scratch();
      const at = (name: string): string =>
        JSON.stringify(resolve(__dirname, "../../../../provider/base/process", name));
      const pid = join(directory, "pid");
      const cleaned = join(directory, "cleaned");
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
      const child = spawn(process.execPath, ["--import", "tsx", script], {
        cwd: resolve(__dirname, "../../../.."),
        stdio: "ignore",
      });
      const exit = once(child, "exit");
      const grandchild = await pidIn(pid);
      child.kill(signal);
      assert.deepEqual(await exit, [null, signal]);
      assert.equal(readFileSync(cleaned, "utf8"), `ended by ${signal}`);
      await ends(grandchild);
    });
  }
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
