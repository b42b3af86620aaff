import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builder } from "../../set-up/builder.mjs";
import { ownFolder } from "../../support/own-folder";

const INSPECTED = `Name:   verified-images-tests
Driver: remote

Nodes:
Name:             verified-images-tests0
Endpoint:         unix:///run/x.sock
Status:           running
BuildKit version: v0.31.1`;

describe("scripts: the builder beside the engine", () => {
  const at = ownFolder();

  /** Runs the step with a docker that has a plugin and answers the rest so; gives what it said, wrote and asked. */
  async function run(
    answers: string,
  ): Promise<{ text: string; facts: Record<string, unknown>; asked: string }> {
    const plugin = { Name: "buildx", Version: "v0.33.0", Path: "/opt/plugins/docker-buildx" };
    const info = JSON.stringify({ Plugins: [plugin] });
    const docker = at("docker");
    const script = `#!/bin/sh
echo "$* config=$DOCKER_CONFIG builder=$BUILDX_BUILDER" >> '${at()}/asked'
case "$*" in
info*) echo '${info}';;
context*) echo unix:///run/engine.sock;;
${answers}
esac
`;
    writeFileSync(docker, script);
    chmodSync(docker, 0o755);
    const [cache, project] = [at("cache"), at("project")];
    mkdirSync(project);
    mkdirSync(cache);
    const env = { PATH: process.env.PATH, DOCKER_CONFIG: "/the/users/own", BUILDX_BUILDER: "theirs" };
    const signal = new AbortController().signal;
    const log = at("log");
    const { text } = await builder({ project, cache, signal, env, log, say: () => undefined }, docker);
    const facts = JSON.parse(readFileSync(join(project, ".state", "builder.json"), "utf8")) as Record<
      string,
      unknown
    >;
    return { text, facts, asked: readFileSync(at("asked"), "utf8") };
  }

  it("is taken when it runs, with a configuration of its own that has the client's own plugin", async () => {
    const { text, facts, asked } = await run(`"buildx inspect"*) echo '${INSPECTED}';;`);
    assert.equal(text, "found BuildKit 0.31.1 beside the engine");
    const config = at("cache", "builder", "docker");
    assert.deepEqual(facts, {
      environment: {
        DOCKER_CONFIG: config,
        DOCKER_HOST: "unix:///run/engine.sock",
        BUILDX_BUILDER: "verified-images-tests",
        TESTS_BUILDKIT: "moby/buildkit:v0.31.1",
      },
    });
    assert.equal(readlinkSync(join(config, "cli-plugins", "docker-buildx")), "/opt/plugins/docker-buildx");
    assert.doesNotMatch(asked, /create|pull/);
    assert.match(asked, /buildx inspect .* builder=\n/, "the user's builder is not asked for");
    const users = asked.split("\n").filter((line) => line.includes("config=/the/users/own"));
    assert.ok(users.length > 0 && users.every((line) => /^(?:info|context)/.test(line)), users.join("\n"));
  });

  it("is a new one when the one there is too old, and the official image comes first", async () => {
    const old = INSPECTED.replace("0.31.1", "0.12.5");
    const { text, asked } = await run(
      `"buildx create"*) touch '${at()}/made';;
"buildx inspect"*) if [ -e '${at()}/made' ]; then echo '${INSPECTED}'; else echo '${old}'; fi;;`,
    );
    assert.equal(text, "made BuildKit 0.31.1 beside the engine");
    assert.match(
      asked,
      /pull --quiet moby\/buildkit:v0\.31\.1.*\nbuildx rm --force .*\nbuildx create .*docker-container/,
    );
  });

  it("is none where nothing works: the set-up goes on, and the tests find out why", async () => {
    const { text, facts } = await run(
      `pull*|"buildx inspect"*|"buildx create"*) echo "no such luck" >&2; exit 1;;`,
    );
    assert.match(text, /^none: .*no such luck/);
    assert.deepEqual(facts, { reason: "docker buildx create failed (no such luck)" });
  });
});
