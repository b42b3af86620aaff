import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { Archive } from "../../support/archive";
import { startAptArchive } from "../../support/apt-archive";
import type { ArchiveOptions } from "../../support/archive-host";
import { compareVersions, startNpmRegistry } from "../../support/npm-registry";
import { startPipIndex } from "../../support/pip-index";

const LOOPBACK = { address: "127.0.0.1" };

async function body(url: string, status = 200): Promise<Buffer> {
  const response = await fetch(url);
  assert.equal(response.status, status, url);
  return Buffer.from(await response.arrayBuffer());
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const kinds: {
  kind: string;
  start: (options: ArchiveOptions) => Promise<Archive>;
  index: string;
  download: (file: string) => string;
}[] = [
  {
    kind: "apt",
    start: startAptArchive,
    index: "/dists/stable/main/binary-amd64/Packages",
    download: (file) => `/${file}`,
  },
  { kind: "pip", start: startPipIndex, index: "/simple/own-tool/", download: (file) => `/files/${file}` },
  { kind: "npm", start: startNpmRegistry, index: "/own-tool", download: (file) => `/${file}` },
];

for (const { kind, start, index, download } of kinds) {
  describe(`${kind} archive`, () => {
    let archive: Archive;
    beforeEach(async () => (archive = await start(LOOPBACK)));
    afterEach(() => archive.close());

    it("serves several versions of one package side by side, and forgets a withdrawn one", async () => {
      const old = await archive.publish({ name: "own-tool", version: "1.0.0" });
      const recent = await archive.publish({ name: "own-tool", version: "1.1.0" });
      for (const { file, sha256: hash } of [old, recent]) {
        assert.equal(sha256(await body(archive.url + download(file))), hash);
        assert.ok((await body(archive.url + index)).includes(file));
      }
      archive.withdraw("own-tool", "1.0.0");
      await body(archive.url + download(old.file), 404);
      assert.ok(!(await body(archive.url + index)).includes(old.file));
      assert.throws(() => archive.withdraw("own-tool", "1.0.0"), /own-tool 1\.0\.0 is not published/);
    });

    it("replaces the bytes of a version that is published again", async () => {
      const first = await archive.publish({ name: "own-tool", version: "1.0.0", content: "one" });
      const second = await archive.publish({ name: "own-tool", version: "1.0.0", content: "two" });
      assert.equal(first.file, second.file);
      assert.notEqual(first.sha256, second.sha256);
      assert.equal(sha256(await body(archive.url + download(second.file))), second.sha256);
      const again = await archive.publish({ name: "own-tool", version: "1.0.0", content: "two" });
      assert.equal(again.sha256, second.sha256, "the same package has the same bytes");
    });

    it("has the newer version in its index by the time the client holds the older one, once", async () => {
      const old = await archive.publish({ name: "own-tool", version: "1.0.0" });
      let calls = 0;
      const hook = archive.onceDownloaded("own-tool", async () => {
        calls += 1;
        await archive.publish({ name: "own-tool", version: "1.1.0" });
      });
      await body(archive.url + index);
      await fetch(archive.url + download(old.file), { method: "HEAD" });
      assert.equal(hook.fired, false);
      for (let time = 0; time < 2; time += 1)
        assert.equal(sha256(await body(archive.url + download(old.file))), old.sha256);
      assert.deepEqual({ ...hook }, { name: "own-tool", fired: true, version: "1.0.0" });
      assert.equal(calls, 1);
      assert.ok((await body(archive.url + index)).includes("1.1.0"));
    });

    it("answers 500 when a callback throws, and throws it again on close", async () => {
      const failing = await start(LOOPBACK);
      const { file } = await failing.publish({ name: "own-tool", version: "1.0.0" });
      failing.onceDownloaded("own-tool", () => Promise.reject(new Error("no more disk")));
      await body(failing.url + download(file), 500);
      await assert.rejects(failing.close(), /no more disk/);
    });

    it("answers only what is published, logs every request, and refuses bad paths", async () => {
      for (const path of ["/__proto__", "/constructor", "/simple/__proto__/", "/..%2f..%2fetc/passwd"])
        await body(archive.url + path, 404);
      await body(`${archive.url}/%E0%A4%A`, 400);
      assert.equal((await fetch(`${archive.url}/x`, { method: "POST", body: "x" })).status, 405);
      assert.deepEqual(
        archive.requests.map(({ status }) => status),
        [404, 404, 404, 404, 400, 405],
      );
      assert.equal(archive.requests[5]?.method, "POST");
    });

    it("refuses names and versions that are none", async () => {
      for (const name of ["", "../up", "a\nb", "__proto__ "]) {
        await assert.rejects(async () => archive.publish({ name, version: "1.0.0" }), /not a package name/);
      }
      await assert.rejects(
        async () => archive.publish({ name: "own-tool", version: "1.0\nX: y" }),
        /not a version/,
      );
    });

    it("takes no more connections once closed", async () => {
      const { url } = archive;
      await archive.close();
      await archive.close();
      await assert.rejects(fetch(url));
    });
  });
}

describe("apt archive's Release", () => {
  it("names the sha256 and size of every index it serves", async () => {
    const apt = await startAptArchive(LOOPBACK);
    await apt.publish({
      name: "own-tool",
      version: "1:1.0-1",
      depends: ["own-lib (>= 1)"],
      architecture: "amd64",
    });
    const release = (await body(`${apt.url}/dists/stable/Release`)).toString();
    const entries = [...release.matchAll(/^ ([0-9a-f]{64}) (\d+) (\S+)$/gm)];
    assert.equal(entries.length, 4);
    for (const [, hash, size, path] of entries) {
      const bytes = await body(`${apt.url}/dists/stable/${path}`);
      assert.deepEqual([sha256(bytes), bytes.length], [hash, Number(size)]);
    }
    const amd64 = gunzipSync(await body(`${apt.url}/dists/stable/main/binary-amd64/Packages.gz`)).toString();
    assert.match(
      amd64,
      /^Version: 1:1\.0-1$[^]*^Depends: own-lib \(>= 1\)$[^]*^Filename: pool\/main\/own-tool\/own-tool_1\.0-1_amd64\.deb$/m,
    );
    await apt.publish({ name: "own-lib", version: "1" });
    const arm64 = (await body(`${apt.url}/dists/stable/main/binary-arm64/Packages`)).toString();
    assert.match(arm64, /^Package: own-lib\nVersion: 1\nArchitecture: all\n/);
    assert.doesNotMatch(arm64, /Depends|own-tool/);
    await apt.close();
  });
});

describe("npm registry", () => {
  it("points latest at the highest version by number, whatever came last", async () => {
    const npm = await startNpmRegistry(LOOPBACK);
    for (const version of ["1.10.0", "1.9.0"])
      await npm.publish({ name: "@own/lib", version, dependencies: { "own-tool": "^1.0.0" } });
    const packument = JSON.parse((await body(`${npm.url}/@own%2flib`)).toString()) as {
      "dist-tags": { latest: string };
      versions: Record<string, { dependencies: unknown; dist: { tarball: string; integrity: string } }>;
    };
    assert.equal(packument["dist-tags"].latest, "1.10.0");
    const { dependencies, dist } = packument.versions["1.9.0"] ?? assert.fail();
    assert.deepEqual(dependencies, { "own-tool": "^1.0.0" });
    assert.equal(
      dist.integrity,
      `sha512-${createHash("sha512")
        .update(await body(dist.tarball))
        .digest("base64")}`,
    );
    await npm.close();
  });

  it("orders versions by number", () => {
    const versions = ["1.10.0", "1.9.9", "0.10.2", "1.9.10"].sort(compareVersions);
    assert.equal(versions.join(" "), "0.10.2 1.9.9 1.9.10 1.10.0");
    assert.equal(compareVersions("1.2.3", "1.2.3"), 0);
  });
});

describe("pip index", () => {
  it("finds a project by its normalised name and gives each file's hash", async () => {
    const pip = await startPipIndex(LOOPBACK);
    const { name, file, sha256: hash } = await pip.publish({ name: "Own.Tool", version: "1.0" });
    assert.deepEqual([name, file], ["own-tool", "own_tool-1.0-py3-none-any.whl"]);
    assert.ok((await body(`${pip.url}/simple/own-tool/`)).includes(`/files/${file}#sha256=${hash}`));
    pip.withdraw("own_tool", "1.0");
    await body(`${pip.url}/simple/own-tool/`, 404);
    await pip.close();
  });
});
