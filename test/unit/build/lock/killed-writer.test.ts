import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalLock } from "../../../../provider/packages/lock/canonical";
import { makeLock } from "../../../../provider/packages/lock/make";
import { each } from "../../../support/each";
import { ownFolder } from "../../../support/own-folder";
import { packagesOf } from "../../packages/in-short";

describe("a committed lock whose writer is ended in the middle", function () {
  this.timeout(120_000);
  const at = ownFolder();
  /** Large, so that it takes a while to write. */
  const textOf = (version: number): string => {
    const names = Array.from({ length: 2_000 }, (_, number) => `dpkg:package-${number}@${version}`);
    const parts = { sources: [], unpinned: [], bases: [] };
    return canonicalLock(makeLock({ ...parts, packages: packagesOf(...names) }));
  };

  each<readonly [NodeJS.Signals]>("is the old file or the new one after %s", [["SIGINT"], ["SIGKILL"]])(
    async (signal) => {
      const [old, next] = [textOf(1), textOf(2)];
      await Promise.all([writeFile(at("old"), old), writeFile(at("next"), next), writeFile(at("lock"), old)]);
      const script = join(__dirname, "keep-writing.ts");
      const args = ["--import", "tsx", script, at("lock"), at("next"), at("old")];
      const seen = new Set<string>();
      for (let turn = 0; turn < 3; turn++) {
        const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
        let writes = 0;
        // After so many writes, and so a little later within one.
        child.stdout.on("data", (dots: Buffer) => {
          writes += dots.length;
          if (writes > 5 + turn) child.kill(signal);
        });
        const [, by] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
        assert.equal(by, signal);
        const text = await readFile(at("lock"), "utf8");
        seen.add(text === old ? "old" : text === next ? "new" : `${text.length} bytes`);
      }
      assert.deepEqual(
        [...seen].filter((one) => one !== "old" && one !== "new"),
        [],
      );
    },
  );
});
