import assert from "node:assert/strict";
import { configOfBuilt, digestsOf, sameImage } from "../../../provider/engines/image-digests";
import { id } from "../store/scratch";

const [CONFIG, MANIFEST, INDEX, OTHER] = [id("c"), id("d"), id("e"), id("f")];
const GRAPH = { imageStore: "overlay2" };
const CONTAINERD = { imageStore: "containerd's overlayfs" };

const onGraph = (pulled: string[] = []) =>
  digestsOf({ id: CONFIG, repoDigests: pulled.map((digest) => `r.io/team/web@${digest}`) }, GRAPH);
const onContainerd = digestsOf({ id: MANIFEST }, CONTAINERD);

describe("what an image is known by", () => {
  it("is its configuration with a graph driver, and the manifests by which it was pulled", () => {
    assert.deepEqual(onGraph([MANIFEST, "<none>"]), { id: CONFIG, config: CONFIG, registry: [MANIFEST] });
  });

  it("is its manifest or index with containerd's store, whatever came with the image", () => {
    const claimed = { id: MANIFEST, notedConfig: CONFIG, repoDigests: [`r.io/team/web@${INDEX}`] };
    assert.deepEqual(digestsOf(claimed, CONTAINERD), { id: MANIFEST, config: null, registry: [MANIFEST] });
  });

  it("is not known of an engine that does not name its store", () => {
    assert.deepEqual(digestsOf({ id: CONFIG }, {}), { id: CONFIG, config: null, registry: [] });
    assert.equal(configOfBuilt({ id: CONFIG, notedConfig: CONFIG }, {}), null);
  });

  it("has, once it was built, the configuration that containerd's store notes", () => {
    assert.equal(configOfBuilt({ id: MANIFEST, notedConfig: CONFIG }, CONTAINERD), CONFIG);
    assert.equal(configOfBuilt({ id: MANIFEST }, CONTAINERD), null);
    assert.equal(configOfBuilt({ id: CONFIG }, GRAPH), CONFIG);
  });
});

describe("two images", () => {
  const built = { ...onContainerd, config: CONFIG };
  const other = { ...onContainerd, id: OTHER, registry: [OTHER] };

  it("are the same where one digest of both is, of whatever kind", () => {
    assert.equal(sameImage(onGraph(), built), "same");
    assert.equal(sameImage(onGraph([MANIFEST]), onContainerd), "same");
    assert.equal(sameImage({ id: MANIFEST, config: null, registry: [] }, built), "same");
  });

  it("are different where digests of one kind are", () => {
    assert.equal(sameImage(onContainerd, other), "different");
    assert.equal(sameImage(onGraph(), { ...other, config: OTHER }), "different");
  });

  it("can't be told where one is known by its manifest only, and the other by its configuration only", () => {
    assert.equal(sameImage(onGraph(), onContainerd), "can't tell");
    assert.equal(sameImage(onContainerd, onGraph()), "can't tell");
  });
});
