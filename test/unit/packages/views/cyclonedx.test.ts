import assert from "node:assert/strict";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { cyclonedx } from "../../../../provider/packages/views/cyclonedx";
import { makeLock } from "../../../../provider/packages/lock/make";
import { spdx } from "../../../../provider/packages/views/spdx";
import { lockOf, packagesOf } from "../in-short";
import { fileLock, sampleLock, sampleSubject } from "./sample";

interface Component {
  name: string;
  "bom-ref": string;
  purl?: string;
  scope?: string;
  hashes?: { alg: string; content: string }[];
}

const componentsOf = (document: unknown): Component[] => (document as { components: Component[] }).components;

async function problemsOf(document: unknown): Promise<unknown> {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  return await validator.validate(JSON.stringify(document));
}

describe("cyclonedx", () => {
  for (const [name, lock] of [
    ["packages of every kind", sampleLock()],
    ["files only", fileLock()],
    ["nothing", lockOf()],
  ] as const) {
    it(`is valid CycloneDX 1.6 by the format's own schema: ${name}`, async () => {
      assert.equal(await problemsOf(cyclonedx(lock, sampleSubject())), null);
    });
  }

  it("would be found out by that schema", async () => {
    assert.notEqual(await problemsOf({ ...cyclonedx(sampleLock(), sampleSubject()), version: "one" }), null);
  });

  it("names every package once, by a package URL where there is one", () => {
    const components = componentsOf(cyclonedx(sampleLock(), sampleSubject()));
    assert.equal(components.length, 10);
    assert.equal(new Set(components.map((item) => item["bom-ref"])).size, 10);
    const urls = Object.fromEntries(components.map(({ name, purl }) => [name, purl]));
    const expected = {
      "libstdc++6": "pkg:deb/debian/libstdc%2B%2B6@1:12.2.0-14%2Bdeb12u1",
      libc6: "pkg:deb/debian/libc6@2.36-9?arch=i386",
      idna: "pkg:pypi/idna@3.10",
      "@scope/left-pad": "pkg:npm/%40scope/left-pad@1.3.0",
      nokogiri: "pkg:gem/nokogiri@1.16.0?platform=x86_64-linux",
      python: "pkg:conda/python@3.11.5?build=h955ad1f_0",
    };
    assert.deepEqual({ ...urls, ...expected }, urls);
  });

  it("gives system packages no package URL when nothing tells the distribution", () => {
    const lock = { ...sampleLock(), bases: [], sources: [] };
    const plain = lock.packages.map((item) => ({ ...item, version: "1.0" }));
    const components = componentsOf(cyclonedx({ ...lock, packages: plain }, sampleSubject()));
    assert.equal(components.find(({ name }) => name === "libc6")?.purl, undefined);
    assert.equal(components.find(({ name }) => name === "six")?.purl, "pkg:pypi/six@1.0");
  });

  it("keeps the epoch of an rpm package apart, as package URLs want it", () => {
    const bases = [{ reference: "fedora:40", digest: `sha256:${"1".repeat(64)}` }];
    const packages = packagesOf("rpm:vim:i686@2:9.1-1.fc40");
    const lock = makeLock({ bases, packages, sources: [], unpinned: [] });
    const [vim] = componentsOf(cyclonedx(lock, sampleSubject()));
    assert.equal(vim?.purl, "pkg:rpm/fedora/vim@9.1-1.fc40?arch=i686&epoch=2");
  });

  it("has packages of a build stage as excluded, and hashes in hexadecimal", () => {
    const components = componentsOf(cyclonedx(sampleLock(), sampleSubject()));
    const excluded = components.filter(({ scope }) => scope === "excluded").map(({ name }) => name);
    assert.deepEqual(excluded, ["gcc"]);
    const [hash] = components.find(({ name }) => name === "@scope/left-pad")?.hashes ?? [];
    assert.deepEqual(hash, { alg: "SHA-512", content: "07".repeat(64) });
  });

  it("has transient packages as excluded, and the hash of a .deb", () => {
    const lock = lockOf(`dpkg:gcc@1 #sha256:${"a1".repeat(32)} gone`);
    const [gcc] = componentsOf(cyclonedx(lock, sampleSubject()));
    assert.equal(gcc?.scope, "excluded");
    assert.deepEqual(gcc?.hashes, [{ alg: "SHA-256", content: "a1".repeat(32) }]);
    const text = JSON.stringify(spdx(lock, sampleSubject()));
    assert.match(text, /in the build only \(removed again\)/);
    assert.match(text, /"spdxElementId":"SPDXRef-Package-1","relationshipType":"BUILD_DEPENDENCY_OF"/);
  });
});
