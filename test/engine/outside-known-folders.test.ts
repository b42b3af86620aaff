import assert from "node:assert/strict";
import { startPipIndex } from "../support/pip-index";
import type { Archive } from "../support/archive";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";

/** Directories into which pip is told to install, and what: each a place where nobody looks for an environment. */
const PLACES = {
  "own-vendored": "/app/_vendor",
  "own-cached": "/root/.cache/app",
  "own-plugin": "/opt/venv/lib/python3.11/site-packages/plugins",
} as const;

describe("what stands outside known folders", function () {
  this.timeout(600_000);
  let bench: Bench;
  let pip: Archive;
  let outcome: Outcome;

  before(async () => {
    const tools = await toolsImage();
    bench = await makeBench();
    const index = await startPipIndex();
    pip = index;
    const names = [...Object.keys(PLACES), "own-held"];
    for (const name of names) await index.publish({ name, version: "1.0" });
    index.onceDownloaded("own-held", async () => {
      for (const name of names) await index.publish({ name, version: "2.0" });
    });
    const install = (place: string, name: string): string =>
      `/opt/venv/bin/pip install --no-cache-dir ${index.sourceLine} --target ${place} ${name}`;
    const loose = Object.entries(PLACES).map(
      ([name, place]) => `RUN env -u PIP_CONSTRAINT -u PYTHONPATH ${install(place, name)}`,
    );
    await bench.write("installed.json", "{}");
    await bench.write(
      "Dockerfile",
      `FROM ${tools}
${loose.join("\n")}
RUN ${install("/srv/_vendor", "own-held")}
COPY installed.json /app/vendor/composer/
`,
    );
    outcome = await bench.build();
  });

  after(async () => {
    await pip?.close();
    await bench?.dispose();
  });

  it("is compared: Python distributions in a vendored folder, below a cache and inside an environment", async () => {
    const { packages } = await bench.lock(outcome);
    const roots = packages.filter(({ name }) => name in PLACES).map(({ name, root }) => [name, root]);
    assert.deepEqual(Object.fromEntries(roots), PLACES);
    assert.equal(outcome.verified, "unverified");
    assert.deepEqual(
      outcome.drift.changed,
      Object.keys(PLACES)
        .sort()
        .map((name) => ({ name: `pip:${name}`, from: "1.0", to: "2.0" })),
    );
  });

  it("is pinned where pip heeds the pins, so that what stands elsewhere is no difference", () => {
    assert.deepEqual([outcome.drift.added, outcome.drift.removed], [[], []]);
    assert.ok(outcome.drift.changed.every(({ name }) => name !== "pip:own-held"));
  });

  it("and is not read at all is said, in the lock, in the output and in a note", async () => {
    const line = "not captured: Composer packages of PHP (/app/vendor/composer)";
    assert.ok(outcome.notCaptured.includes(line), outcome.notCaptured.join("\n"));
    assert.ok(outcome.notes.includes(line));
    assert.deepEqual((await bench.lock(outcome)).notCaptured, outcome.notCaptured);
  });
});
