import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

const MODULE = resolve(__dirname, "../../../../provider/pulumi/host/broken-output.ts");

/** A process that writes to a pipe nobody reads, and ends with 8 at the first uncaught error, else with 7. */
const talkative = (mended: boolean): string => `
process.on("uncaughtException", () => process.exit(8));
${mended ? `require(${JSON.stringify(MODULE)}).surviveBrokenOutput();` : ""}
process.stdin.resume().on("end", () => {
  for (const stream of [process.stdout, process.stderr]) for (const word of ["is", "anybody", "there"]) stream.write(word);
  setTimeout(() => process.exit(7), 500);
});
console.log("ready");
`;

/** Its exit code when its reader goes away; null when it had to be killed after 25 s. */
async function exitOf(mended: boolean): Promise<number | null> {
  const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), "-e", talkative(mended)], {
    stdio: "pipe",
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), 25_000);
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.stderr.destroy();
  child.stdin.end();
  const [code] = (await once(child, "exit")) as [number | null];
  clearTimeout(limit);
  return code;
}

describe("a provider process whose output nobody reads any more", function () {
  this.timeout(30_000);

  it("would have an uncaught error for every word", async () => assert.equal(await exitOf(false), 8));
  it("goes on to its own end", async () => assert.equal(await exitOf(true), 7));
});
