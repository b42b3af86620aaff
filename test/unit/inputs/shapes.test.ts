import assert from "node:assert/strict";
import { checkShapes } from "../../../provider/inputs/check-shapes";
import { InputError } from "../../../provider/inputs/failure";
import { imageInputs } from "../../../provider/inputs/image-inputs";
import { CA_SECRET } from "../../../provider/recipe/ca-bundle/inject";
import { properties } from "../said";

const LATER = "(later)";
const said = (inputs: Record<string, unknown>): string[] =>
  checkShapes(inputs, imageInputs.shape, {}, (value) => value === LATER).map(
    ({ property, reason }) => `${property}: ${reason}`,
  );

describe("the inputs of an image", () => {
  const good: Record<string, unknown>[] = [
    { name: "web-app", recipe: "Dockerfile", context: ".", root: "artifacts" },
    { engine: "docker", host: "unix:///run/docker.sock" },
    { host: "ssh://me@host:22" },
    { host: "tcp://127.0.0.1:2376" },
    { host: "my-context_1.x" },
    { buildArgs: { A: "", B: "x=y" }, labels: { "org.example/a b": "" }, target: "final" },
    { platform: "linux/arm/v7" },
    { secrets: { token: { env: "TOKEN" }, "a.b-c_d": { file: "/k" } } },
    { revision: "a".repeat(40) },
    { revision: "0".repeat(64) },
    { verify: "skip", requireVerified: false, pin: "versions", retain: 1, keep: true, push: [] },
    { force: { any: ["thing"] } },
    { timeouts: { git: 0.5 } },
    { timeouts: {} },
    { name: null, host: undefined, nonsense: null },
    { name: LATER, targets: undefined },
    { __provider: "text", resourceUrn: 5 },
  ];
  for (const inputs of good)
    it(`are fine: ${JSON.stringify(inputs)}`, () => assert.deepEqual(said(inputs), []));

  const SECRET = "expected {file: path} or {env: variable} for each id";
  const SECRET_ID = `secret ids are letters, digits, '.', '_' and '-'; ${CA_SECRET} is this package's own`;
  const HOST = "expected unix://..., tcp://..., ssh://user@host or the name of a Docker context";
  const bad: [Record<string, unknown>, string][] = [
    [{ name: 5 }, "name: expected a string"],
    [{ name: "x".repeat(129) }, "name: is longer than 128 characters; choose a shorter name"],
    [{ recipe: "" }, "recipe: is empty; expected a path, such as ./app/Dockerfile"],
    [{ context: 5 }, "context: expected a path, the build context's directory, such as ./app"],
    [{ root: "" }, "root: is empty; expected a path, the artifact store's directory, such as ./artifacts"],
    [{ engine: "podman" }, "engine: unknown engine; expected docker or apptainer"],
    [{ host: "" }, `host: ${HOST}`],
    [{ host: "http://host" }, `host: ${HOST}`],
    [{ host: "--tls" }, `host: ${HOST}`],
    [{ host: 5 }, "host: expected a Docker endpoint or a context's name"],
    [{ buildArgs: ["A=1"] }, "buildArgs: expected an object with strings as values"],
    [{ buildArgs: { A: 1 } }, "buildArgs.A: expected strings as values"],
    [{ buildArgs: { "": "x" } }, "buildArgs.: a name can't be empty, nor have a '=' in it"],
    [{ labels: { "a=b": "x" } }, "labels.a=b: a name can't be empty, nor have a '=' in it"],
    [{ labels: "a=b" }, "labels: expected an object with strings as values"],
    [{ target: "" }, "target: is empty; leave it out or give it a value"],
    [{ platform: "linux" }, "platform: expected os/architecture, such as linux/amd64"],
    [{ platform: "linux/amd64,linux/arm64" }, "platform: expected os/architecture, such as linux/amd64"],
    [{ secrets: [1] }, "secrets: expected an object: secret id -> {file} or {env}"],
    [{ secrets: { a: "hunter2" } }, `secrets.a: ${SECRET}`],
    [{ secrets: { a: {} } }, `secrets.a: ${SECRET}`],
    [{ secrets: { a: { file: "x", env: "Y" } } }, `secrets.a: ${SECRET}`],
    [{ secrets: { a: { file: "" } } }, "secrets.a.file: is empty; leave it out or give it a value"],
    [{ secrets: { "a b": { env: "X" } } }, `secrets.a b: ${SECRET_ID}`],
    [{ secrets: { "a,src=/etc/shadow": { env: "X" } } }, `secrets.a,src=/etc/shadow: ${SECRET_ID}`],
    [{ secrets: { [CA_SECRET]: { env: "X" } } }, `secrets.${CA_SECRET}: ${SECRET_ID}`],
    [{ revision: 5 }, "revision: expected a git revision"],
    [{ verify: "later" }, "verify: expected inline, background or skip"],
    [{ requireVerified: "yes" }, "requireVerified: expected true or false"],
    [{ pin: "exact" }, "pin: expected versions"],
    [{ pin: "vendored" }, "pin: expected versions"],
    [{ push: 5 }, "push: expected a list of registry references"],
    [
      { push: ["registry/x"] },
      "push.0: registry/x names no registry host; expected registry.example.com/team/app:1, or docker.io/team/app:1",
    ],
    [{ push: ["r.io/x", "r.io/x:latest"] }, "push: names r.io/x:latest twice"],
    [{ retain: 0 }, "retain: expected at least 1: the latest build is never pruned"],
    [{ retain: 1.5 }, "retain: expected a whole number of builds"],
    [{ retain: "10" }, "retain: expected a number of builds"],
    [{ keep: 1 }, "keep: expected true or false"],
    [{ timeouts: 5 }, "timeouts: expected an object with some of git, inspect, rebuild (seconds)"],
    [{ timeouts: { build: 5 } }, "timeouts: expected an object with some of git, inspect, rebuild (seconds)"],
    [{ timeouts: { git: "30" } }, "timeouts.git: expected a number of seconds"],
    [{ timeouts: { git: 0 } }, "timeouts.git: expected more than 0 seconds"],
    [{ timeouts: { git: NaN } }, "timeouts.git: expected a number of seconds"],
    [{ timeouts: { inspect: Infinity } }, "timeouts.inspect: expected a number of seconds"],
    [{ timeouts: { rebuild: 2_147_484 } }, "timeouts.rebuild: expected at most 2147483 seconds (24 days)"],
  ];
  for (const [inputs, words] of bad) {
    it(`say of ${JSON.stringify(inputs).slice(0, 60)}: ${words.slice(0, 60)}`, () =>
      assert.deepEqual(said(inputs), [words]));
  }

  it("say what a bad artifact has to look like, and what it is for", () => {
    for (const name of ["Web", "a b", "", "../x", "web-"]) {
      assert.match(
        said({ name })[0] ?? "",
        /^name: expected lower-case .* such as web-app; it names the image/,
      );
    }
  });

  it("tell an empty revision from a short one, and where to get one", () => {
    for (const revision of ["", "  "]) {
      assert.match(
        said({ revision })[0] ?? "",
        /^revision: is empty: .*validatedRevision\(worktree\) gives one/,
      );
    }
    for (const revision of ["abc1234", "A".repeat(40), `${"a".repeat(40)}\n`, "main"]) {
      assert.match(
        said({ revision })[0] ?? "",
        /is not a full git revision; expected 40 or 64 lower-case hex digits/,
      );
    }
    assert.ok((said({ revision: "x".repeat(10_000) })[0] ?? "").length < 250);
  });

  it("that don't exist are named with those that do, also ones like object properties", () => {
    for (const name of "tag upstream caches bitForBit constructor __proto__ hasOwnProperty".split(" ")) {
      const inputs = JSON.parse(`{${JSON.stringify(name)}: 1}`) as Record<string, unknown>;
      assert.match(
        said(inputs)[0] ?? "",
        new RegExp(`^${name}: there is no such input; the inputs are name, recipe, `),
      );
    }
  });

  it("are all judged at once, and missing ones named", () => {
    const required = { name: "is missing", root: "is missing" };
    const failures = checkShapes(
      { root: null, retain: 0, keep: 1 },
      imageInputs.shape,
      required,
      () => false,
    );
    assert.deepEqual(properties(failures), ["name", "root", "retain", "keep"]);
    assert.equal(new InputError(failures.slice(0, 2)).message, "name: is missing; root: is missing");
  });
});
