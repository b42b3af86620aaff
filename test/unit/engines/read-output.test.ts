import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { CommandError } from "../../../provider/base/process/command-error";
import { readOutput } from "../../../provider/engines/docker/read-output";
import { each } from "../../support/each";

const FAILED = {
  command: "docker export",
  exitCode: null,
  signal: null,
  timedOut: false,
  timeoutMs: null,
  cancelled: false,
  tooMuchOutput: false,
  notStarted: false,
  stderr: "",
};

each("a reader that fails is heard where the command %s: %s", [
  ["was ended because nobody read on", true, { signal: "SIGPIPE" }],
  ["could not write any more", true, { exitCode: 1, stderr: "write /dev/stdout: broken pipe\n" }],
  ["was killed", false, { signal: "SIGKILL" }],
  ["failed by itself", false, { exitCode: 1, stderr: "lost the daemon" }],
])(async (_, heard, facts) => {
  const done = Promise.reject(new CommandError({ ...FAILED, ...facts }));
  done.catch(() => undefined);
  const reading = readOutput({ stdout: Readable.from(["x"]), done }, () =>
    Promise.reject(new Error("refused")),
  );
  await assert.rejects(reading, heard ? /^Error: refused$/ : /^CommandError: docker export /);
});
