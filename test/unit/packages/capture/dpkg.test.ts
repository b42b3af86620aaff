import assert from "node:assert/strict";
import { brief, captureOf, DIRECTORY, problemsOf, stanza } from "./archive-builder";

const STATUS = "var/lib/dpkg/status";
const DEBIAN = ["etc/os-release", 'PRETTY_NAME="Debian"\nID=debian\n'] as const;

describe("the dpkg detector", () => {
  it("finds installed packages with epochs, and leaves out what is gone", async () => {
    const capture = await captureOf([
      DEBIAN,
      [
        STATUS,
        stanza("zlib1g", "1:1.2.13.dfsg-1") +
          stanza("gone", "1", "amd64", "deinstall ok config-files") +
          "Package: never\nStatus: unknown ok not-installed\n\n" +
          stanza("base-files", "12.4+deb12u5", "all"),
      ],
    ]);
    assert.deepEqual(brief(capture), ["dpkg:base-files@12.4+deb12u5", "dpkg:zlib1g@1:1.2.13.dfsg-1"]);
    assert.deepEqual(capture.detectors["dpkg"], { state: "found", count: 2 });
    assert.equal(capture.distribution, "debian");
  });

  it("keeps packages whose files are there although a run was not finished", async () => {
    const states = ["half-installed", "unpacked", "half-configured", "triggers-awaited", "triggers-pending"];
    const capture = await captureOf([
      [STATUS, states.map((state) => stanza(state, "1", "all", `install ok ${state}`)).join("")],
    ]);
    assert.equal(capture.packages.length, states.length);
  });

  it("names an architecture only where it is foreign: not the one of dpkg itself, nor all", async () => {
    const capture = await captureOf([
      [
        STATUS,
        stanza("dpkg", "1.21.22", "arm64") +
          stanza("libc6", "2.36-9", "amd64") +
          stanza("libc6", "2.36-9", "arm64") +
          stanza("libgcc-s1", "12.2.0-14", "amd64") +
          stanza("tzdata", "2024a", "all"),
      ],
    ]);
    assert.deepEqual(brief(capture), [
      "dpkg:dpkg@1.21.22",
      "dpkg:libc6@2.36-9",
      "dpkg:libc6:amd64@2.36-9",
      "dpkg:libgcc-s1:amd64@12.2.0-14",
      "dpkg:tzdata@2024a",
    ]);
  });

  it("takes the most common architecture for the image's own where dpkg is not installed", async () => {
    const capture = await captureOf([
      DEBIAN,
      ["var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12\nArchitecture: amd64"],
      ["var/lib/dpkg/status.d/libc6", "Package: libc6\nVersion: 2.36\nArchitecture: amd64\n"],
      ["var/lib/dpkg/status.d/libc6.md5sums", "d41d8cd98f00b204e9800998ecf8427e  lib/libc.so"],
      ["var/lib/dpkg/status.d/foreign", "Package: libx\nVersion: 1\nArchitecture: i386\n"],
      ["var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2024a\nArchitecture: all\n"],
    ]);
    assert.deepEqual(brief(capture), [
      "dpkg:base-files@12",
      "dpkg:libc6@2.36",
      "dpkg:libx:i386@1",
      "dpkg:tzdata@2024a",
    ]);
  });

  it("fails by name for a damaged status file", async () => {
    const good = stanza("bash", "5.2");
    const damaged: [string, string | Buffer, RegExp][] = [
      ["cut inside a line", good + stanza("zlib1g", "1.2.13").slice(0, 70), /is cut/],
      [
        "cut before the version",
        `${good}Package: x\nStatus: install ok installed\n`,
        /the stanza of x has no Version/,
      ],
      ["no package", `${good}Status: install ok installed\nVersion: 1\n\n`, /a stanza has no Package/],
      ["no status", `${good}Package: x\nVersion: 1\n\n`, /the stanza of x has no Status/],
      ["unknown status", stanza("x", "1", "amd64", "install ok fine"), /unknown Status: "install ok fine"/],
      ["short status", stanza("x", "1", "amd64", "installed"), /unknown Status/],
      ["prototype name", stanza("__proto__", "1"), /impossible package: "__proto__"/],
      ["blank in version", stanza("x", "1 2"), /impossible version: "1 2"/],
      ["not UTF-8", Buffer.from(stanza("x", "1\xff"), "latin1"), /not UTF-8/],
      ["zeros", Buffer.alloc(300), /./],
    ];
    for (const [what, content, expected] of damaged) {
      const problems = await problemsOf([DEBIAN, [STATUS, content]]);
      assert.match(problems, /^dpkg can't say what is installed: "\/var\/lib\/dpkg\/status" /, what);
      assert.match(problems, expected, what);
    }
    assert.match(
      await problemsOf([["var/lib/dpkg/status.d/x", "Package: x\n"]]),
      /^dpkg .*status\.d\/x.* no Version/,
    );
    assert.match(await problemsOf([["var/lib/dpkg/status.d/x", ""]]), /^dpkg .*status\.d\/x.* has no stanza/);
  });

  it("fails where a Debian-like image has no package", async () => {
    assert.match(await problemsOf([DEBIAN]), /^dpkg .*neither "\/var\/lib\/dpkg\/status" nor.*says debian/);
    assert.match(await problemsOf([DEBIAN, [STATUS, ""]]), /^dpkg .*lists no installed package/);
    assert.match(
      await problemsOf([["etc/os-release", "ID=mint\nID_LIKE='ubuntu debian'\n"]]),
      /^dpkg .*says mint/,
    );
    assert.match(await problemsOf([[STATUS, "\n"]]), /^dpkg .*lists no installed package/);
    assert.match(await problemsOf([["var/lib/dpkg", DIRECTORY]]), /^dpkg .*neither a status file/);
  });

  it("is absent where there is no Debian, also where dpkg is a mere tool", async () => {
    const fedora = ["usr/lib/os-release", "ID=fedora\n"] as const;
    for (const files of [
      [],
      [fedora],
      [fedora, ["var/lib/dpkg", DIRECTORY] as const, [STATUS, ""] as const],
    ]) {
      const capture = await captureOf(files);
      assert.deepEqual(capture.detectors["dpkg"], { state: "absent" });
    }
  });

  it("reads os-release through its usual link, and /etc before /usr/lib", async () => {
    const link = ["etc/os-release", { symlink: "../usr/lib/os-release" }] as const;
    const linked = await captureOf([link, ["usr/lib/os-release", 'ID="alpine"\n']]);
    assert.equal(linked.distribution, "alpine");
    const both = await captureOf([
      ["etc/os-release", "ID=a\n"],
      ["usr/lib/os-release", "ID=b\n"],
    ]);
    assert.equal(both.distribution, "a");
    assert.match(await problemsOf([link]), /^os-release can't say .*symbolic link/);
    assert.equal((await captureOf([["etc/os-release", "NAME=x\n"]])).distribution, null);
  });
});
