import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { withBuildSession } from "../../../provider/engines/docker/build-session";
import type { DockerClient } from "../../../provider/engines/docker/client";
import { manifestOf, type Manifest } from "../../../provider/engines/docker/layout-manifest";
import { writeLayout } from "../../../provider/engines/docker/saved-layout";
import { each } from "../../support/each";
import { DIRECTORY, type Files, symlink, tarOf } from "../packages/capture/archive-builder";
import { scratch } from "../store/scratch";
import { fakeClient, INFO } from "./fake-client";

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");
const [ONE, TWO] = ["the first layer's tar", "the second layer's tar"];
const configOf = (...layers: string[]): string =>
  JSON.stringify({ rootfs: { type: "layers", diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) } });
const CONFIG = configOf(ONE, TWO, ONE);
const ID = `sha256:${sha256(CONFIG)}`;

/** An archive's list of its one image. */
function listOf(Config: string, ...Layers: string[]): string {
  return JSON.stringify([{ Config, RepoTags: null, Layers }]);
}

/** An archive as engines before 25 send it: a layer that comes again is a link. */
const OLD: Files = {
  [`${sha256(CONFIG)}.json`]: CONFIG,
  "a/": DIRECTORY,
  "a/VERSION": "1.0",
  "a/layer.tar": ONE,
  "b/layer.tar": TWO,
  "c/layer.tar": symlink("../a/layer.tar"),
  "manifest.json": listOf(`${sha256(CONFIG)}.json`, "a/layer.tar", "b/layer.tar", "c/layer.tar"),
};

async function layoutOf(files: Files, id = ID): Promise<{ folder: string; manifest: Manifest }> {
  const folder = scratch();
  await writeLayout(Readable.from([await tarOf(files)]), folder, id);
  const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), "utf8"));
  assert.deepEqual(json("oci-layout"), { imageLayoutVersion: "1.0.0" });
  const { manifests } = json("index.json") as { manifests: { digest: string; size: number }[] };
  assert.equal(manifests.length, 1);
  const blob = `blobs/sha256/${manifests[0]?.digest.slice("sha256:".length)}`;
  assert.equal(statSync(join(folder, blob)).size, manifests[0]?.size);
  return { folder, manifest: json(blob) as Manifest };
}

/** What a manifest says of a layer. */
const layerOf = (bytes: string | Buffer, packing = ""): Manifest["layers"][number] => ({
  mediaType: `application/vnd.oci.image.layer.v1.tar${packing}`,
  ...{ digest: `sha256:${sha256(bytes)}`, size: bytes.length },
});

/** OLD without one member. */
const without = (name: string): Files =>
  Object.fromEntries(Object.entries(OLD).filter(([path]) => path !== name));

describe("writeLayout", () => {
  it("makes an OCI layout of an old engine's archive, layers as they came, whose blobs are what they are called", async () => {
    const { folder, manifest } = await layoutOf(OLD);
    const digest = `sha256:${sha256(CONFIG)}`;
    const mediaType = "application/vnd.oci.image.config.v1+json";
    assert.deepEqual(manifest.config, { mediaType, digest, size: CONFIG.length });
    assert.deepEqual(manifest.layers, [layerOf(ONE), layerOf(TWO), layerOf(ONE)]);
    const blobs = join(folder, "blobs", "sha256");
    for (const name of readdirSync(blobs)) assert.equal(sha256(readFileSync(join(blobs, name))), name);
  });

  it("reads a newer engine's archive too, with packed layers, known by its configuration or by its manifest", async () => {
    const packed = gzipSync(ONE);
    const config = configOf(ONE);
    const own = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] });
    const at = (bytes: string | Buffer): string => `blobs/sha256/${sha256(bytes)}`;
    const files: Files = {
      ...{ [at(packed)]: packed, [at(config)]: config, [at(own)]: own, "index.json": "{}" },
      "manifest.json": listOf(at(config), at(packed)),
    };
    for (const id of [config, own].map((bytes) => `sha256:${sha256(bytes)}`)) {
      const { manifest } = await layoutOf(files, id);
      assert.deepEqual(manifest.layers, [layerOf(packed, "+gzip")]);
    }
  });

  it("keeps to its folder, whatever the members are called", async () => {
    const { folder } = await layoutOf({ "../../outside": "x", "/absolute": "y", ...OLD });
    assert.deepEqual(readdirSync(folder).sort(), ["blobs", "index.json", "oci-layout"]);
    assert.deepEqual(readdirSync(join(folder, "blobs")), ["sha256"]);
    assert.ok(readdirSync(join(folder, "blobs", "sha256")).every((name) => /^[0-9a-f]{64}$/.test(name)));
  });

  const CIRCLE = { ...without("a/layer.tar"), "a/layer.tar": symlink("../c/layer.tar") };
  each<readonly [string, Files, RegExp, string?]>("refuses an archive %s", [
    ["of another image", OLD, /its configuration is sha256:/, `sha256:${"0".repeat(64)}`],
    [
      "with a layer that is not the configuration's",
      { ...OLD, "b/layer.tar": "other" },
      /its layer 1 is sha256:/,
    ],
    ["without one of its layers", without("b/layer.tar"), /there is no b\/layer\.tar/],
    ["without a manifest", without("manifest.json"), /there is no manifest\.json/],
    ["with two images", { ...OLD, "manifest.json": "[{},{}]" }, /it has not one image/],
    ["whose link leads round in a circle", CIRCLE, /there is no a\/layer\.tar/],
  ])((_, files, message, id) =>
    assert.rejects(layoutOf(files, id), { name: "EngineUnreachableError", message }),
  );

  it("refuses an archive that breaks off", async () => {
    const bytes = await tarOf(OLD);
    await assert.rejects(writeLayout(Readable.from([bytes.subarray(0, 2000)]), scratch(), ID));
  });
});

