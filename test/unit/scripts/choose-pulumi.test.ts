import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { backendVariables as variables } from "../../../scripts/setup/environment.mjs";
import { fetchOfficial, filledIn } from "../../../scripts/setup/pinned-tool.mjs";
import { PULUMI } from "../../../scripts/setup/pins.mjs";
import { choosePulumi } from "../../../scripts/setup/pulumi-cli.mjs";
import pins from "../../../scripts/setup/pins.json";
import testPins from "../../set-up/pins.json";
import { ownFolder } from "../../support/own-folder";

describe("scripts: the Pulumi CLI and its backend", () => {
  const at = ownFolder();

  it("takes the first that is new enough and has a Node.js host, and says why not the others", () => {
    const good = { path: "/d/pulumi", version: "v3.221.0", hasHost: true };
    const facts = [
      { path: "/a/pulumi", version: "v3.219.9", hasHost: true },
      { path: "/b/pulumi", version: "v3.220.0", hasHost: false },
      { path: "/c/pulumi", version: "", hasHost: true },
      good,
    ];
    assert.deepEqual(choosePulumi(facts), {
      chosen: good,
      passedOver: [
        "/a/pulumi is 3.219.9, older than 3.220.0",
        "/b/pulumi has no pulumi-language-nodejs",
        "/c/pulumi does not answer",
      ],
    });
    assert.deepEqual(choosePulumi([]), { chosen: null, passedOver: [] });
  });

  it("knows the platforms with a pinned release", async () => {
    const platforms = ["darwin-x64", "darwin-arm64", "linux-x64", "linux-arm64"];
    assert.deepEqual(Object.keys(pins.pulumi.sha256), platforms);
    const { signal } = new AbortController();
    const context = { project: "", cache: "", env: {}, signal, log: at("log"), say: () => undefined };
    const reason = await fetchOfficial({ ...PULUMI, sha256: {} }, at(), context);
    assert.equal(reason, `there is no official pulumi for ${process.platform}-${process.arch}`);
  });

  it("pins each official file and each built program to the version of its tool", () => {
    const tools: Omit<PinnedTool, "name">[] = Object.values({ ...pins, ...testPins });
    for (const { version, official = "", sha256 = {}, programs } of tools) {
      const file = filledIn(official, version);
      if (file !== "") assert.match(file, new RegExp(`[/-]v?${version.replaceAll(".", "\\.")}[/.][^{}]*$`));
      for (const sum of Object.values(sha256)) assert.match(sum, /^[0-9a-f]{64}$/);
      const [stamp = `=v${version}`] = programs.map((program) => filledIn(program.stamp, version));
      assert.ok(stamp.endsWith(`=v${version}`), version);
    }
  });

  it("keeps state in the project only when the user has no backend", () => {
    const backend = (env: NodeJS.ProcessEnv) =>
      variables(env, { folder: "/project/.state", home: at("home") }).PULUMI_BACKEND_URL;
    const own = "file:///project/.state";
    assert.equal(backend({}), own);
    for (const name of ["PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"]) {
      assert.equal(backend({ [name]: "the user's" }), undefined, name);
    }
    for (const [current, expected] of [
      ["https://api.example", undefined],
      ["", own],
    ]) {
      writeFileSync(at("credentials.json"), JSON.stringify({ current }));
      assert.equal(backend({ PULUMI_HOME: at() }), expected);
    }
  });

  it("sets an empty passphrase only when the user has none", () => {
    const passphrase = (env: NodeJS.ProcessEnv) =>
      variables(env, { folder: "/project/.state", home: at() }).PULUMI_CONFIG_PASSPHRASE;
    assert.equal(passphrase({}), "");
    assert.equal(passphrase({ PULUMI_CONFIG_PASSPHRASE: "x" }), undefined);
    assert.equal(passphrase({ PULUMI_CONFIG_PASSPHRASE_FILE: "/f" }), undefined);
  });
});
