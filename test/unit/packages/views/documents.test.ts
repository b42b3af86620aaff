import assert from "node:assert/strict";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { makeLock } from "../../../../provider/packages/lock/make";
import { fromIntegrity } from "../../../../provider/packages/views/checksum";
import { cyclonedx } from "../../../../provider/packages/views/cyclonedx";
import { spdx, spdxTime } from "../../../../provider/packages/views/spdx";
import { each } from "../../../support/each";
import { lockOf, packagesOf } from "../in-short";
import { fileLock, sampleLock, sampleSubject } from "./sample";

interface Component {
  name: string;
  "bom-ref": string;
  purl?: string;
  scope?: string;
  hashes?: { alg: string; content: string }[];
}
const componentsOf = (lock: ReturnType<typeof lockOf>): Component[] =>
  (cyclonedx(lock, sampleSubject()) as { components: Component[] }).components;

async function problemsOf(document: unknown): Promise<unknown> {
  return await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(document));
}

describe("cyclonedx", () => {
  each("is valid CycloneDX 1.6 by the format's own schema: %s", [
    ["packages of every kind", sampleLock()],
    ["files only", fileLock()],
    ["nothing", lockOf()],
  ])(async (_, lock) => assert.equal(await problemsOf(cyclonedx(lock, sampleSubject())), null));

  it("would be found out by that schema", async () =>
    assert.notEqual(await problemsOf({ ...cyclonedx(sampleLock(), sampleSubject()), version: "one" }), null));

  it("names every package once, by a package URL where there is one", () => {
    const components = componentsOf(sampleLock());
    assert.deepEqual([components.length, new Set(components.map((item) => item["bom-ref"])).size], [10, 10]);
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
    const packages = lock.packages.map((item) => ({ ...item, version: "1.0" }));
    const components = componentsOf({ ...lock, packages });
    const urls = Object.fromEntries(components.map(({ name, purl }) => [name, purl]));
    assert.deepEqual([urls.libc6, urls.six], [undefined, "pkg:pypi/six@1.0"]);
  });

  it("keeps the epoch of an rpm package apart, as package URLs want it", () => {
    const bases = [{ reference: "fedora:40", digest: `sha256:${"1".repeat(64)}` }];
    const packages = packagesOf("rpm:vim:i686@2:9.1-1.fc40");
    const [vim] = componentsOf(makeLock({ bases, packages, sources: [], unpinned: [] }));
    assert.equal(vim?.purl, "pkg:rpm/fedora/vim@9.1-1.fc40?arch=i686&epoch=2");
  });

  it("names the modules of programs, and what is not captured", () => {
    const nix = "not captured: Nix store (/nix/store)";
    const modules = lockOf(
      ...["go:stdlib@go1.22.3 in /bin/x", "go:github.com/BurntSushi/toml@v1.4.0 in /bin/x #h1:a="],
      "cargo:itoa@1.0.11 in /y",
    );
    const urls = componentsOf(modules).map(({ purl }) => purl?.slice("pkg:".length));
    assert.deepEqual(urls, [
      "cargo/itoa@1.0.11",
      "golang/github.com/burntsushi/toml@v1.4.0",
      "golang/stdlib@1.22.3",
    ]);
    for (const view of [cyclonedx, spdx])
      assert.ok(JSON.stringify(view({ ...modules, notCaptured: [nix] }, sampleSubject())).includes(nix));
  });

  it("has packages of a build stage as excluded, and hashes in hexadecimal", () => {
    const components = componentsOf(sampleLock());
    const excluded = components.filter(({ scope }) => scope === "excluded").map(({ name }) => name);
    const hashes = components.find(({ name }) => name === "@scope/left-pad")?.hashes;
    assert.deepEqual([excluded, hashes], [["gcc"], [{ alg: "SHA-512", content: "07".repeat(64) }]]);
  });

  it("has transient packages as excluded, and the hash of a .deb", () => {
    const lock = lockOf(`dpkg:gcc@1 #sha256:${"a1".repeat(32)} gone`);
    const [gcc] = componentsOf(lock);
    const hashes = [{ alg: "SHA-256", content: "a1".repeat(32) }];
    assert.deepEqual([gcc?.scope, gcc?.hashes], ["excluded", hashes]);
    const text = JSON.stringify(spdx(lock, sampleSubject()));
    assert.match(text, /in the build only \(removed again\)/);
    assert.match(text, /"spdxElementId":"SPDXRef-Package-1","relationshipType":"BUILD_DEPENDENCY_OF"/);
  });
});

describe("hashes and times of views", () => {
  it("takes the strongest hash of an integrity string, and none that it does not know", () => {
    const sha512 = `sha512-${Buffer.alloc(64, 1).toString("base64")}`;
    const sha1 = `sha1-${Buffer.alloc(20, 2).toString("base64")}`;
    assert.deepEqual(fromIntegrity(`${sha512} ${sha1}`), { algorithm: "SHA-512", hex: "01".repeat(64) });
    assert.deepEqual(fromIntegrity(sha1), { algorithm: "SHA-1", hex: "02".repeat(20) });
    assert.equal(fromIntegrity("md5-AAAA"), null);
  });

  it("writes a build's timestamp as SPDX does", () =>
    assert.equal(spdxTime("20261121T165751089Z-2"), "2026-11-21T16:57:51Z"));
});
