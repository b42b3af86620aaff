import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "./load";

interface Facts {
  path: string;
  version: string;
  hasHost: boolean;
}
interface Choice {
  chosen: Facts | null;
  passedOver: string[];
}

describe("scripts: the Pulumi CLI and its backend", () => {
  let choosePulumi: (facts: Facts[]) => Choice;
  let archivePlatform: (platform: string, arch: string) => string | null;
  let variables: (env: Record<string, string>, places: object) => Record<string, string>;
  let home: string;
  before(async () => {
    ({ choosePulumi } = await load<{ choosePulumi: typeof choosePulumi }>("setup/pulumi-found.mjs"));
    ({ archivePlatform } = await load<{ archivePlatform: typeof archivePlatform }>(
      "setup/pulumi-fetched.mjs",
    ));
    ({ backendVariables: variables } = await load<{ backendVariables: typeof variables }>(
      "setup/backend.mjs",
    ));
    home = mkdtempSync(join(tmpdir(), "scripts-pulumi-"));
  });
  after(() => rmSync(home, { recursive: true }));

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

  it("knows the platforms with a pinned release", () => {
    assert.equal(archivePlatform("linux", "x64"), "linux-x64");
    assert.equal(archivePlatform("darwin", "arm64"), "darwin-arm64");
    assert.equal(archivePlatform("win32", "x64"), null);
    assert.equal(archivePlatform("constructor", ""), null);
  });

  it("keeps state in the project only when the user has no backend", () => {
    const places = { folder: "/project/.state", home };
    const own = variables({}, places);
    assert.equal(own.PULUMI_BACKEND_URL, "file:///project/.state");
    for (const name of ["PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"]) {
      assert.ok(!("PULUMI_BACKEND_URL" in variables({ [name]: "the user's" }, places)));
    }
    writeFileSync(join(home, "credentials.json"), JSON.stringify({ current: "https://api.example" }));
    assert.ok(!("PULUMI_BACKEND_URL" in variables({ PULUMI_HOME: home }, places)));
    writeFileSync(join(home, "credentials.json"), JSON.stringify({ current: "" }));
    assert.ok("PULUMI_BACKEND_URL" in variables({ PULUMI_HOME: home }, places));
  });

  it("sets an empty passphrase only when the user has none", () => {
    const places = { folder: "/project/.state", home };
    assert.equal(variables({}, places).PULUMI_CONFIG_PASSPHRASE, "");
    assert.ok(!("PULUMI_CONFIG_PASSPHRASE" in variables({ PULUMI_CONFIG_PASSPHRASE: "x" }, places)));
    assert.ok(!("PULUMI_CONFIG_PASSPHRASE" in variables({ PULUMI_CONFIG_PASSPHRASE_FILE: "/f" }, places)));
  });
});
