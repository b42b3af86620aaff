import assert from "node:assert/strict";
import { buildTiny, removeImage } from "../support/docker";
import { each } from "../support/each";
import { startRenamedEngine, type RenamedEngine } from "../support/renamed-engine";
import { makeBench, type Bench } from "./support/bench";
import { command } from "./support/command";
import { engineEndpoint } from "./support/engine-api";

const REVISION = "a".repeat(40);

describe("an engine older than 20.10", function () {
  this.timeout(120_000);
  let bench: Bench;
  let old: RenamedEngine;

  before(async () => {
    bench = await makeBench();
    old = await startRenamedEngine(await engineEndpoint(), { ServerVersion: "19.03.15" });
    await bench.write("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
    await buildTiny({ name: `${bench.name}:1`, labels: { "org.opencontainers.image.revision": REVISION } });
  });
  after(async () => {
    await removeImage(`${bench.name}:1`);
    await old?.close();
    await bench?.dispose();
  });

  each("is refused in one sentence by %s, with exit code %s", [
    ["build", 3, ["--context", "context", "--name", "NAME", "--root", "store"]],
    ["gate", 1, ["NAME:1", "--expected-revision", REVISION]],
    ["promote", 1, ["NAME:1", "--target", "NAME:2", "--expected-revision", REVISION]],
  ])(async (name, code, words) => {
    const own = words.map((word) => word.replace("NAME", bench.name));
    const ran = await command(bench.directory, [name, ...own], { DOCKER_HOST: old.host });
    assert.equal(ran.code, code, ran.stdout + ran.stderr);
    const sentence = `Docker at ${old.host} is 19.03.15, and 20.10 or newer is needed; update it, or name another engine with`;
    assert.ok((ran.stdout + ran.stderr).includes(sentence), ran.stdout + ran.stderr);
    assert.deepEqual(await bench.images(), [`${bench.name}:1`]);
  });
});
