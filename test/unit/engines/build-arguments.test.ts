import { id } from "../store/scratch";
import assert from "node:assert/strict";
import { buildArguments, type BuildTools } from "../../../provider/engines/docker/build";
import { buildVariables } from "../../../provider/engines/docker/build-variables";
import { imageFacts } from "../../../provider/engines/docker/inspect";
import type { BuildRequest } from "../../../provider/engines/engine";

const request = (changes: Partial<BuildRequest> = {}): BuildRequest => ({
  dockerfile: "FROM scratch\n",
  ignore: "",
  context: "/ctx",
  ...{ tag: "web:1", name: "web" },
  target: null,
  platform: null,
  buildArgs: {},
  labels: {},
  bases: [],
  secrets: {},
  cache: false,
  logFile: "/log",
  timeoutMs: 1,
  ...changes,
});
const without = <T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as Omit<T, K>;
const args = (changes: Partial<BuildRequest>, tools: Partial<BuildTools> = {}): string[] =>
  buildArguments(request(changes), {
    dockerfile: "/tmp/Dockerfile",
    buildx: false,
    separate: null,
    contexts: new Map(),
    ...tools,
  });
const FILE = ["build", "--progress", "plain", "--file", "/tmp/Dockerfile"];
const START = [...FILE, "--tag", "web:1"];

describe("buildArguments", () => {
  it("build without a cache unless told, and end with the context", () => {
    assert.deepEqual(args({}), [...START, "--no-cache", "/ctx"]);
    assert.deepEqual(args({ cache: true }), [...START, "/ctx"]);
  });

  it("keep buildx from wrapping the image, and load it; older clients know no such flags", () =>
    assert.deepEqual(args({ cache: true }, { buildx: true }), [
      ...START,
      "--provenance=false",
      "--sbom=false",
      "--load",
      "/ctx",
    ]));

  it("send the file system, and load nothing, where no image is asked for", () => {
    const instructions = without(request(), "tag");
    const tools = { dockerfile: "/tmp/Dockerfile", separate: null, contexts: new Map<string, string>() };
    const sent = [...FILE, "--output", "type=tar,dest=-", "--no-cache"];
    assert.deepEqual(buildArguments(instructions, { ...tools, buildx: false }), [...sent, "/ctx"]);
    assert.deepEqual(buildArguments(instructions, { ...tools, buildx: true }), [
      ...sent,
      ...["--provenance=false", "--sbom=false", "/ctx"],
    ]);
  });

  const separate = { name: "mine", platform: "linux/arm64" };
  const BESIDE = ["buildx", "build", "--builder", "mine", ...START.slice(1)];

  it("name a builder beside the engine, load what it builds, and hand it the engine's images; any client", () => {
    const contexts = new Map([["app/base:1", "oci-layout:///tmp/a"]]);
    const plain = ["--provenance=false", "--sbom=false", "--load"];
    for (const buildx of [true, false]) {
      assert.deepEqual(args({}, { buildx, separate, contexts }), [
        ...[...BESIDE, "--no-cache", ...plain, "--platform", "linux/arm64"],
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
    const buildArgs = {
      A: "b c=$d",
      EMPTY: "",
      HTTP_PROXY: "http://proxy",
      "odd name": "x",
      DOCKER_HOST: "y",
    };
    assert.deepEqual(buildVariables({ buildArgs }, {}), { A: "b c=$d", EMPTY: "" });
    // What the client has anyhow changes nothing.
    assert.deepEqual(buildVariables({ buildArgs: { HTTP_PROXY: "x" } }, { HTTP_PROXY: "x" }), {
      HTTP_PROXY: "x",
    });
    assert.deepEqual(
      args({
        cache: true,
        target: "final",
        platform: "linux/arm64",
        buildArgs,
        labels: { "org.example/x": '"q"' },
      }).slice(START.length),
      [
        ...["--target", "final", "--platform", "linux/arm64"],
        ...["--build-arg", "A", "--build-arg", "EMPTY", "--build-arg", "HTTP_PROXY=http://proxy"],
        ...[
          "--build-arg",
          "odd name=x",
          "--build-arg",
          "DOCKER_HOST=y",
          "--label",
          'org.example/x="q"',
          "/ctx",
        ],
      ],
    );
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
      id: id("1"),
      labels: {},
      tags: [],
      repoDigests: [],
      user: "",
      onbuild: [],
      environment: [],
      layers: [],
      os: "",
      architecture: "",
      created: "",
    }));

  it("copies what it says", () => {
    const labels = { a: "b" };
    const facts = imageFacts({
      Id: id("1"),
      RepoTags: ["web:1"],
      RepoDigests: ["web@sha256:2"],
      Os: "linux",
      Architecture: "amd64",
      Created: "2026-01-01T00:00:00Z",
      Config: { Labels: labels, User: "app", Env: ["A=b=c", "EMPTY="] },
    });
    assert.deepEqual(facts.labels, labels);
    assert.equal(facts.user, "app");
    assert.deepEqual(facts.environment, ["A", "EMPTY"]);
    assert.deepEqual([facts.tags, facts.repoDigests], [["web:1"], ["web@sha256:2"]]);
    assert.deepEqual(
      [facts.os, facts.architecture, facts.created],
      ["linux", "amd64", "2026-01-01T00:00:00Z"],
    );
  });
});
