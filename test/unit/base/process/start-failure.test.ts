import assert from "node:assert/strict";
import { join } from "node:path";
import { CommandError } from "../../../../provider/base/process/command-error";
import { run } from "../../../../provider/base/process/run";
import { startFailure } from "../../../../provider/base/process/start-failure";
import { each } from "../../../support/each";

describe("a program that can't be started", function () {
  this.timeout(120_000);

  each("is told apart: %s", [
    ["EMFILE", null, /^this process has as many files open as it may; raise the limit/, true],
    ["ENFILE", null, /^the machine has as many files open as it can; end what/, true],
    ["EAGAIN", null, /^no further process may be started; end some/, true],
    ["ENOMEM", null, /^there is no memory left for a process; free some/, true],
    ["E2BIG", null, /^its arguments and environment together are longer .*; shorten them/, true],
    ["ENOENT", "/gone", /^there is no directory \/gone, in which it is to run; make it/, true],
    ["ENOTDIR", "/a/file", /^there is no directory \/a\/file/, true],
    ["ENOENT", null, /^there is no program docker; install it, and put it on PATH/, false],
    ["EACCES", null, /^docker may not be run by this user; make it executable/, false],
  ])((code, directory, words, hindered) => {
    const why = startFailure(code, "docker", directory);
    assert.match(why?.words ?? "", words);
    assert.ok(why?.words.endsWith(`(${code})`));
    assert.equal(why?.hindered, hindered);
  });

  it("leaves what it does not know to others", () => assert.equal(startFailure("EIO", "docker", null), null));

  it("is told for want of file descriptors too, and is not taken for a docker that is missing", async () => {
    const script = join(__dirname, "starved.ts");
    const command = `ulimit -n 100 && exec "$0" --import tsx "$1"`;
    const env = { VERIFIED_IMAGES_DOCKER: process.execPath };
    const { stdout } = await run("sh", ["-c", command, process.execPath, script], { env });
    const [started = "", docker = ""] = JSON.parse(stdout) as string[];
    assert.match(started, /^CommandError: true could not be started: this process has as many files open/);
    assert.match(docker, /^EngineUnreachableError: the docker client \S+ was not asked: .*\(EMFILE\)$/);
  });

  it("is told for arguments that are too long", async () => {
    await assert.rejects(run("true", ["x".repeat(3_000_000)], { title: "true" }), (error: unknown) => {
      assert.ok(error instanceof CommandError);
      assert.match(error.message, /^true could not be started: its arguments and environment .*\(E2BIG\)$/);
      return error.failure.notStarted && error.failure.hindered === true;
    });
  });
});
