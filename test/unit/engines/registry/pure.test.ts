import assert from "node:assert/strict";
import { mergeJudgements } from "../../../../provider/promote/gate/judge";
import { routesOf } from "../../../../provider/promote/gate/routes";
import { addressOf, isLoopback, namesRegistry } from "../../../../provider/engines/registry/address";
import { credentialsFor } from "../../../../provider/engines/registry/docker-credentials";
import { advice, toolWords } from "../../../../provider/engines/registry/explain";
import { digestOf, isAttestation } from "../../../../provider/engines/registry/manifest";
import { readConfiguration, readManifest } from "../../../../provider/engines/registry/manifest";
import { contentTag, isImage } from "../../../../provider/engines/registry/push";
import { saysNoRepository, saysUnknown } from "../../../../provider/engines/registry/skopeo";
import { each } from "../../../support/each";
import { platformImage, registryImage } from "../../promote/gate/registry-image";
import { id } from "../../store/scratch";

describe("addressOf", () => {
  it("takes a reference apart, and leaves out a tag beside a digest", () => {
    const repository = "r.io:5000/team/web";
    const whole = { host: "r.io:5000", repository, name: `${repository}:latest`, digest: null };
    assert.deepEqual(addressOf(repository), whole);
    assert.equal(addressOf(`docker.io/web:1@${id("a")}`).name, `docker.io/library/web@${id("a")}`);
  });
  it("finds no registry in an image ID", () =>
    assert.throws(() => addressOf(id("a")), /registries know none/));

  it("tells a registry's names from the engine's", () => {
    const remote = ["docker.io/web", "localhost/web:1", "r.io/web"];
    assert.deepEqual([...remote, "web", "team/web:1", id("a"), "A B"].filter(namesRegistry), remote);
  });

  it("tells this machine's loopback from everything else", () => {
    const here = ["localhost", "localhost:5000", "127.0.0.1:1", "127.1.2.3", "[::1]:5000"];
    const others = ["localhost.example", "127.0.0.1.example:1", "128.0.0.1", "r.io"];
    assert.deepEqual([...here, ...others].filter(isLoopback), here);
  });
});

describe("routesOf", () => {
  it("reads a source with a host from its registry only where all targets are in registries", () => {
    assert.equal(routesOf("r.io/a:1", ["r.io/b:1", "s.io/c"]).fromRegistry, true);
    assert.equal(routesOf("r.io/a:1", ["b:1"]).fromRegistry, false);
    assert.equal(routesOf("r.io/a:1", ["r.io/b:1", "b:1"]).fromRegistry, false);
    assert.equal(routesOf(id("a"), ["r.io/b:1"]).fromRegistry, false);
    const both = { fromRegistry: false, fromFile: false, files: [], local: ["b:1"], remote: ["r.io/b:1"] };
    assert.deepEqual(routesOf("a", ["r.io/b:1", "b:1"]), both);
  });

  it("takes a path for a file, and asks no registry and no engine for it", () => {
    const file = { fromRegistry: false, fromFile: true, local: [], remote: [], files: ["r.io/b.sif"] };
    assert.deepEqual(routesOf("a.sif", ["r.io/b.sif"]), file);
    assert.deepEqual(routesOf(id("a"), ["r.io/b.sif"]), file);
  });
});

