import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import {
  chooseClient,
  chooseDocker,
  chosenEndpoint,
  engineSentence,
} from "../../../scripts/setup/docker-found.mjs";
import { ownFolder } from "../../support/own-folder";

type Facts = Parameters<typeof chooseDocker>[0][number];

const bare: Facts = {
  path: "/usr/local/bin/docker",
  client: "28.2.2",
  server: "20.10.24+dfsg1",
  arch: "amd64",
  buildx: false,
  error: "exit 0",
};
const builtIn: Facts = { ...bare, path: "/usr/bin/docker", client: "20.10.24+dfsg1" };
const plugin: Facts = { ...bare, path: "/opt/docker", buildx: true };
const silent = (facts: Facts, error: string): Facts => ({ ...facts, server: null, arch: null, error });

describe("scripts: the docker CLI to use", () => {
  const at = ownFolder();
  const cannot = silent(plugin, "Cannot connect");
  const refused = silent(plugin, "permission denied while trying to connect");
  const CASES: [claim: string, facts: Facts[], expected: ReturnType<typeof chooseDocker>][] = [
    [
      "the first that can build, past a bare one",
      [bare, builtIn, plugin],
      { kind: "usable", docker: builtIn },
    ],
    ["one with the plugin", [bare, plugin, builtIn], { kind: "usable", docker: plugin }],
    ["none that is bare, whose engine answers", [cannot, bare], { kind: "no-build", docker: bare }],
    ["none whose engine does not answer", [cannot], { kind: "no-engine", docker: cannot }],
    ["none where there is none", [], { kind: "no-client" }],
    [
      "none that is refused by its engine",
      [silent(bare, "x"), refused],
      { kind: "refused", docker: refused },
    ],
  ];
  for (const [claim, facts, expected] of CASES) {
    it(`is ${claim}`, () => assert.deepEqual(chooseDocker(facts), expected));
  }

  it("can be one as old as 22 without buildx, and none from 23 on", () => {
    const kinds = ["22.9.9", "23.0.0", ""].map((client) => chooseDocker([{ ...bare, client }]).kind);
    assert.deepEqual(kinds, ["usable", "no-build", "no-build"]);
  });

  it("is the user's for an engine of this project's own, where it will do", () => {
    const own = { ...plugin, path: "/cache/docker", client: "28.5.2" };
    const cases: [facts: Facts[], expected: string][] = [
      [[bare, plugin], plugin.path],
      [[{ ...plugin, client: "29.0.0" }], plugin.path],
      [[{ ...plugin, client: "27.5.1" }], own.path],
      [[builtIn], own.path],
      [[cannot], own.path],
      [[], own.path],
    ];
    for (const [facts, expected] of cases) assert.equal(chooseClient(facts, own).path, expected);
  });

  it("says what to do in one line for each", () => {
    const choices = [[bare], [silent(plugin, "permission denied")], [silent(plugin, "Cannot connect")], []];
    const sentences = choices.map((facts) => engineSentence(chooseDocker(facts), null));
    assert.match(sentences[0] ?? "", /^\/usr\/local\/bin\/docker \(28\.2\.2\) .* buildx plugin/);
    assert.match(sentences[1] ?? "", /refuses this user .* group docker/);
    assert.match(
      sentences[2] ?? "",
      /No container engine answers \/opt\/docker \(Cannot connect\): install Docker/,
    );
    assert.match(sentences[3] ?? "", /There is no `docker` on PATH/);
    for (const sentence of sentences) assert.ok(!sentence.includes("\n"));
    const remote = engineSentence(chooseDocker([silent(plugin, "refused")]), "DOCKER_HOST=tcp://a:1");
    assert.match(remote, /^No container engine answers at DOCKER_HOST=tcp:\/\/a:1 \(refused\): start it/);
  });

  it("knows the engine that the user has chosen", async () => {
    // As the CLI does: the context of the variable, else the one of its configuration.
    const script = '#!/bin/sh\necho "${DOCKER_CONTEXT:-$(cat "$DOCKER_CONFIG/current")}"\n';
    writeFileSync(at("docker"), script, { mode: 0o755 });
    const near = 'the Docker context "near"';
    const cases: [current: string, env: NodeJS.ProcessEnv, expected: string | null][] = [
      ["default", {}, null],
      ["default", { DOCKER_CONTEXT: "default" }, null],
      ["default", { DOCKER_CONTEXT: "far" }, 'the Docker context "far"'],
      ["default", { DOCKER_HOST: "tcp://a:1", DOCKER_CONTEXT: "far" }, "DOCKER_HOST=tcp://a:1"],
      ["near", {}, near],
      ["near", { PATH: "/nowhere" }, null],
    ];
    for (const [current, env, expected] of cases) {
      writeFileSync(at("current"), current);
      const all = { PATH: `${at()}:${process.env.PATH}`, DOCKER_CONFIG: at(), ...env };
      const { signal } = new AbortController();
      assert.equal(await chosenEndpoint({ env: all, signal }), expected);
    }
  });
});
