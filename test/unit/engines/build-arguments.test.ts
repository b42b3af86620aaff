import assert from "node:assert/strict";
import { buildArguments, type BuildTools } from "../../../provider/engines/docker/build";
import { buildVariables } from "../../../provider/engines/docker/build-variables";
import { imageFacts } from "../../../provider/engines/docker/inspect";
import type { BuildInstructions, BuildRequest } from "../../../provider/engines/engine";
import { id } from "../store/scratch";

const INSTRUCTIONS: BuildInstructions = {
  ...{
    dockerfile: "FROM scratch\n",
    ignore: "",
    context: "/ctx",
    name: "web",
    target: null,
    platform: null,
  },
  ...{ buildArgs: {}, labels: {}, bases: [], secrets: {}, cache: false, logFile: "/log", timeoutMs: 1 },
};
const REQUEST: BuildRequest = { ...INSTRUCTIONS, tag: "web:1" };
const TOOLS = {
  dockerfile: "/tmp/Dockerfile",
  buildx: false,
  separate: null,
  contexts: new Map<string, string>(),
};
const args = (changes: Partial<BuildRequest>, tools: Partial<BuildTools> = {}): string[] =>
  buildArguments({ ...REQUEST, ...changes }, { ...TOOLS, ...tools });
const PLAIN = ["--provenance=false", "--sbom=false", "--load"];
const FILE = ["build", "--progress", "plain", "--file", "/tmp/Dockerfile"];
const START = [...FILE, "--tag", "web:1"];

describe("buildArguments", () => {
  it("build without a cache unless told, and end with the context", () => {
    assert.deepEqual(args({}), [...START, "--no-cache", "/ctx"]);
    assert.deepEqual(args({ cache: true }), [...START, "/ctx"]);
  });

  it("keep buildx from wrapping the image, and load it; older clients know no such flags", () =>
    assert.deepEqual(args({ cache: true }, { buildx: true }), [...START, ...PLAIN, "/ctx"]));

  it("send the file system, and load nothing, where no image is asked for", () => {
    const sent = [...FILE, "--output", "type=tar,dest=-", "--no-cache"];
    assert.deepEqual(buildArguments(INSTRUCTIONS, TOOLS), [...sent, "/ctx"]);
    const plain = ["--provenance=false", "--sbom=false", "/ctx"];
    assert.deepEqual(buildArguments(INSTRUCTIONS, { ...TOOLS, buildx: true }), [...sent, ...plain]);
  });

  const separate = { name: "mine", platform: "linux/arm64" };
  const BESIDE = ["buildx", "build", "--builder", "mine", ...START.slice(1)];

  it("name a builder beside the engine, load what it builds, and hand it the engine's images; any client", () => {
    const contexts = new Map([["app/base:1", "oci-layout:///tmp/a"]]);
    for (const buildx of [true, false]) {
      assert.deepEqual(args({}, { buildx, separate, contexts }), [
        ...[...BESIDE, "--no-cache", ...PLAIN, "--platform", "linux/arm64"],
        ...["--build-context", "app/base:1=oci-layout:///tmp/a", "/ctx"],
      ]);
    }
  });

  it("build for the engine's platform beside the engine, unless another one is asked for", () => {
    const asked = args({ platform: "linux/s390x" }, { separate });
    assert.equal(asked[asked.indexOf("--platform") + 1], "linux/s390x");
    assert.equal(asked.lastIndexOf("--platform"), asked.indexOf("--platform"));
  });

  it("hand everything over as it is, one argument each, and build arguments in the environment", () => {
    const taken = { A: "b c=$d", EMPTY: "" };
    const buildArgs = { ...taken, HTTP_PROXY: "http://proxy", "odd name": "x", DOCKER_HOST: "y" };
    assert.deepEqual(buildVariables({ buildArgs }, {}), taken);
    const proxy = { HTTP_PROXY: "x" };
    assert.deepEqual(buildVariables({ buildArgs: proxy }, proxy), proxy, "the client has it anyhow");
    const where = { cache: true, target: "final", platform: "linux/arm64" };
    const found = args({ ...where, buildArgs, labels: { "org.example/x": '"q"' } }).slice(START.length);
    const given = ["A", "EMPTY", "HTTP_PROXY=http://proxy", "odd name=x", "DOCKER_HOST=y"];
    assert.deepEqual(found, [
      ...["--target", "final", "--platform", "linux/arm64"],
      ...given.flatMap((word) => ["--build-arg", word]),
      ...["--label", 'org.example/x="q"', "/ctx"],
    ]);
  });

  it("name where secrets are, in the CSV that docker reads; never what they are", () => {
    process.env.UNIT_TEST_TOKEN = "hunter2";
    const secrets = { a: { env: "UNIT_TEST_TOKEN" }, b: { file: "/k/key.pem" }, c: { file: '/odd, "path"' } };
    const found = args({ cache: true, secrets }).slice(START.length, -1);
    delete process.env.UNIT_TEST_TOKEN;
    assert.deepEqual(found, [
      ...["--secret", "id=a,env=UNIT_TEST_TOKEN"],
      ...["--secret", "id=b,src=/k/key.pem"],
      ...["--secret", 'id=c,"src=/odd, ""path"""'],
    ]);
  });
});

describe("imageFacts", () => {
  it("fills in what an engine leaves out", () =>
    assert.deepEqual(imageFacts({ Id: id("1"), RepoTags: null, Config: null }), {
      ...{ id: id("1"), labels: {}, tags: [], repoDigests: [], onbuild: [], environment: [], layers: [] },
      ...{ user: "", os: "", architecture: "", created: "" },
    }));

  it("copies what it says", () => {
    const created = "2026-01-01T00:00:00Z";
    const { onbuild, layers, ...facts } = imageFacts({
      ...{ Id: id("1"), RepoTags: ["web:1"], RepoDigests: ["web@sha256:2"] },
      ...{ Os: "linux", Architecture: "amd64", Created: created },
      Config: { Labels: { a: "b" }, User: "app", Env: ["A=b=c", "EMPTY="] },
    });
    assert.deepEqual([onbuild, layers], [[], []]);
    assert.deepEqual(facts, {
      ...{ id: id("1"), labels: { a: "b" }, tags: ["web:1"], repoDigests: ["web@sha256:2"] },
      ...{ user: "app", environment: ["A", "EMPTY"], os: "linux", architecture: "amd64", created },
    });
  });
});
