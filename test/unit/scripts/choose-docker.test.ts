import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseDocker, chosenEndpoint, engineSentence } from "../../../scripts/setup/docker-found.mjs";

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
  it("passes over a bare client that comes first", () => {
    assert.deepEqual(chooseDocker([bare, builtIn, plugin]), { kind: "usable", docker: builtIn });
    assert.deepEqual(chooseDocker([bare, plugin, builtIn]), { kind: "usable", docker: plugin });
  });

  it("takes a client as old as 22 without buildx, and none from 23 on", () => {
    assert.equal(chooseDocker([{ ...bare, client: "22.9.9" }]).kind, "usable");
    assert.equal(chooseDocker([{ ...bare, client: "23.0.0" }]).kind, "no-build");
    assert.equal(chooseDocker([{ ...bare, client: "" }]).kind, "no-build");
  });

  it("takes no client whose engine does not answer, whatever it could build", () => {
    assert.equal(chooseDocker([silent(plugin, "Cannot connect")]).kind, "no-engine");
    assert.deepEqual(chooseDocker([silent(plugin, "Cannot connect"), bare]), {
      kind: "no-build",
      docker: bare,
    });
    assert.equal(chooseDocker([]).kind, "no-client");
  });

  it("tells an engine that refuses the user from one that is not there", () => {
    const refused = silent(plugin, "permission denied while trying to connect");
    assert.deepEqual(chooseDocker([silent(bare, "Cannot connect"), refused]), {
      kind: "refused",
      docker: refused,
    });
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
    const home = mkdtempSync(join(tmpdir(), "scripts-docker-"));
    try {
      // As the CLI does: the context of the variable, else the one of its configuration.
      const script = '#!/bin/sh\necho "${DOCKER_CONTEXT:-$(cat "$DOCKER_CONFIG/current")}"\n';
      writeFileSync(join(home, "docker"), script, { mode: 0o755 });
      writeFileSync(join(home, "current"), "default");
      const chosen = (env: Record<string, string>) => {
        const PATH = `${home}:${process.env.PATH}`;
        const all = { PATH, DOCKER_CONFIG: home, ...env };
        return chosenEndpoint({ env: all, signal: new AbortController().signal });
      };
      assert.equal(await chosen({}), null);
      assert.equal(await chosen({ DOCKER_CONTEXT: "default" }), null);
      assert.equal(await chosen({ DOCKER_CONTEXT: "far" }), 'the Docker context "far"');
      assert.equal(
        await chosen({ DOCKER_HOST: "tcp://a:1", DOCKER_CONTEXT: "far" }),
        "DOCKER_HOST=tcp://a:1",
      );
      writeFileSync(join(home, "current"), "near");
      assert.equal(await chosen({}), 'the Docker context "near"');
      assert.equal(await chosen({ PATH: "/nowhere" }), null);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
