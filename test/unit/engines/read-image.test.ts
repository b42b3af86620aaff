import assert from "node:assert/strict";
import { imageFacts } from "../../../provider/engines/docker/inspect";
import { exactName } from "../../../provider/engines/docker/read-image";

const ID = `sha256:${"1".repeat(64)}`;
const MANIFEST = { mediaType: "application/vnd.oci.image.manifest.v1+json" };
const INDEX = { mediaType: "application/vnd.oci.image.index.v1+json" };

describe("the name by which a builder takes exactly one image", () => {
  const named = (more: object): string | null =>
    exactName(imageFacts({ Id: ID, RepoTags: ["127.0.0.1:5000/web:1"], Descriptor: MANIFEST, ...more }));

  it("has a tag, and the ID where that is the digest of the manifest", () => {
    assert.equal(named({}), `127.0.0.1:5000/web:1@${ID}`);
    const docker = "application/vnd.docker.distribution.manifest.v2+json";
    assert.equal(named({ Descriptor: { mediaType: docker } }), `127.0.0.1:5000/web:1@${ID}`);
  });

  it("is none with a graph driver, for an index, without a tag, and with triggers, which the builder would run", () => {
    for (const more of [
      { Descriptor: null },
      { Descriptor: INDEX },
      { RepoTags: null },
      { Config: { OnBuild: ["RUN touch /x"] } },
    ])
      assert.equal(named(more), null, JSON.stringify(more));
  });
});