describe("manifestOf", () => {
  const layer = (text: string, start: number[]): Parameters<typeof manifestOf>[1][number] => ({
    digest: `sha256:${sha256(text)}`,
    size: 1,
    start: Buffer.from(start),
  });
  it("says how a layer is packed", () => {
    const layers = [layer("a", [0x1f, 0x8b, 8, 0]), layer("b", [0x28, 0xb5, 0x2f, 0xfd])];
    const manifest = manifestOf({ digest: ID, size: 1 }, layers, ["x", "y"]);
    assert.ok(typeof manifest !== "string");
    const packings = manifest.layers.map(({ mediaType }) => mediaType.split(".tar")[1]);
    assert.deepEqual(packings, ["+gzip", "+zstd"]);
  });
  it("counts the layers", () => {
    const words = "it has 0 layers, and its configuration names 1";
    assert.equal(manifestOf({ digest: ID, size: 1 }, [], ["x"]), words);
  });
});

describe("a build session", () => {
  /** A client with one image, which counts how often it saves it. */
  async function world() {
    const bytes = await tarOf(OLD);
    let saves = 0;
    let failure: Error | null = null;
    const client: DockerClient = {
      ...fakeClient((command) => {
        if (command.startsWith("info")) return INFO;
        return command === `image inspect ${ID}` ? JSON.stringify([{ Id: ID }]) : "[]";
      }, "1.0.0"),
      start: () => {
        saves += 1;
        const done = failure === null ? Promise.resolve({ stdout: "", stderr: "" }) : Promise.reject(failure);
        done.catch(() => undefined);
        return Promise.resolve({ stdout: Readable.from([bytes]), done });
      },
    };
    return { client, saves: () => saves, fail: (error: Error | null) => (failure = error) };
  }
  const bases = [
    { reference: "app/base:1", imageId: ID },
    { reference: "verified-images/base:abc", imageId: ID },
  ];

  it("exports an image once, however many builds and names it has, and removes it in the end", async () => {
    const { client, saves } = await world();
    let folder = "";
    await withBuildSession(client, async (session) => {
      const handed = await Promise.all([session.handIn(bases), session.handIn(bases)]);
      assert.equal(saves(), 1);
      assert.deepEqual(handed[0], handed[1]);
      assert.deepEqual([...handed[0].keys()], ["app/base:1", "verified-images/base:abc"]);
      const path = handed[0].get("app/base:1") ?? "";
      assert.match(path, /^oci-layout:\/\/\/[^@:]*\/[0-9a-f]{64}$/);
      folder = path.slice("oci-layout://".length);
      assert.ok(statSync(join(folder, "index.json")).isFile());
    });
    assert.throws(() => statSync(join(folder, "..")), /ENOENT/);
  });

  it("leaves an image that has gone to the builder if it is named by its digest, and never asks for a name of ours", async () => {
    const { client, saves } = await world();
    const imageId = `sha256:${"0".repeat(64)}`;
    await withBuildSession(client, async (session) => {
      const reference = `debian@sha256:${"1".repeat(64)}`;
      assert.equal((await session.handIn([{ reference, imageId }])).size, 0);
      const ours = session.handIn([{ reference: "verified-images/base:000000000000", imageId }]);
      const words = /^EngineUnreachableError: .*has gone from the engine meanwhile.*verified-images\/base:0/;
      await assert.rejects(ours, words);
    });
    assert.equal(saves(), 0);
  });

  it("removes it after a failure too, passes the failure on, and tries again when asked again", async () => {
    const { client, saves, fail } = await world();
    await withBuildSession(client, async (session) => {
      fail(new Error("save failed"));
      await assert.rejects(session.handIn(bases), /^Error: save failed$/);
      fail(null);
      assert.equal((await session.handIn(bases)).size, 2);
      assert.equal(saves(), 2);
    });
    let folder = "";
    const broken = withBuildSession(client, async (session) => {
      folder = [...(await session.handIn(bases)).values()][0]?.slice("oci-layout://".length) ?? "";
      throw new Error("the build failed");
    });
    await assert.rejects(broken, /the build failed/);
    assert.throws(() => statSync(folder), /ENOENT/);
  });
});
