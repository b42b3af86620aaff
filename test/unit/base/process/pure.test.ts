import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { signalAllGroups, signalGroup, trackGroup } from "../../../../provider/base/process/children";
import { CommandError, commandFailureMessage } from "../../../../provider/base/process/command-error";
import { isCancelled } from "../../../../provider/base/process/command-error";
import { commandFailure } from "../../../support/command-failure";
import { each } from "../../../support/each";
import { tailOf } from "../../../../provider/base/process/tail";

describe("commandFailureMessage", () => {
  const LIMIT = { timedOut: true, timeoutMs: 1500, signal: "SIGTERM" };
  each("says %s", [
    ["an exit code", { exitCode: 3 }, "failed with exit code 3"],
    ["an exit code with words", { exitCode: 3, stderr: " no\nway \n" }, "failed with exit code 3: no\nway"],
    ["no exit code", {}, "failed with exit code unknown"],
    ["a signal", { signal: "SIGKILL", stderr: "x" }, "was ended by SIGKILL: x"],
    ["not started", { notStarted: true, stderr: "ENOENT" }, "could not be started: ENOENT"],
    ["a limit", LIMIT, "did not finish within 1.5 s and was ended"],
    ["too much", { tooMuchOutput: true, signal: "SIGTERM" }, "printed too much and was ended"],
    ["cancelled, whatever else", { cancelled: true, timedOut: true, stderr: "x" }, "was cancelled"],
  ])((_, changes, words) =>
    assert.equal(commandFailureMessage(commandFailure(changes)), `docker info ${words}`),
  );

  it("is the error's message; only a cancelled command is cancelled", () => {
    const error = new CommandError(commandFailure({ exitCode: 1 }));
    const cancelled = new CommandError(commandFailure({ cancelled: true }));
    assert.deepEqual([error.message, error.code], ["docker info failed with exit code 1", "command-failed"]);
    assert.deepEqual([error, new Error("cancelled"), cancelled].map(isCancelled), [false, false, true]);
  });
});

describe("tailOf", () => {
  each("%s", [
    ["keeps the last lines that say something", "one\ntwo\n\n  \nthree\n", 2, "two\nthree"],
    ["keeps a text that is shorter", "one", 5, "one"],
    ["keeps nothing of nothing", "", 5, ""],
    ["shows what a rewritten line ended as", "10%\r50%\r100%\nwindows\r\n 1%\r\n", 5, "100%\nwindows\n 1%"],
    ["takes colours and cursors out", "\u001b[31mred\u001b[0m \u001b[?25l\u001b[2Kdone", 1, "red done"],
    ["takes titles and links out", "\u001b]0;my title\u0007a\u001b]8;;http://x\u001b\\b\u001bc", 1, "ab"],
    ["takes other control characters out", "a\u0007\u0000b\tc\u009b31m", 1, "ab\tc31m"],
  ])((_, text, lines, expected) => assert.equal(tailOf(text, lines), expected));

  // Megabytes: time that grew with their square would go far beyond a test's limit.
  each("reads a long line of escapes in bounded time: %j", [["\u001b]"], ["\u001b["]])((escape) =>
    assert.ok(!tailOf(escape.repeat(1_000_000), 1).includes("\u001b")),
  );
});

describe("process groups", () => {
  it("that are gone are no error", () => signalGroup(2 ** 22 + 1, "SIGTERM"));

  it("all get a signal, as long as they are tracked", async () => {
    const children = [0, 1, 2].map(() => spawn("sleep", ["60"], { detached: true, stdio: "ignore" }));
    const [first, second, third] = children.map((child) => trackGroup(child.pid as number));
    const ended = children.map((child) => once(child, "exit"));
    third?.();
    assert.equal(signalAllGroups("SIGTERM"), 2);
    assert.deepEqual(await Promise.all(ended.slice(0, 2)), Array(2).fill([null, "SIGTERM"]));
    first?.();
    second?.();
    assert.equal(signalAllGroups("SIGTERM"), 0);
    assert.equal(children[2]?.exitCode, null);
    signalGroup(children[2]?.pid as number, "SIGKILL");
    await ended[2];
  });
});
