import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { signalAllGroups, signalGroup, trackGroup } from "../../../../provider/base/process/children";
import {
  CommandError,
  commandFailureMessage,
  isCancelled,
  type CommandFailure,
} from "../../../../provider/base/process/command-error";
import { commandFailure } from "../../../support/command-failure";
import { tailOf } from "../../../../provider/base/process/tail";

describe("commandFailureMessage", () => {
  const cases: [string, Partial<CommandFailure>, string][] = [
    ["an exit code", { exitCode: 3 }, "docker info failed with exit code 3"],
    ["with words", { exitCode: 3, stderr: " no\nway \n" }, "docker info failed with exit code 3: no\nway"],
    ["no exit code", {}, "docker info failed with exit code unknown"],
    ["a signal", { signal: "SIGKILL", stderr: "x" }, "docker info was ended by SIGKILL: x"],
    ["not started", { notStarted: true, stderr: "ENOENT" }, "docker info could not be started: ENOENT"],
    [
      "a limit",
      { timedOut: true, timeoutMs: 1500, signal: "SIGTERM" },
      "docker info did not finish within 1.5 s and was ended",
    ],
    ["too much", { tooMuchOutput: true, signal: "SIGTERM" }, "docker info printed too much and was ended"],
    [
      "cancelled, whatever else",
      { cancelled: true, timedOut: true, stderr: "x" },
      "docker info was cancelled",
    ],
  ];
  for (const [claim, changes, message] of cases) {
    it(claim, () => assert.equal(commandFailureMessage(commandFailure(changes)), message));
  }

  it("is the error's message; only a cancelled command is cancelled", () => {
    const error = new CommandError(commandFailure({ exitCode: 1 }));
    assert.equal(error.message, "docker info failed with exit code 1");
    assert.equal(error.code, "command-failed");
    assert.ok(!isCancelled(error));
    assert.ok(!isCancelled(new Error("cancelled")));
    assert.ok(isCancelled(new CommandError(commandFailure({ cancelled: true }))));
  });
});

describe("tailOf", () => {
  it("keeps the last lines that say something", () => {
    assert.equal(tailOf("one\ntwo\n\n  \nthree\n", 2), "two\nthree");
    assert.equal(tailOf("one", 5), "one");
    assert.equal(tailOf("", 5), "");
  });

  it("shows what a rewritten line ended as", () =>
    assert.equal(tailOf("10%\r50%\r100%\nwindows\r\n 1%\r\n", 5), "100%\nwindows\n 1%"));

  it("takes colours, cursors, titles and other control characters out", () => {
    assert.equal(tailOf("\u001b[31mred\u001b[0m \u001b[?25l\u001b[2Kdone", 1), "red done");
    assert.equal(tailOf("\u001b]0;my title\u0007a\u001b]8;;http://x\u001b\\b\u001bc", 1), "ab");
    assert.equal(tailOf("a\u0007\u0000b\tc\u009b31m", 1), "ab\tc31m");
  });

  it("is quick on a long line of escapes", () => {
    const started = Date.now();
    tailOf("\u001b]".repeat(200_000), 1);
    tailOf("\u001b[".repeat(200_000), 1);
    assert.ok(Date.now() - started < 2_000);
  });
});

describe("process groups", () => {
  it("that are gone are no error", () => {
    const gone = 2 ** 22 + 1;
    signalGroup(gone, "SIGTERM");
  });

  it("all get a signal, as long as they are tracked", async () => {
    const children = [0, 1, 2].map(() => spawn("sleep", ["60"], { detached: true, stdio: "ignore" }));
    const [first, second, third] = children.map((child) => trackGroup(child.pid as number));
    const ended = children.map((child) => once(child, "exit"));
    third?.();
    assert.equal(signalAllGroups("SIGTERM"), 2);
    assert.deepEqual(await ended[0], [null, "SIGTERM"]);
    assert.deepEqual(await ended[1], [null, "SIGTERM"]);
    first?.();
    second?.();
    assert.equal(signalAllGroups("SIGTERM"), 0);
    assert.equal(children[2]?.exitCode, null);
    signalGroup(children[2]?.pid as number, "SIGKILL");
    await ended[2];
  });
});
