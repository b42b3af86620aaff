import { mock } from "node:test";
import assert from "node:assert/strict";
import { devNull } from "node:os";
import { pause, rowSteps, runningWords } from "../../../../provider/pulumi/host/row-steps";
import { isWatched } from "../../../../provider/pulumi/host/watched";
import type { StepEvent } from "../../../../provider/build/roundtrip/effects";
import type { RowLog } from "../../../../provider/pulumi/host/row-log";
import { until } from "../../../support/until";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { PassThrough } from "node:stream";
import { onEngineGone } from "../../../../provider/pulumi/host/engine-watch";
import { spawn } from "node:child_process";
import { resolve } from "node:path";

function recorder(): { log: RowLog; said: string[] } {
  const said: string[] = [];
  const log: RowLog = {
    write: (severity, message) => void said.push(`${severity}: ${message}`),
    show: (message) => void said.push(`shown: ${message}`),
    flush: () => Promise.resolve(),
  };
  return { log, said };
}
const event = (phase: StepEvent["phase"], seconds = 0): StepEvent => ({
  ...{ name: "web", step: "build", phase, seconds },
});

describe("steps on a row", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("are repeated with their running seconds while they run, and no longer", () => {
    const { log, said } = recorder();
    const report = rowSteps(log, true, () => 20);
    report(event("start"));
    mock.timers.tick(20);
    mock.timers.tick(20);
    report(event("end", 3.14));
    mock.timers.tick(1_000);
    assert.match(said.join(), /^step: build \.\.\.(?:,shown: build \d+ s){2},step: build done after 3\.1 s$/);
  });

  it("are said as they begin and end only, where nobody looks", () => {
    const { log, said } = recorder();
    const report = rowSteps(log, false, () => 20);
    report(event("start"));
    mock.timers.tick(1_000);
    report(event("fail", 4));
    assert.deepEqual(said, ["step: build ...", "step: build FAILED after 4.0 s"]);
  });

  it("are repeated every few seconds at first, and some hundred times in hours", () => {
    assert.equal(pause(0), 3_000);
    assert.equal(pause(60_000), 3_000);
    assert.equal(pause(600_000), 30_000);
    let words = 0;
    for (let elapsed = 0; elapsed < 3 * 3_600_000; elapsed += pause(elapsed)) words += 1;
    assert.ok(words < 150, String(words));
  });

  it("say whole seconds", () => assert.equal(runningWords("locked rebuild", 75_400), "locked rebuild 75 s"));
});

describe("isWatched", () => {
  const terminal = { TERM: "xterm-256color" };

  it("with a terminal that opens", () => {
    assert.equal(isWatched(terminal, devNull), true);
    assert.equal(isWatched({ ...terminal, CI: "false" }, devNull), true);
  });

  it("not in CI, on a dumb terminal, or without one", () => {
    for (const more of [{ CI: "true" }, { CI: "1" }, { TERM: "dumb" }, { TERM: undefined }])
      assert.equal(isWatched({ ...terminal, ...more }, devNull), false);
    assert.equal(isWatched(terminal, "/no/such/terminal"), false);
  });
});

describe("an engine that is watched", function () {
  this.timeout(60_000);
  let server: Server;
  let pipe: PassThrough;
  let missed: string[];
  const watch = (by: string, end: PassThrough): void => {
    onEngineGone(`127.0.0.1:${(server.address() as AddressInfo).port}`, () => missed.push(by), end);
  };

  beforeEach(async () => {
    missed = [];
    pipe = new PassThrough();
    server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => server.close());

  it("is missed at once when its pipe breaks and it does not answer, not for the pipe alone, and without a pipe too", async () => {
    watch("whose pipe broke earlier", pipe);
    pipe.end();
    await once(server, "connection");
    assert.deepEqual(missed, []);
    const breaks = new PassThrough();
    watch("whose pipe stays", new PassThrough());
    watch("whose pipe breaks", breaks);
    server.close();
    breaks.end();
    await until("the engine to be missed", 50_000, () => (missed.length >= 3 ? true : null));
    assert.equal(missed[0], "whose pipe breaks");
    assert.deepEqual(missed.sort(), ["whose pipe breaks", "whose pipe broke earlier", "whose pipe stays"]);
  });

  it("is nothing that is watched where there is no address", () => {
    for (const none of [undefined, "", "build", "/run/engine.sock"])
      onEngineGone(none, () => assert.fail("missed"), pipe);
    assert.equal(pipe.listenerCount("end"), 0);
  });
});

const MODULE = resolve(__dirname, "../../../../provider/pulumi/host/broken-output.ts");

/** A process that writes to a pipe nobody reads, and ends with 8 at the first uncaught error, else with 7. */
const talkative = (mended: boolean): string => `
process.on("uncaughtException", () => process.exit(8));
${mended ? `require(${JSON.stringify(MODULE)}).surviveBrokenOutput();` : ""}
process.stdin.resume().on("end", async () => {
  for (const stream of [process.stdout, process.stderr])
    for (const word of ["is", "anybody", "there"]) await new Promise((written) => stream.write(word, written));
  // An error is thrown after the writer was told of it.
  setImmediate(() => setImmediate(() => process.exit(7)));
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
