import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { CommandError } from "../../../provider/base/process/command-error";
import { CaptureError, isRefusal } from "../../../provider/packages/capture/errors";
import { readOutput } from "../../../provider/engines/docker/read-output";
import { commandFailure } from "../../support/command-failure";
import { each } from "../../support/each";

each("a reader that fails with %s is heard rather than the command that nobody reads any more: %s", [
  ["capture-whiteout", true],
  ["capture-malformed", true],
  ["capture-incomplete", false],
  ["capture-aborted", false],
] as const)(async (code, heard) => {
  const done = Promise.reject(
    new CommandError(commandFailure({ command: "docker export", signal: "SIGPIPE" })),
  );
  done.catch(() => undefined);
  const read = (): Promise<never> => Promise.reject(new CaptureError(code, "refused"));
  const reading = readOutput({ stdout: Readable.from(["x"]), done }, read, isRefusal);
  await assert.rejects(reading, heard ? { code } : /^CommandError: docker export was ended by SIGPIPE$/);
});
