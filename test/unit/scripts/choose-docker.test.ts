import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "./load";

interface Facts {
  path: string;
  client: string;
  server: string | null;
  arch: string | null;
  buildx: boolean;
  error: string;
}
interface Choice {
  kind: string;
  docker?: Facts;
}

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
  let chooseDocker: (facts: Facts[]) => Choice;
  let chosenEndpoint: (env: Record<string, string>, home: string) => string | null;
  let engineSentence: (choice: Choice, facts: { endpoint: string | null }) => string;
  before(async () => {
    ({ chooseDocker, chosenEndpoint } = await load<{
      chooseDocker: typeof chooseDocker;
      chosenEndpoint: typeof chosenEndpoint;
    }>("setup/docker-found.mjs"));
    ({ engineSentence } = await load<{ engineSentence: typeof engineSentence }>("setup/engine-words.mjs"));
  });

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
    assert.deepEqual(chooseDocker([silent(plugin, "Cannot connect"), bare]).docker, bare);
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
    const sentences = choices.map((facts) => engineSentence(chooseDocker(facts), { endpoint: null }));
    assert.match(sentences[0] ?? "", /^\/usr\/local\/bin\/docker \(28\.2\.2\) .* buildx plugin/);
    assert.match(sentences[1] ?? "", /refuses this user .* group docker/);
    assert.match(
      sentences[2] ?? "",
      /No container engine answers \/opt\/docker \(Cannot connect\): install Docker/,
    );
    assert.match(sentences[3] ?? "", /There is no `docker` on PATH/);
    for (const sentence of sentences) assert.ok(!sentence.includes("\n"));
    const remote = engineSentence(chooseDocker([silent(plugin, "refused")]), {
      endpoint: "DOCKER_HOST=tcp://a:1",
    });
    assert.match(remote, /^No container engine answers at DOCKER_HOST=tcp:\/\/a:1 \(refused\): start it/);
  });

  it("knows the engine that the user has chosen", () => {
    const home = mkdtempSync(join(tmpdir(), "scripts-docker-"));
    try {
      assert.equal(chosenEndpoint({}, home), null);
      assert.equal(chosenEndpoint({ DOCKER_CONTEXT: "default" }, home), null);
      assert.equal(chosenEndpoint({ DOCKER_CONTEXT: "far" }, home), 'the Docker context "far"');
      assert.equal(
        chosenEndpoint({ DOCKER_HOST: "tcp://a:1", DOCKER_CONTEXT: "far" }, home),
        "DOCKER_HOST=tcp://a:1",
      );
      writeFileSync(join(home, "config.json"), JSON.stringify({ currentContext: "near" }));
      assert.equal(chosenEndpoint({ DOCKER_CONFIG: home }, "/nowhere"), 'the Docker context "near"');
      writeFileSync(join(home, "config.json"), "{");
      assert.equal(chosenEndpoint({ DOCKER_CONFIG: home }, "/nowhere"), null);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
