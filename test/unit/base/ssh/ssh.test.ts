import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDestination } from "../../../../provider/base/ssh/destination";
import { isOverSsh, sshFailure } from "../../../../provider/base/ssh/failure";
import { shellQuote } from "../../../../provider/base/ssh/shell-quote";
import { runChild } from "../../../support/child";
import { each } from "../../../support/each";

describe("a destination of ssh", () => {
  const BUILD = { user: null, host: "build", port: null };
  each("is read from %s", [
    ["build", BUILD],
    ["me@build.example", { user: "me", host: "build.example", port: null }],
    ["ssh://me@build:2222", { user: "me", host: "build", port: 2222 }],
    ["ssh://[::1]:22", { user: null, host: "::1", port: 22 }],
    ["ssh://build/", BUILD],
  ])((text, parts) => assert.deepEqual(parseDestination(text), parts));

  it("is never an option, nor anything with a password, a space or a path", () => {
    const plain = ["", "-oProxyCommand=x", "me@-x", "-l@host", "a b", "a;b", "host:22", "$(id)", "a\nb"];
    const urls = ["ssh://", "ssh://-oProxyCommand=x", "ssh://host:0", "ssh://host:70000", "ssh://host/etc"];
    for (const text of [...plain, ...urls]) assert.ok("refused" in parseDestination(text), text);
  });

  it("may have a socket's path for docker, and nothing else for one", () => {
    for (const path of ["", "/", "/run/docker.sock", "/run/"])
      assert.deepEqual(parseDestination(`ssh://build${path}`, true), BUILD);
    for (const path of ["/$(id)", "/a b", "//x", "/x;id", "/x?y"])
      assert.ok("refused" in parseDestination(`ssh://build${path}`, true), path);
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

describe("what ssh says, in one sentence with what to do", () => {
  const byDocker = (status: number, said: string, flags = "-l me -p 2222 -- "): string =>
    `error during connect: Get "http://docker.example.com/v1.24/info": command [ssh ${flags}far.example docker system dial-stdio] ` +
    `has exited with exit status ${status}, please make sure the URL is valid, and Docker 18.09 or later is installed ` +
    `on the remote host: stderr=${said}\r\n`;
  const URL = "ssh://me@far.example:2222";
  const connect = (port: number, why: string): string =>
    byDocker(255, `ssh: connect to host far.example port ${port}: ${why}`);

  const ME = "me@far.example: Permission denied (publickey).";
  const TOO_MANY = "Received disconnect: Too many authentication failures";
  const UNVERIFIED = "Host key verification failed.";
  const WARNING = "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\nOffending key\r\n";
  const CHANGED = byDocker(255, WARNING + UNVERIFIED);
  const UNRESOLVED = "ssh: Could not resolve hostname far.example: Name or service not known";
  const ABSENT = "bash: line 1: docker: command not found";
  const NOT_ALLOWED =
    "Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock";
  const DAEMON =
    "Cannot connect to the Docker daemon at http://docker.example.com. Is the docker daemon running?";
  const UNKNOWN_KEY =
    /^ssh does not know the host key of far\.example; connect once by hand \(ssh -l me -p 2222 far\.example\) and check it, or add it to known_hosts$/;
  const OTHER_KEY =
    /^the host key of far\.example is not the one in known_hosts: .*only then correct known_hosts/;
  const WRONG_KEY =
    /takes neither this user nor its keys.*ssh -o BatchMode=yes -l me -p 2222 far\.example true/;
  const NO_DOCKER = /^there is no docker on far\.example/;
  each("tells %s", [
    ["an unknown host key", byDocker(255, UNVERIFIED), UNKNOWN_KEY],
    [
      "an unknown host key to a client of today, which adds options",
      byDocker(255, UNVERIFIED, "-l me -p 2222 -o ConnectTimeout=30 -T -- "),
      UNKNOWN_KEY,
    ],
    ["a changed host key, though ssh also says that the verification failed", CHANGED, OTHER_KEY],
    ["a wrong key or user", byDocker(255, ME), WRONG_KEY],
    ["too many keys", byDocker(255, TOO_MANY), /takes neither this user/],
    ["a refused port", connect(2222, "Connection refused"), /^nobody listens for ssh at far\.example/],
    ["an unknown name", byDocker(255, UNRESOLVED), /^there is no host called far\.example/],
    ["a silent host", connect(22, "Connection timed out"), /^far\.example does not answer/],
    ["no docker", byDocker(127, ABSENT), NO_DOCKER],
    ["no docker, in busybox's words", byDocker(127, "sh: docker: not found"), NO_DOCKER],
    ["a user who may not", NOT_ALLOWED, /^the user on far\.example may not use Docker there/],
    [
      "no daemon behind it, to a client of 29",
      "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct",
      /^ssh gets to far\.example, but no Docker answers there/,
    ],
    ["no daemon behind it", DAEMON, /^ssh gets to far\.example, but no Docker answers there/],
  ])((_, text, sentence) => {
    const answer = sshFailure(URL, text) ?? assert.fail("not recognised");
    assert.match(answer, sentence);
    assert.doesNotMatch(answer, /[\r\n]/);
  });

  it("leaves docker's own options out of what a person would type", () => {
    const text = byDocker(255, UNVERIFIED, "-o ConnectTimeout=30 -- ");
    assert.match(sshFailure("a-context", text) ?? "", /\(ssh far\.example\)/);
  });

  it("says nothing about words that it does not know", () => {
    for (const text of ["kex_exchange_identification: read: Connection reset by peer", ""])
      assert.equal(sshFailure(URL, text), null);
  });

  each("is asked for only where the connection is one over ssh: %s", [
    ["tcp://127.0.0.1:2375", "Cannot connect to the Docker daemon", false],
    ["unix:///run/docker.sock", "permission denied", false],
    [URL, "", true],
    ["a-context", byDocker(255, "anything"), true],
  ])((host, text, over) => assert.equal(isOverSsh(host, text), over));
});

describe("a word for a shell", () => {
  /** What a real shell makes of a line: the arguments that `printf` gets. */
  async function argumentsOf(line: string): Promise<string[]> {
    const { code, stdout, stderr } = await runChild("sh", ["-c", `printf '%s\\0' ${line}`]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    return stdout.split("\0").slice(0, -1);
  }
  const NASTY = [
    ...["", " ", "'", "''", `"`, "$(touch /tmp/never)", "`id`", "${HOME}", "$HOME", "a\nb\n", "\n"],
    ...["-n", "--", "-e \\n", "\\", "\\'", "!!", "*", "~", "#x", "; exit 7", "&& false", "%s%n"],
    ...["grüße ☃ \u{1f600}", "\t\r\u0007"],
  ];

  it("is taken as it stands by a real sh, whatever is in it", async () =>
    assert.deepEqual(await argumentsOf(NASTY.map(shellQuote).join(" ")), NASTY));

  it("is so for any text, alone and through a second shell", async () => {
    const signs = fc.constantFrom("'", '"', "$", "(", ")", "`", "\\", "\n", " ", "-", "!", "a");
    const piece = fc.oneof(
      fc.constantFrom(...NASTY),
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: signs }),
    );
    // What is no Unicode can't be an argument at all: Node.js replaces it.
    const word = piece.filter((text) => !text.includes("\0") && Buffer.from(text).toString() === text);
    const words = fc.array(word, { minLength: 1, maxLength: 30 });
    const taken = fc.asyncProperty(words, async (texts) => {
      const line = texts.map(shellQuote).join(" ");
      assert.deepEqual(await argumentsOf(line), texts);
      const twice = await runChild("sh", ["-c", `sh -c ${shellQuote(`printf '%s\\0' ${line}`)}`]);
      assert.deepEqual(twice.stdout.split("\0").slice(0, -1), texts);
    });
    await fc.assert(taken, { numRuns: 40 });
  });

  it("can't have a NUL", () => assert.throws(() => shellQuote("a\0b"), TypeError));
});
