import assert from "node:assert/strict";
import type { DockerClient } from "../../../provider/engine/docker/client";
import { engineIdentity } from "../../../provider/engine/docker/client";
import { inspectImage } from "../../../provider/engine/docker/inspect";
import { EngineUnreachableError } from "../../../provider/engine/errors";
import { CommandError, type CommandFailure } from "../../../provider/process/command-error";
import { id } from "../store/scratch";
import { commandFailure } from "../../support/command-failure";

const failed = (changes: Partial<CommandFailure> = {}): CommandError =>
  new CommandError(commandFailure({ command: "docker", exitCode: 1, stderr: "Error", ...changes }));

/** A client that answers each command by its first words: with a text, or with an error. */
function clientOf(answers: Record<string, string | Error>): DockerClient {
  return {
    where: "unix:///x",
    inspectMs: 5_000,
    cli: () => Promise.resolve({ path: "docker", version: "20.10.24", builder: "built-in", buildx: null }),
    run: (args) => {
      const key = Object.keys(answers).find((words) => args.join(" ").startsWith(words));
      const answer = key === undefined ? new Error(`nobody expected ${args.join(" ")}`) : answers[key];
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve({ stdout: answer ?? "", stderr: "" });
    },
    start: () => Promise.reject(new Error("nothing is started")),
  };
}
const INFO = { info: "ENGINE\t20.10.24\n" };
const inspect = (
  answers: Record<string, string | Error>,
  reference = "web:1",
): ReturnType<typeof inspectImage> => inspectImage(clientOf(answers), reference);

describe("inspectImage: there, surely not there, can't tell", () => {
  it("gives the facts of what is there", async () =>
    assert.equal((await inspect({ "image inspect": JSON.stringify([{ Id: id("a") }]) }))?.id, id("a")));

  it("says not there only when the engine answers and its list lacks it", async () => {
    const list = `${id("b")}\tweb:2\tweb@<none>\n`;
    for (const inspected of [failed(), "[]"]) {
      assert.equal(await inspect({ "image inspect": inspected, ...INFO, "image ls": list }), null);
    }
    assert.equal(await inspect({ "image inspect": failed(), ...INFO, "image ls": "" }), null);
  });

  it("can't tell when the list has it all the same: by reference, ID or digest", async () => {
    const list = `${id("a")}\tweb:1\tweb@${id("d")}\n`;
    for (const reference of ["web:1", id("a"), `web@${id("d")}`]) {
      await assert.rejects(
        inspect({ "image inspect": failed(), ...INFO, "image ls": list }, reference),
        /EngineUnreachableError: Docker at unix:\/\/\/x lists the image .* but can't inspect it; try again/,
      );
    }
  });

  it("can't tell when the engine does not answer, in time or at all, or does not list", async () => {
    for (const answers of [
      { "image inspect": failed(), info: failed() },
      { "image inspect": failed(), info: "\t\n" },
      { "image inspect": failed(), ...INFO, "image ls": failed() },
      { "image inspect": failed({ timedOut: true }) },
    ] as Record<string, string | Error>[]) {
      await assert.rejects(inspect(answers), EngineUnreachableError);
    }
    await assert.rejects(
      inspect({ "image inspect": failed({ timedOut: true }) }),
      /within 5 s .* `timeouts.inspect`$/,
    );
  });

  it("passes on what is no answer: a cancellation, a client that can't be started, a fault", async () => {
    for (const error of [
      failed({ cancelled: true }),
      failed({ notStarted: true }),
      new TypeError("a fault"),
    ]) {
      await assert.rejects(inspect({ "image inspect": error }), (thrown) => thrown === error);
    }
    await assert.rejects(inspect({ "image inspect": "no JSON" }), SyntaxError);
  });
});

describe("engineIdentity", () => {
  it("tells who answers, and with what it builds", async () =>
    assert.deepEqual(await engineIdentity(clientOf(INFO)), {
      id: "ENGINE",
      serverVersion: "20.10.24",
      clientVersion: "20.10.24",
      builder: "built-in",
    }));

  it("says where nobody answers, why, and what to do, in one line", async () => {
    const stderr =
      "first line\nCannot connect to the Docker daemon at unix:///x. Is the docker daemon running?\n";
    for (const answer of [failed({ stderr }), "\n"]) {
      await assert.rejects(engineIdentity(clientOf({ info: answer })), (error: unknown) => {
        assert.ok(error instanceof EngineUnreachableError);
        assert.match(
          error.message,
          /^Docker is not reachable at unix:\/\/\/x \([^\n]+\); start the engine, or name/,
        );
        assert.doesNotMatch(error.message, /first line/);
        return true;
      });
    }
  });

  it("is no answer about the engine when it was cancelled", async () => {
    const error = failed({ cancelled: true });
    await assert.rejects(engineIdentity(clientOf({ info: error })), (thrown) => thrown === error);
  });
});
