import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { CaptureFailedError } from "../../provider/build/roundtrip/capture-build";
import { BuildFailedError } from "../../provider/engines/errors";
import { makeBench, type Bench } from "./support/bench";
import { wrapDocker } from "./support/docker-wrapper";
import { buildInChild, type ChildOutcome } from "./support/in-child";
import { COPY_ONLY, dpkgStatus } from "./support/recipes";

/** Several hundred kilobytes that end with the package database, so that a cut stream lacks its end. */
const BULK = "FROM scratch\nCOPY bulk /bulk\nCOPY status /var/lib/dpkg/status\nCOPY app /app\n";

describe("a capture that goes wrong", function () {
  this.timeout(100_000);
  let bench: Bench;

  beforeEach(async () => {
    bench = await makeBench();
    await bench.write("bulk", "bulk ".repeat(100_000));
    await bench.write("status", dpkgStatus({ base: "1.0" }));
    await bench.write("app", "one");
    await bench.write("Dockerfile", BULK);
  });
  afterEach(() => bench.dispose());

  /** Only the logs of the attempt are there: no lock, no `latest`, no mark, no image. */
  async function leftNothing(): Promise<void> {
    const names = await bench.stored();
    assert.deepEqual(
      names,
      names.filter((name) => name.endsWith(".build.log")),
    );
    assert.equal(names.length, 1);
    assert.deepEqual(await bench.images(), []);
  }

  async function failsIn(onExport: string): Promise<{ name: string; error: string }> {
    const result: ChildOutcome = await buildInChild(bench, await wrapDocker(bench.directory, onExport));
    assert.ok("error" in result, "a broken capture must not pass");
    await leftNothing();
    return result;
  }

  it("fails when the stream ends early although the client exits with 0", async () => {
    const { error } = await failsIn('"$REAL" "$@" | head -c 300000; exit 0');
    assert.match(error, /end/i);
  });

  it("fails when the stream ends early at the border of a file, without the archive's end", async () => {
    await failsIn('"$REAL" "$@" | head -c 512; exit 0');
  });

  it("fails when there is no stream at all", async () => {
    await failsIn("exit 0");
  });

  it("fails when the stream is complete but the client exits with 1", async () => {
    const { name, error } = await failsIn('"$REAL" "$@"; echo "lost the daemon" >&2; exit 1');
    assert.equal(name, "CommandError");
    assert.match(error, /^docker export of sha256:\w+ failed with exit code 1: lost the daemon$/);
  });

  it("fails when the client dies in the middle", async () => {
    const { error } = await failsIn('"$REAL" "$@" | head -c 300000; kill -9 $$');
    assert.match(error, /was ended by SIGKILL/);
  });

  it("fails or finds everything, never less, when the container is removed in the middle of its export", async () => {
    // More than the pipes between engine and client hold: the export still runs when the container goes, and the
    // package database comes after what was read by then. Docker 20.10 finishes the export, complete.
    await bench.write("bulk", "bulk ".repeat(20_000_000));
    const gone = `${bench.directory}/gone`;
    const wrapped = await wrapDocker(
      bench.directory,
      'for last; do :; done; rm -f "$0.pipe"; mkfifo "$0.pipe"; "$REAL" "$@" > "$0.pipe" & pid=$!; ' +
        `{ head -c 300000; "$REAL" rm -f "$last" >> '${gone}' 2>&1; cat; } < "$0.pipe"; wait $pid; exit $?`,
    );
    const result = await buildInChild(bench, wrapped);
    assert.match(await readFile(gone, "utf8"), /^verified-images-capture\./, "the container was removed");
    if ("error" in result) await leftNothing();
    else assert.deepEqual(result.outputs.packages, { dpkg: 1 });
  });

  it("fails when the container is gone before its export", async () => {
    const { name, error } = await failsIn(
      'for last; do :; done; "$REAL" rm -f "$last" > /dev/null; exec "$REAL" "$@"',
    );
    assert.equal(name, "CommandError");
    assert.match(error, /^docker export of sha256:\w+ failed with exit code 1: .*No such container/s);
  });

  it("proves nothing when it happens in the rebuild: the build stays, without a mark", async () => {
    const wrapped = await wrapDocker(
      bench.directory,
      'if [ "$TURN" = 2 ]; then "$REAL" "$@" | head -c 300000; exit 0; fi',
    );
    const result = await buildInChild(bench, wrapped);
    assert.ok("outputs" in result, JSON.stringify(result));
    assert.equal(result.outputs.verified, "unknown");
    assert.match(result.outputs.reason ?? "", /^the rebuild proved nothing: /);
    assert.ok(!(await bench.stored()).some((name) => name.endsWith("verified")));
    assert.equal((await bench.build()).verified, "verified", "a later call verifies it");
  });

  it("names dpkg when its database is damaged", async () => {
    await bench.write("status", "Package: base\nStatus: install ok installed\nno colon here\n");
    await assert.rejects(bench.build(), (error: unknown) => {
      assert.ok(error instanceof CaptureFailedError);
      assert.match(
        error.message,
        /^what is installed in the image can't be told: dpkg can't say what is installed: /,
      );
      return true;
    });
    await leftNothing();
  });

  it("names dpkg when a Debian image has no package at all", async () => {
    await bench.write("app", "ID=debian\n");
    await bench.write("Dockerfile", "FROM scratch\nCOPY app /etc/os-release\n");
    await assert.rejects(bench.build(), /can't be told: dpkg can't say what is installed/);
    await leftNothing();
  });

  it("leaves an earlier build as it was: latest does not move", async () => {
    await bench.write("Dockerfile", COPY_ONLY);
    const good = await bench.build();
    await bench.write("status", "damaged");
    await assert.rejects(bench.build(), CaptureFailedError);
    await bench.write("status", dpkgStatus({ base: "1.0" }));
    const again = await bench.build();
    assert.deepEqual(again.steps, []);
    assert.equal(again.timestamp, good.timestamp);
    assert.deepEqual(await bench.images(), [good.reference]);
  });
});

describe("a recipe that doesn't build", function () {
  this.timeout(60_000);
  let bench: Bench;
  before(async () => (bench = await makeBench()));
  after(() => bench?.dispose());

  it("fails with the path of the log and its last lines, and leaves no image", async () => {
    await bench.write("Dockerfile", "FROM scratch\nCOPY missing /missing\n");
    await assert.rejects(bench.build(), (error: unknown) => {
      assert.ok(error instanceof BuildFailedError);
      assert.ok(error.logFile.startsWith(bench.root) && error.message.includes(error.logFile));
      assert.match(error.tail, /missing/);
      assert.ok(error.message.endsWith(error.tail));
      return true;
    });
    assert.deepEqual(await bench.images(), []);
    assert.ok(!(await bench.stored()).includes("latest"));
  });
});
