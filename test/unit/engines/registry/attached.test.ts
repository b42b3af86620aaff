import assert from "node:assert/strict";
import type { Digest } from "../../../../provider/base/reference/types";
import { MOST, type Descriptor } from "../../../../provider/engines/registry/attached/attached";
import { broughtWords, counted, leftBehindWords } from "../../../../provider/engines/registry/attached/count";
import type { Brought } from "../../../../provider/engines/registry/attached/count";
import { findAttached } from "../../../../provider/engines/registry/attached/find";
import { cosignTags, referrersTag } from "../../../../provider/engines/registry/attached/names";
import * as reading from "../../../../provider/engines/registry/attached/read";
import type { RepositoryReader } from "../../../../provider/engines/registry/attached/reader";
import { digestOf } from "../../../../provider/engines/registry/manifest";
import { parseDigest } from "../../../../provider/base/reference/digest";
import { id } from "../../store/scratch";

const NONE: Brought = {
  ...{ repository: "r.io/a", signatures: 0, attestations: 0, sboms: 0, referrers: 0, there: 0 },
  ...{ kept: [], unasked: null },
};

describe("the tags of what belongs to a manifest", () => {
  it("are cosign's, and the one of the OCI distribution spec, which is cut", () => {
    const hex = "ab".repeat(32);
    const tags = cosignTags(id("a")).map(({ tag }) => tag.replace(/[0-9a-f]{64}/, ""));
    assert.deepEqual(tags, ["sha256-.sig", "sha256-.att", "sha256-.sbom"]);
    assert.equal(referrersTag(parseDigest(`sha256:${hex}`)), `sha256-${hex}`);
    assert.equal(referrersTag(parseDigest(`sha512:${hex}${hex}`)), `sha512-${hex}`);
  });
});

describe("what came along, in words", () => {
  it("counts each kind, one and many, and leaves out what is not there", () => {
    let brought = counted(counted(NONE, "signature", 2), "attestation", 1);
    assert.equal(broughtWords([brought]), "2 signatures and 1 attestation came along");
    brought = counted(counted(brought, "sbom", 1), "referrer", 3);
    assert.equal(broughtWords([brought]), "2 signatures, 1 attestation, 1 SBOM and 3 referrers came along");
    assert.equal(broughtWords([NONE]), null);
    assert.equal(broughtWords([]), null);
  });

  it("names each repository where there are several", () => {
    const other = counted({ ...NONE, repository: "r.io/b" }, "referrer", 1);
    const both = broughtWords([counted(NONE, "signature", 1), other]);
    assert.equal(both, "1 signature came along to r.io/a; 1 referrer came along to r.io/b");
    assert.equal(broughtWords([NONE, other]), "1 referrer came along to r.io/b");
  });

  it("names what was kept, and once why nobody could look", () => {
    const one = { ...NONE, kept: ["sha256-ab.sig"], unasked: "not asked" };
    assert.deepEqual(leftBehindWords([one, { ...NONE, unasked: "not asked" }]), [
      "r.io/a:sha256-ab.sig stands for something else than at the source and stays so: what the source has there did not come along",
      "not asked",
    ]);
  });
});

const descriptor = (digest: Digest, more: Partial<Descriptor> = {}): Descriptor => ({
  ...{ mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 7 },
  ...more,
});

describe("a list of referrers", () => {
  it("gets what it lacks and keeps what it has, unknown fields too", () => {
    const manifests = [{ ...descriptor(id("a")), data: "x" }];
    const there = { schemaVersion: 2, mediaType: "m", manifests, more: 1 };
    const text = reading.withReferrers(
      JSON.stringify(there),
      [descriptor(id("a")), descriptor(id("b"))],
      "r.io/a:t",
    );
    assert.deepEqual(JSON.parse(text ?? ""), { ...there, manifests: [...manifests, descriptor(id("b"))] });
    assert.equal(reading.withReferrers(text, [descriptor(id("b"))], "r.io/a:t"), null);
  });

  it("is made in the order in which skopeo writes it", () =>
    assert.equal(
      reading.withReferrers(null, [descriptor(id("a"))], "r.io/a:t"),
      `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[` +
        `{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"${id("a")}","size":7}]}`,
    ));

  it("is not put in the place of something else, nor read from it", () => {
    const image = JSON.stringify({ schemaVersion: 2, config: {} });
    assert.equal(reading.readReferrers(image, "r.io/a:t"), null);
    assert.throws(
      () => reading.withReferrers(image, [descriptor(id("a"))], "r.io/a:t"),
      /stands for something else/,
    );
    assert.throws(
      () => reading.readReferrers('{"manifests":[],"Manifests":[]}', "r.io/a:t"),
      /in different ways/,
    );
  });
});

describe("a manifest that belongs to something", () => {
  it("says to what, how much it is, and how a list names it", () => {
    const text = JSON.stringify({
      ...{ schemaVersion: 2, config: { mediaType: "c/c", digest: id("c"), size: 2 } },
      ...{ layers: [{ digest: id("d"), size: 40 }], subject: { digest: id("a"), size: 1 } },
      annotations: { Case: "1", case: "2" },
    });
    const own = digestOf(text);
    const { subject, bytes, layers, descriptor: named } = reading.readAttached(text, own, "x");
    assert.deepEqual([subject, bytes, layers], [id("a"), 42, 1]);
    assert.deepEqual(named, {
      ...descriptor(own, { size: text.length, artifactType: "c/c" }),
      annotations: { Case: "1", case: "2" },
    });
  });

  it("is refused when it is none, or when programs read it in different ways", () => {
    assert.throws(() => reading.readAttached("<html>", id("a"), "x"), /can't be read as a manifest/);
    assert.throws(
      () => reading.readAttached('{"subject":null,"Subject":null}', id("a"), "x"),
      /in different ways/,
    );
  });
});

/** A repository of manifests that refer to the one with digest `a`. */
function manyReferrers(count: number): RepositoryReader {
  const texts = new Map<string, string>([[id("a"), "{}"]]);
  for (let number = 0; number < count; number++) {
    const text = JSON.stringify({ number, subject: { digest: id("a"), size: 1 } });
    texts.set(digestOf(text), text);
  }
  const referrers = [...texts.keys()].slice(1).map(parseDigest);
  return {
    repository: "r.io/a",
    tags: () => Promise.resolve(new Set()),
    manifest: (name) => {
      const text = texts.get(name);
      return Promise.resolve(text === undefined ? null : { text, digest: parseDigest(name) });
    },
    referrers: (digest) => Promise.resolve(digest === id("a") ? referrers : []),
    unasked: () => null,
  };
}

describe("what belongs to an image", () => {
  const image = { repository: "r.io/a", digest: id("a") };

  it("is found up to a limit, beyond which nothing is promoted", async () => {
    assert.equal((await findAttached(manyReferrers(MOST - 1), image)).items.length, MOST - 1);
    const words =
      /more than 1000 manifests belong to r\.io\/a@sha256:.*which is more than a promotion copies/;
    await assert.rejects(findAttached(manyReferrers(MOST + 1), image), words);
  });

  it("ends where manifests refer to each other in a circle", async () => {
    const reader = manyReferrers(1);
    const [only] = (await findAttached(reader, image)).items;
    const circular = { ...reader, referrers: () => Promise.resolve(only === undefined ? [] : [only.digest]) };
    assert.equal((await findAttached(circular, image)).items.length, 1);
  });
});
