import assert from "node:assert/strict";
import { runChild } from "../support/child";
import { REPOSITORY } from "../support/pulumi-project";

/** Lists the files of other packages that the root loads, beyond Pulumi's SDK, which every program has. */
const LOADED = `
require("@pulumi/pulumi");
const before = new Set(Object.keys(require.cache));
require("./index.ts");
const loaded = Object.keys(require.cache).filter((file) => !before.has(file));
console.log(JSON.stringify({
  own: loaded.filter((file) => !file.includes("node_modules")).length,
  others: loaded.filter((file) => file.includes("node_modules")),
}));
`;

describe("the package's root", function () {
  this.timeout(30_000);

  it("loads no other package than Pulumi's SDK: all else waits until a function is called", async () => {
    const args = ["--require", "tsx/cjs", "-e", LOADED];
    const { code, stdout, stderr } = await runChild(process.execPath, args, { cwd: REPOSITORY });
    assert.equal(code, 0, stderr);
    const { own, others } = JSON.parse(stdout) as { own: number; others: string[] };
    assert.deepEqual(others, []);
    assert.ok(own > 10, stdout);
  });
});
