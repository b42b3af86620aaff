import assert from "node:assert/strict";
import { releaseSettings } from "../../../../provider/stage/inputs/release-settings";
import { checkStagingInputs } from "../../../../provider/stage/inputs/staging-inputs";
import { each } from "../../../support/each";
import { failureLines, properties } from "../../said";

const GOOD = {
  ...{ name: "web-staging", port: 8501, containerPort: 8000, healthPath: "/health", healthTimeout: 60 },
  ...{ checkCommand: "true", checkTimeout: 600, production: { name: "web-production", port: 8500 } },
};
const LATER = Symbol("later");
type Changes = Record<string, unknown>;

/** As unknown values are: at any leaf. */
function isLater(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === LATER;
  return Object.values(value).some(isLater);
}

const failures = (changes: Changes) => checkStagingInputs({ ...GOOD, ...changes }, isLater);
const said = (changes: Changes): string[] => failureLines(failures(changes));
const about = (changes: Changes): string[] => properties(failures(changes));
/** The only failure, as people read it. */
function only(changes: Changes): string {
  const [first = "", ...more] = said(changes);
  assert.deepEqual(more, []);
  return first;
}

describe("the inputs of a staged release", () => {
  it("are fine when they are", () => {
    assert.deepEqual(said({}), []);
    assert.deepEqual(said({ production: {}, host: "unix:///run/docker.sock", healthPath: "/" }), []);
  });

  const NEAR = /^staging\.name: .* too near to production's web-before/;
  const [BEFORE, AFTER] = [{ name: "web-before" }, { name: "web" }];
  const SCRIPT = "x".repeat(100_001);
  each("are refused with %s", [
    ["production's name", { name: "web-production" }, /^staging\.name: web-production is production's name/],
    ["production's port", { port: 8500 }, /^staging\.port: 8500 is production's port/],
    ["a name that a release would give to what ran before", { ...AFTER, production: BEFORE }, NEAR],
    ["the other way round", { ...BEFORE, production: AFTER }, /^staging\.name: .* too near/],
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
    ["a check that is a whole script", { checkCommand: SCRIPT }, /^check\.command: is longer than/],
    ["no check", { checkCommand: undefined }, /^check\.command: is missing/],
    ["an endless check", { checkTimeout: Number.POSITIVE_INFINITY }, /^check\.timeout: /],
    ["a host that is none", { host: "somewhere else" }, /^image\.host: expected unix/],
  ])((_, changes, words) => assert.match(only(changes), words));

  it("are refused with a password in the engine's address, without a word of that", () => {
    for (const host of ["tcp://me:hunter2@build:2375", "http://me:hunter2@build", "ssh://me:hunter2@build"]) {
      assert.match(only({ host }), /^: (?!.*hunter2)/s);
    }
    assert.deepEqual(said({ host: "unix:///run/a@b.sock" }), []);
  });

  it("are refused for everything that is wrong, at once", () => {
    const found = about({ name: "web-production", port: 8500, checkCommand: "" });
    assert.deepEqual(found.sort(), ["check.command", "staging.name", "staging.port"]);
  });

  it("are judged as far as they are known", () => {
    assert.deepEqual(said({ name: LATER, port: LATER, production: LATER }), []);
    assert.deepEqual(said({ name: LATER, production: { name: LATER, port: LATER } }), []);
    assert.equal(said({ name: LATER, port: 8500 }).length, 1);
  });
});

describe("where a staged release's check runs", () => {
  const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA";

  it("is a destination of ssh, or a connection with the host's key", () => {
    const good = ["build", "me@build", "ssh://me@build:2222", { host: "build", hostKey }];
    for (const checkSsh of [...good, { host: "::1", user: "me", port: 22, hostKey: LATER }])
      assert.deepEqual(said({ checkSsh }), []);
  });

  it("is never a connection that trusts any host", () => {
    const missing = only({ checkSsh: { host: "build" } });
    assert.match(missing, /^check\.ssh\.hostKey: is missing; give the host's public key/);
    assert.match(only({ checkSsh: { host: "build", hostKey: "SHA256:abc" } }), /as in known_hosts/);
  });

  it("is never a connection with an RSA key, which @pulumi/command refuses", () => {
    const hop = { host: "build", hostKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ" };
    const words =
      "is an RSA key, which @pulumi/command does not accept; give the host's ed25519 or ECDSA key";
    assert.ok(only({ checkSsh: hop }).includes(`: ${words}`));
    const behind = only({ checkSsh: { host: "build", hostKey, proxy: hop } });
    assert.ok(behind.startsWith(`check.ssh.proxy.hostKey: ${words}`), behind);
  });

  it("is asked for the host key of a proxy too", () => {
    const through = (proxy: object): Changes => ({ checkSsh: { host: "build", hostKey, proxy } });
    assert.deepEqual(said(through({ host: "gate", hostKey })), []);
    assert.deepEqual(about(through({ host: "gate" })), ["check.ssh.proxy.hostKey"]);
  });

  it("can reach staging, as far as that is known", () => {
    const of = (changes: Changes): string[] => about({ host: "unix:///run/docker.sock", ...changes });
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
    const check = { command: "true", ssh: { ...hop, proxy: { ...hop, privateKeyPassword: secret } } };
    const release = { worktree: ".", image: {}, staging: { name: "a", port: 1 }, check, production: {} };
    const { checkSsh } = releaseSettings(release);
    assert.doesNotMatch(JSON.stringify(checkSsh), /hunter2/);
    assert.match(JSON.stringify(checkSsh), /"proxy":\{"host":"build","hostKey":"k"\}/);
  });

  it("is told apart from what is an option, or has a password in it, without a word of that", () => {
    for (const text of ["me:hunter2@build", "-oProxyCommand=hunter2"]) {
      const words = /^: check\.ssh (?:has a password|is no destination)(?!.*hunter2)/s;
      assert.match(only({ checkSsh: text }), words);
    }
  });

  it("takes a command only as long as one string can be once it is quoted", () => {
    const quotes = { checkCommand: "'".repeat(40_000) };
    assert.deepEqual(said(quotes), []);
    assert.match(only({ ...quotes, checkSsh: "build" }), /^check\.command: .*put it into a script/s);
    assert.match(only({ checkCommand: "a\0b" }), /NUL/);
  });

  it("goes with an address at which staging answers", () => {
    for (const address of ["staging.example", "10.0.0.7", "::1"]) assert.deepEqual(about({ address }), []);
    for (const address of ["staging:80", "http://x", "a b", ""])
      assert.deepEqual(about({ address }), ["staging.address"]);
  });
});
