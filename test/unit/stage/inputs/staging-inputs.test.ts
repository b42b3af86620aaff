import assert from "node:assert/strict";
import { releaseSettings } from "../../../../provider/stage/inputs/release-settings";
import { checkStagingInputs } from "../../../../provider/stage/inputs/staging-inputs";
import { properties } from "../../said";

const GOOD = {
  name: "web-staging",
  port: 8501,
  containerPort: 8000,
  healthPath: "/health",
  healthTimeout: 60,
  checkCommand: "true",
  checkTimeout: 600,
  production: { name: "web-production", port: 8500 },
};
const LATER = Symbol("later");

/** As unknown values are: at any leaf. */
function isLater(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === LATER;
  return Object.values(value).some(isLater);
}

function said(changes: Record<string, unknown>): string[] {
  const failures = checkStagingInputs({ ...GOOD, ...changes }, isLater);
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("the inputs of a staged release", () => {
  it("are fine when they are", () => {
    assert.deepEqual(said({}), []);
    assert.deepEqual(said({ production: {}, host: "unix:///run/docker.sock", healthPath: "/" }), []);
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ["production's name", { name: "web-production" }, /^staging\.name: web-production is production's name/],
    ["production's port", { port: 8500 }, /^staging\.port: 8500 is production's port/],
    [
      "a name that a release would give to what ran before",
      { name: "web", production: { name: "web-before" } },
      /^staging\.name: .* too near to production's web-before/,
    ],
    [
      "the other way round",
      { name: "web-before", production: { name: "web" } },
      /^staging\.name: .* too near/,
    ],
    ["no name", { name: undefined }, /^staging\.name: is missing/],
    ["a name that Docker refuses", { name: "web staging" }, /^staging\.name: expected a container's name/],
    ["no port", { port: null }, /^staging\.port: is missing/],
    ["a port that there is not", { port: 65_536 }, /^staging\.port: expected a port between 1 and 65535/],
    ["half a port", { containerPort: 80.5 }, /^staging\.containerPort: expected a port number/],
    [
      "a health path without its slash",
      { healthPath: "health" },
      /^staging\.healthPath: expected a path that begins with/,
    ],
    ["no time at all", { healthTimeout: 0 }, /^staging\.healthTimeout: expected more than 0 seconds/],
    ["an empty check", { checkCommand: " \n" }, /^check\.command: is empty/],
    [
      "a check that is a whole script",
      { checkCommand: "x".repeat(100_001) },
      /^check\.command: is longer than/,
    ],
    ["no check", { checkCommand: undefined }, /^check\.command: is missing/],
    ["an endless check", { checkTimeout: Number.POSITIVE_INFINITY }, /^check\.timeout: /],
    ["a host that is none", { host: "somewhere else" }, /^image\.host: expected unix/],
  ];
  for (const [claim, changes, words] of wrong) {
    it(`are refused with ${claim}`, () => {
      const failures = said(changes);
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.match(failures[0] ?? "", words);
    });
  }

  it("are refused with a password in the engine's address, without a word of that", () => {
    for (const host of ["tcp://me:hunter2@build:2375", "http://me:hunter2@build", "ssh://me:hunter2@build"]) {
      const [failure] = checkStagingInputs({ ...GOOD, host }, isLater);
      assert.equal(failure?.property, "");
      assert.doesNotMatch(failure.reason, /hunter2/);
    }
    assert.deepEqual(said({ host: "unix:///run/a@b.sock" }), []);
  });

  it("are refused for everything that is wrong, at once", () => {
    const failures = said({ name: "web-production", port: 8500, checkCommand: "" });
    assert.deepEqual(failures.map((text) => text.split(":")[0]).sort(), [
      "check.command",
      "staging.name",
      "staging.port",
    ]);
  });

  it("are judged as far as they are known", () => {
    assert.deepEqual(said({ name: LATER, port: LATER, production: LATER }), []);
    assert.deepEqual(said({ name: LATER, production: { name: LATER, port: LATER } }), []);
    assert.equal(said({ name: LATER, port: 8500 }).length, 1);
  });
});

describe("where a staged release's check runs", () => {
  const failures = (checkSsh: unknown): { property: string; reason: string }[] =>
    checkStagingInputs({ ...GOOD, checkSsh }, isLater);

  it("is a destination of ssh, or a connection with the host's key", () => {
    const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA";
    const good = ["build", "me@build", "ssh://me@build:2222", { host: "build", hostKey }];
    for (const one of [...good, { host: "::1", user: "me", port: 22, hostKey: LATER }])
      assert.deepEqual(failures(one), []);
  });

  it("is never a connection that trusts any host", () => {
    assert.match(failures({ host: "build" })[0]?.reason ?? "", /^is missing; give the host's public key/);
    assert.equal(failures({ host: "build" })[0]?.property, "check.ssh.hostKey");
    assert.match(failures({ host: "build", hostKey: "SHA256:abc" })[0]?.reason ?? "", /as in known_hosts/);
  });

  it("is never a connection with an RSA key, which @pulumi/command refuses", () => {
    const hop = { host: "build", hostKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ" };
    const words =
      /^is an RSA key, which @pulumi\/command does not accept; give the host's ed25519 or ECDSA key/;
    assert.match(failures(hop)[0]?.reason ?? "", words);
    const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA";
    const [failure] = failures({ host: "build", hostKey, proxy: hop });
    assert.equal(failure?.property, "check.ssh.proxy.hostKey");
    assert.match(failure?.reason ?? "", words);
  });

  it("is asked for the host key of a proxy too", () => {
    const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA";
    assert.deepEqual(failures({ host: "build", hostKey, proxy: { host: "gate", hostKey } }), []);
    assert.equal(
      failures({ host: "build", hostKey, proxy: { host: "gate" } })[0]?.property,
      "check.ssh.proxy.hostKey",
    );
  });

  it("can reach staging, as far as that is known", () => {
    const of = (changes: Record<string, unknown>): string[] =>
      properties(checkStagingInputs({ ...GOOD, host: "unix:///run/docker.sock", ...changes }, isLater));
    assert.deepEqual(of({ checkSsh: "me@10.0.0.7" }), ["staging.address"]);
    assert.deepEqual(of({ checkSsh: "me@10.0.0.7", address: "10.0.0.1" }), []);
    assert.deepEqual(of({ checkSsh: "me@10.0.0.7", address: LATER }), []);
    assert.deepEqual(of({ checkSsh: "me@10.0.0.7", host: "ssh://far" }), []);
    for (const checkSsh of ["ssh://me@127.0.0.1:2222", "[::1]", "an-alias"])
      assert.deepEqual(of({ checkSsh }), []);
  });

  it("is told without a secret", () => {
    const secret = "hunter2";
    const hop = { host: "build", hostKey: "k", privateKey: secret, password: secret };
    const release = {
      worktree: ".",
      image: {},
      staging: { name: "a", port: 1 },
      check: { command: "true", ssh: { ...hop, proxy: { ...hop, privateKeyPassword: secret } } },
      production: {},
    };
    const { checkSsh } = releaseSettings(release);
    assert.doesNotMatch(JSON.stringify(checkSsh), /hunter2/);
    assert.match(JSON.stringify(checkSsh), /"proxy":\{"host":"build","hostKey":"k"\}/);
  });

  it("is told apart from what is an option, or has a password in it, without a word of that", () => {
    for (const text of ["me:hunter2@build", "-oProxyCommand=hunter2"]) {
      const [failure] = failures(text);
      assert.equal(failure?.property, "");
      assert.match(failure.reason, /^check\.ssh (?:has a password|is no destination)/);
      assert.doesNotMatch(failure.reason, /hunter2/);
    }
  });

  it("takes a command only as long as one string can be once it is quoted", () => {
    const quotes = { ...GOOD, checkCommand: "'".repeat(40_000) };
    assert.deepEqual(checkStagingInputs(quotes, isLater), []);
    const [failure] = checkStagingInputs({ ...quotes, checkSsh: "build" }, isLater);
    assert.equal(failure?.property, "check.command");
    assert.match(failure.reason, /put it into a script/);
    assert.match(checkStagingInputs({ ...GOOD, checkCommand: "a\0b" }, isLater)[0]?.reason ?? "", /NUL/);
  });

  it("goes with an address at which staging answers", () => {
    const reasons = (address: string): string[] =>
      properties(checkStagingInputs({ ...GOOD, address }, isLater));
    for (const good of ["staging.example", "10.0.0.7", "::1"]) assert.deepEqual(reasons(good), []);
    for (const bad of ["staging:80", "http://x", "a b", ""])
      assert.deepEqual(reasons(bad), ["staging.address"]);
  });
});
