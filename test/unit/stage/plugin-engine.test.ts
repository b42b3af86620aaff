import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { storedContext } from "../../../provider/engines/docker/stored-context";
import { pluginElsewhere, type PluginEngine } from "../../../provider/stage/plugin-engine";
import { each } from "../../support/each";
import { ownFolder } from "../../support/own-folder";

const FAR = "ssh://far";
const NEAR = "unix:///var/run/docker.sock";
const GIVEN: PluginEngine = { host: FAR, endpoint: FAR, env: {}, stored: null };

describe("the engine on which @pulumi/docker makes the container", () => {
  const FAR_CONTEXT = { env: { DOCKER_CONTEXT: "far" }, stored: FAR };
  each("is the image's with %s", [
    ["a host that is given", {}],
    ["DOCKER_CONTEXT at the same engine", FAR_CONTEXT],
    ["an empty DOCKER_CONTEXT", { env: { DOCKER_CONTEXT: "" } }],
    ["DOCKER_HOST", { host: null, env: { DOCKER_HOST: FAR } }],
    ["this host's engine", { host: null, endpoint: NEAR }],
  ])((_, changes) => assert.equal(pluginElsewhere({ ...GIVEN, ...changes }), null));

  const NEAR_CONTEXT = { env: { DOCKER_CONTEXT: "near" }, stored: NEAR };
  const BOTH = { host: null, env: { DOCKER_HOST: FAR, DOCKER_CONTEXT: "near" }, stored: NEAR };
  const FOLLOWS =
    /^the image is at ssh:\/\/far, but .* follows DOCKER_CONTEXT \(near\), which is at unix:.*; unset DOCKER_CONTEXT/;
  const CURRENT = /^the current Docker context is at ssh:\/\/far; name/;
  each("is another one with %s", [
    ["DOCKER_CONTEXT at another engine", NEAR_CONTEXT, FOLLOWS],
    ["a DOCKER_CONTEXT that it can't find", { env: { DOCKER_CONTEXT: "default" } }, /which it can't find/],
    ["DOCKER_CONTEXT before DOCKER_HOST", BOTH, /follows DOCKER_CONTEXT/],
    ["a context of `docker context use`", { host: null }, CURRENT],
  ])((_, changes, words) => assert.match(pluginElsewhere({ ...GIVEN, ...changes }) ?? "", words));
});

describe("a stored Docker context", () => {
  const home = ownFolder();

  it("is read from docker's own file, and there is no other", async () => {
    const folder = home(".docker/contexts/meta", createHash("sha256").update("far").digest("hex"));
    mkdirSync(folder, { recursive: true });
    const file = { Name: "far", Metadata: {}, Endpoints: { docker: { Host: FAR, SkipTLSVerify: false } } };
    writeFileSync(`${folder}/meta.json`, JSON.stringify(file));
    assert.equal(await storedContext("far", home()), FAR);
    for (const name of ["default", "near", ""]) assert.equal(await storedContext(name, home()), null);
  });
});
