import assert from "node:assert/strict";
import { buildEnding, endingWords } from "../../../provider/engines/docker/build-ending";
import { each } from "../../support/each";

describe("a build that no instruction has ended", () => {
  each("is told by the client's last word: %s", [
    [
      "ERROR: failed to build: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
      "lost",
    ],
    ["error: failed to receive status: rpc error: code = Unavailable desc = transport is closing", "lost"],
    [
      "ERROR: failed to connect to the docker API at unix:///run/docker.sock; check if the path is correct and if the daemon is running: dial unix /run/docker.sock: connect: no such file or directory",
      "lost",
    ],
    [
      "ERROR: Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?",
      "lost",
    ],
    [
      "ERROR: failed to build: failed to solve: failed to copy: write /var/lib/docker/x: no space left on device",
      "full",
    ],
    ["ERROR: failed to build: failed to solve: debian:bookworm: not found", null],
    ['ERROR: failed to solve: process "/bin/sh -c echo no space left on device" did not complete', null],
    ["#4 0.1 ERROR: failed to receive status: rpc error: code = Unavailable", null],
    ["#4 0.1 no space left on device", null],
  ])((line, kind) => {
    assert.equal(buildEnding(`#4 0.146 hello\n${line}`)?.kind ?? null, kind);
  });

  it("says what happened, to what, and what to do", () => {
    const words = (kind: "lost" | "full"): string =>
      endingWords({ kind, said: "EOF" }, "web-app", "ssh://host", "store/web-app.log");
    assert.equal(
      words("lost"),
      "the engine at ssh://host, or its builder, went away in the middle of the build of web-app (EOF), so nothing was " +
        "built; see that it runs, and run the update again (log: store/web-app.log)",
    );
    assert.match(
      words("full"),
      /^the build of web-app ended because no space is left for images on the engine/,
    );
  });
});