describe("manifests", () => {
  const config = { digest: id("c") };
  const read = (value: unknown): unknown => readManifest(JSON.stringify(value), "x");
  const index = (...letters: string[]) => ({
    ...{ kind: "index", mediaType: "", annotations: {}, children: letters.map(id), marked: [] },
  });

  it("are images with a configuration, or indexes with images", () => {
    const image = { kind: "image", mediaType: "m", annotations: {}, configDigest: id("c") };
    assert.deepEqual(read({ mediaType: "m", config }), image);
    const manifests = [{ digest: id("a") }, { digest: id("b"), platform: { os: "linux" } }];
    assert.deepEqual(read({ manifests }), index("a", "b"));
  });

  it("of attestations are told from images that have one of their two signs only", () => {
    const annotations = { "vnd.docker.reference.type": "attestation-manifest" };
    const linux = { os: "linux", architecture: "amd64" };
    const unknown = { os: "unknown", architecture: "unknown" };
    const manifests = [
      ...[{ platform: linux }, { platform: unknown }, { platform: linux, annotations }],
      ...[{ annotations }, { platform: unknown, annotations }],
    ].map((child, at) => ({ digest: id("abcde"[at] ?? ""), ...child }));
    assert.deepEqual(read({ manifests }), { ...index("a", "b", "c", "d"), marked: [id("e")] });
  });

  it("are an attestation's only where every layer is a statement", () => {
    const layers = (...types: string[]): boolean =>
      isAttestation(JSON.stringify({ config, layers: types.map((mediaType) => ({ mediaType })) }), "x");
    const statement = "application/vnd.in-toto+json";
    assert.deepEqual([layers(statement), layers(statement, statement)], [true, true]);
    assert.deepEqual([layers(), layers(statement, "application/vnd.oci.image.layer.v1.tar")], [false, false]);
  });

  it("that engines may read in another way are refused", () => {
    const child = `{"digest": "${id("a")}", "platform": {"os": "unknown"}, "Platform": {"os": "linux"}}`;
    for (const [text, words] of [
      [`{"manifests": [${child}]}`, /x has the key "Platform" beside "platform", which programs read in/],
      [`{"Manifests": [], "config": {"digest": "${id("a")}"}}`, /spells the key "manifests" as "Manifests"/],
      [`{"manifests": [], "config": {"digest": "${id("a")}"}}`, /x is both an image and an index/],
    ] as const)
      assert.throws(() => readManifest(text, "x"), words);
    const twice = '{"config": {"Labels": {}, "labels": {}}}';
    assert.throws(() => readConfiguration(twice, "x"), /NotAnImageError.*"labels"/);
  });

  it("have annotations, and those that can't be understood are none", () => {
    const said = (value: unknown): unknown => (read(value) as { annotations: unknown }).annotations;
    assert.deepEqual(said({ config, annotations: { a: "b" } }), { a: "b" });
    assert.deepEqual(said({ manifests: [{ digest: id("a") }], annotations: { c: "d" } }), { c: "d" });
    for (const annotations of [null, "x", { a: 5 }]) assert.deepEqual(said({ config, annotations }), {});
  });

  it("of anything else are no images", () => {
    for (const value of [
      {},
      { manifests: [] },
      { config: {} },
      { config: { digest: "sha256:1" } },
      null,
      "x",
    ])
      assert.throws(() => read(value), /^NotAnImageError: what the registry has as x is/);
    assert.throws(() => readManifest("<html>", "x"), /NotAnImageError/);
  });

  it("have the digest of their bytes", () =>
    assert.equal(digestOf("{}"), "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));

  it("have configurations with platform and labels", () => {
    const arm = { os: "linux", architecture: "arm", variant: "v7", config: { Labels: { a: "b" } } };
    const configured = (value: unknown) => readConfiguration(JSON.stringify(value), "x");
    assert.deepEqual(configured(arm), { platform: "linux/arm/v7", labels: { a: "b" }, history: [] });
    assert.deepEqual(configured({ os: "linux", architecture: "amd64", config: null }).labels, {});
    for (const empty of [{}, { os: "", architecture: " ", variant: " " }])
      assert.equal(configured(empty).platform, "unknown/unknown");
    assert.equal(configured({ os: "li\u001b\nnux", architecture: "arm" }).platform, "li\\u{1b}\\u{a}nux/arm");
    const history = [{ created: "2025-01-01T00:00:01.5Z", created_by: "CMD a", empty_layer: true }, {}];
    assert.deepEqual(configured({ history }).history, [
      { createdBy: "CMD a", created: Date.UTC(2025, 0, 1, 0, 0, 1) / 1000 },
      { createdBy: "", created: 0 },
    ]);
    assert.deepEqual(configured({ history: "none" }).history, []);
    for (const bad of ["<html>", '{"config":{"Labels":{"a":5}}}'])
      assert.throws(() => readConfiguration(bad, "x"), /the configuration of x can't be understood/);
  });
});

describe("isImage", () => {
  const one = [platformImage({ manifestDigest: id("b"), configDigest: id("a") })];
  it("goes by the configuration, or by the digest where the engine's IDs are digests", () => {
    const found = registryImage(one);
    const names = [id("a"), id("d"), id("b")].filter((image) => isImage(found, image));
    assert.deepEqual(names, [id("a"), id("d")]);
    const platform = isImage({ ...found, isIndex: true }, id("a"));
    assert.equal(platform, false, "one of several platforms is not the image");
  });
  it("has a tag for pushing that fits", () => {
    const tag = contentTag("r.io/web", id("a")).split(":")[1] ?? "";
    assert.match(tag, /^verified-images-[a-f0-9]{64}$/);
    assert.ok(tag.length <= 128);
  });
});

describe("credentialsFor", () => {
  const at = (host: string, config: unknown): unknown => credentialsFor(host, JSON.stringify(config));
  it("goes by helper, then store, then docker's own file", () => {
    assert.deepEqual(at("r.io", { credHelpers: { "r.io": "x" }, credsStore: "y" }), { kind: "file" });
    assert.deepEqual(at("r.io", { auths: { "r.io": {} }, credsStore: "y" }), { kind: "store", store: "y" });
    assert.deepEqual(at("r.io", { auths: { "https://r.io/v2/": {} } }), { kind: "file" });
    assert.deepEqual(at("docker.io", { auths: { "https://index.docker.io/v1/": {} } }), { kind: "file" });
    assert.deepEqual(at("r.io", { auths: { "s.io": {} } }), { kind: "none" });
    assert.deepEqual(at("docker.io", { credsStore: "y" }), { kind: "none" });
  });
  it("finds nothing in what is no configuration", () => {
    for (const text of ["", "[]", "{", '{"auths":5}'])
      assert.deepEqual(credentialsFor("r.io", text), { kind: "none" });
  });
});

describe("a tool's words", () => {
  const fatal = (text: string): string =>
    toolWords(
      `time="2026-01-01T00:00:00Z" level=fatal msg="Error parsing image name \\"docker://r.io/a:1\\": ${text}"`,
    );

  it("lose their decoration and every credential", () => {
    assert.equal(fatal("dial tcp: connection refused"), "dial tcp: connection refused");
    assert.equal(fatal(""), 'Error parsing image name "docker://r.io/a:1": ');
    assert.equal(toolWords("some warning\nERROR: r.io/a:1: not found\n"), "r.io/a:1: not found");
    assert.equal(toolWords("Get https://me:secret@r.io/v2/: EOF"), "Get https://***@r.io/v2/: EOF");
    assert.equal(toolWords(""), "it said nothing");
    const signed =
      'Put \\"https://s3.io/b/1?X-Amz-Signature=ab&partNumber=1\\": https://r.io/token?a=b?c EOF';
    assert.match(fatal(signed), /Put "https:\/\/s3\.io\/b\/1\?\*{3}": https:\/\/r\.io\/token\?\*{3} EOF$/);
    assert.equal(toolWords("is that all? no"), "is that all? no");
  });

  each("are %s proof of absence, by the registry's own error code alone: %s", [
    ["a", "reading manifest 1 in r.io/a: manifest unknown: manifest unknown"],
    ["a", "reading manifest 1 in r.io/a: name unknown"],
    ["no", "reading manifest 1 in r.io/a: StatusCode: 404, <p>: manifest unknown"],
    ["no", "reading manifest 1 in r.io/a: unauthorized: authentication required"],
    ["no", "received unexpected HTTP status: 500"],
  ])((answer, words) => assert.equal(saysUnknown(fatal(words)), answer === "a"));

  each("say %s of a repository's absence", [
    ["enough", "fetching tags list: invalid status code from registry 404 (Not Found)", true],
    ["enough in newer versions", "fetching tags list: repository name not known to registry", true],
    ["nothing at 403", "fetching tags list: invalid status code from registry 403 (Forbidden)", false],
    ["nothing where nobody answers", "fetching tags list: dial tcp: connection refused", false],
  ])((_, words, is) => assert.equal(saysNoRepository(words), is));

  each("come with what to do: %s", [
    ["unauthorized: authentication required", /docker login r\.io/],
    ["x509: certificate signed by unknown authority", /certs\.d\/r\.io\/ca\.crt/],
    ["dial tcp 1.2.3.4:443: connect: connection refused", /is the registry running/],
    ["status: 503 Service Unavailable", /trouble of its own/],
    ["toomanyrequests: x", /limits the rate/],
    ["nothing known", /is the reference right/],
  ])((words, what) => assert.match(advice(words, "r.io"), what));
});

describe("mergeJudgements", () => {
  const yes = { property: "expectedRevision", ok: true, message: "provenance match: a" };
  const no = { property: "expectedRevision", ok: false, message: "provenance mismatch: b" };
  const judged = (platform: string, ...clauses: (typeof yes)[]) => ({
    platform,
    judgement: { ok: clauses.every(({ ok }) => ok), verdict: clauses[0]?.message ?? "", clauses },
  });

  it("says once what is said of all, and names the platform of anything else", () => {
    const alike = mergeJudgements([judged("linux/amd64", yes), judged("linux/arm64", yes)]);
    assert.deepEqual(alike.clauses, [yes]);
    const mixed = mergeJudgements([judged("linux/amd64", yes), judged("linux/arm64", no)]);
    assert.deepEqual([mixed.ok, mixed.verdict], [false, "provenance mismatch: b"]);
    const messages = mixed.clauses.map(({ message }) => message);
    assert.deepEqual(messages, ["linux/amd64: provenance match: a", "linux/arm64: provenance mismatch: b"]);
  });

  it("of one image is its own, without a platform", () =>
    assert.deepEqual(mergeJudgements([judged("linux/amd64", no)]).clauses, [no]));
  it("of nothing is a fault", () => assert.throws(() => mergeJudgements([])));
});
