import assert from "node:assert/strict";
import { parseDestination } from "../../../../provider/base/ssh/destination";

describe("a destination of ssh", () => {
  it("is a host, with or without a user, or a URL", () => {
    assert.deepEqual(parseDestination("build"), { user: null, host: "build", port: null });
    assert.deepEqual(parseDestination("me@build.example"), { user: "me", host: "build.example", port: null });
    assert.deepEqual(parseDestination("ssh://me@build:2222"), { user: "me", host: "build", port: 2222 });
    assert.deepEqual(parseDestination("ssh://[::1]:22"), { user: null, host: "::1", port: 22 });
    assert.deepEqual(parseDestination("ssh://build/"), { user: null, host: "build", port: null });
    assert.deepEqual(parseDestination("ssh://build/run/docker.sock", true), {
      user: null,
      host: "build",
      port: null,
    });
  });

  it("is never an option, nor anything with a password, a space or a path", () => {
    const wrong = [
      "",
      "-oProxyCommand=x",
      "ssh://-oProxyCommand=x",
      "me@-x",
      "-l@host",
      "a b",
      "a;b",
      "host:22",
    ];
    for (const text of [
      ...wrong,
      "ssh://",
      "ssh://host:0",
      "ssh://host:70000",
      "ssh://host/etc",
      "$(id)",
      "a\nb",
    ]) {
      assert.ok("refused" in parseDestination(text), text);
    }
  });

  it("may have a socket's path for docker, and nothing else for one", () => {
    for (const text of ["ssh://build", "ssh://build/", "ssh://build/run/docker.sock", "ssh://build/run/"])
      assert.ok(!("refused" in parseDestination(text, true)), text);
    for (const text of [
      "ssh://build/$(id)",
      "ssh://build/a b",
      "ssh://build//x",
      "ssh://build/x;id",
      "ssh://build/x?y",
    ])
      assert.ok("refused" in parseDestination(text, true), text);
  });

  it("is refused with a password, which no message repeats", () => {
    for (const text of ["ssh://me:hunter2@build", "me:hunter2@build", "ssh://me:hunter2@build:22/x"]) {
      const answer = parseDestination(text, true);
      assert.ok("refused" in answer);
      assert.match(answer.refused, /password/);
      assert.doesNotMatch(answer.refused, /hunter2/);
    }
  });
});
