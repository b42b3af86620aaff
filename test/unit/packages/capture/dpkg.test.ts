import assert from "node:assert/strict";
import { dpkgDetector } from "../../../../provider/packages/capture/dpkg/detector";
import {
  answerOf,
  captureOf,
  DIRECTORY,
  type Files,
  notUtf8,
  problemsOf,
  stanza,
  symlink,
} from "./archive-builder";
import { itReads } from "./database-file";

const STATUS = "var/lib/dpkg/status";
const DEBIAN = { "etc/os-release": 'PRETTY_NAME="Debian"\nID=debian\n' };
const FEDORA = { "usr/lib/os-release": "ID=fedora\n" };
const BASH = stanza("bash", "5.2");
const WHOLE = BASH + stanza("dpkg", "1.21");

describe("the dpkg detector", () => {
  const found: [claim: string, files: Files, expected: string[]][] = [
    [
      "finds installed packages with epochs, and leaves out what is gone",
      {
        ...DEBIAN,
        [STATUS]:
          stanza("zlib1g", "1:1.2.13.dfsg-1") +
          stanza("gone", "1", "amd64", "deinstall ok config-files") +
          "Package: never\nStatus: unknown ok not-installed\n\n" +
          stanza("base-files", "12.4+deb12u5", "all"),
      },
      ["dpkg:base-files@12.4+deb12u5", "dpkg:zlib1g@1:1.2.13.dfsg-1"],
    ],
    [
      "keeps packages whose files are there although a run was not finished",
      {
        [STATUS]: ["half-installed", "unpacked", "half-configured", "triggers-awaited", "triggers-pending"]
          .map((state) => stanza(state, "1", "all", `install ok ${state}`))
          .join(""),
      },
      [
        "dpkg:half-configured@1",
        "dpkg:half-installed@1",
        "dpkg:triggers-awaited@1",
        "dpkg:triggers-pending@1",
        "dpkg:unpacked@1",
      ],
    ],
    [
      "names an architecture only where it is foreign: not the one of dpkg itself, nor all",
      {
        [STATUS]:
          stanza("dpkg", "1.21.22", "arm64") +
          stanza("libc6", "2.36-9", "amd64") +
          stanza("libc6", "2.36-9", "arm64") +
          stanza("libgcc-s1", "12.2.0-14", "amd64") +
          stanza("tzdata", "2024a", "all"),
      },
      [
        "dpkg:dpkg@1.21.22",
        "dpkg:libc6@2.36-9",
        "dpkg:libc6:amd64@2.36-9",
        "dpkg:libgcc-s1:amd64@12.2.0-14",
        "dpkg:tzdata@2024a",
      ],
    ],
    [
      "takes the most common architecture for the image's own where dpkg is not installed",
      {
        ...DEBIAN,
        "var/lib/dpkg/status.d/base": "Package: base-files\nVersion: 12\nArchitecture: amd64",
        "var/lib/dpkg/status.d/libc6": "Package: libc6\nVersion: 2.36\nArchitecture: amd64\n",
        "var/lib/dpkg/status.d/libc6.md5sums": "d41d8cd98f00b204e9800998ecf8427e  lib/libc.so",
        "var/lib/dpkg/status.d/foreign": "Package: libx\nVersion: 1\nArchitecture: i386\n",
        "var/lib/dpkg/status.d/tzdata": "Package: tzdata\nVersion: 2024a\nArchitecture: all\n",
      },
      ["dpkg:base-files@12", "dpkg:libc6@2.36", "dpkg:libx:i386@1", "dpkg:tzdata@2024a"],
    ],
  ];
  for (const [claim, files, expected] of found) {
    it(claim, async () =>
      assert.deepEqual(await answerOf("dpkg", files), [`found ${expected.length}`, ...expected]),
    );
  }

  const empty: [claim: string, files: Files, problem: RegExp][] = [
    ["no database", DEBIAN, /^dpkg .*neither "\/var\/lib\/dpkg\/status" nor.*says debian/],
    ["an empty database", { ...DEBIAN, [STATUS]: "" }, /^dpkg .*lists no installed package/],
    ["a system like Debian", { "etc/os-release": "ID=mint\nID_LIKE='ubuntu debian'\n" }, /^dpkg .*says mint/],
    ["no word of the system", { [STATUS]: "\n" }, /^dpkg .*lists no installed package/],
    ["its directory only", { "var/lib/dpkg": DIRECTORY }, /^dpkg .*neither a status file/],
  ];
  for (const [claim, files, problem] of empty) {
    it(`fails where a Debian-like image has no package: ${claim}`, async () =>
      assert.match(await problemsOf(files), problem));
  }

  it("is absent where there is no Debian, also where dpkg is a mere tool", async () => {
    for (const files of [{}, FEDORA, { ...FEDORA, "var/lib/dpkg": DIRECTORY, [STATUS]: "" }]) {
      assert.deepEqual(await answerOf("dpkg", files), ["absent"]);
    }
  });

  it("reads os-release through its usual link, and /etc before /usr/lib", async () => {
    const distribution = async (files: Files): Promise<string | null> =>
      (await captureOf(files)).distribution;
    const link = { "etc/os-release": symlink("../usr/lib/os-release") };
    assert.equal(await distribution(DEBIAN), "debian");
    assert.equal(await distribution({ ...link, "usr/lib/os-release": 'ID="alpine"\n' }), "alpine");
    assert.equal(await distribution({ "etc/os-release": "ID=a\n", "usr/lib/os-release": "ID=b\n" }), "a");
    assert.equal(await distribution({ "etc/os-release": "NAME=x\n" }), null);
    assert.match(await problemsOf(link), /^os-release can't say .*symbolic link/);
  });

  itReads(dpkgDetector, {
    path: STATUS,
    whole: WHOLE,
    damaged: [
      ["cut inside a line", WHOLE.slice(0, -20), /is cut/],
      ["cut between the lines of the last stanza", WHOLE.replace(/ more\n[^]*?$/, " more\n"), /is cut/],
      ["cut before the last stanza's version", WHOLE.slice(0, WHOLE.lastIndexOf("Version:")), /has no/],
      ["cut before a version", `${BASH}Package: x\nStatus: install ok installed\n`, /of x has no Version/],
      ["cut in the description of the last stanza", `${WHOLE.trimEnd()}\n`, /is cut/],
      ["without a package", `${BASH}Status: install ok installed\nVersion: 1\n\n`, /a stanza has no Package/],
      ["without a state", `${BASH}Package: x\nVersion: 1\n\n`, /the stanza of x has no Status/],
      ["of an unknown state", stanza("x", "1", "amd64", "install ok fine"), /Status: "install ok fine"/],
      ["of a short state", stanza("x", "1", "amd64", "installed"), /unknown Status/],
      ["with a prototype's name", stanza("__proto__", "1"), /impossible package: "__proto__"/],
      ["with a blank in a version", stanza("x", "1 2"), /impossible version: "1 2"/],
      ["not UTF-8 in a version", Buffer.from(stanza("x", "1\xff"), "latin1"), /not UTF-8/],
      ["not UTF-8 in a name", notUtf8(`${BASH}Package: `, "\nStatus: x\nVersion: 1\n\n"), /not UTF-8/],
      ["binary", Buffer.from([0, 1, 2, 3, 0x0a]), /./],
      ["of zeros", Buffer.alloc(300), /./],
    ],
  });
  itReads(dpkgDetector, {
    path: "var/lib/dpkg/status.d/base",
    whole: "Package: base-files\nVersion: 12\nArchitecture: amd64",
    damaged: [
      ["empty", "", /has no stanza/],
      ["cut inside the version", "Package: base-files\nArchitecture: amd64\nVersion: 1", /is cut/],
      ["cut before the version", "Package: base-files\n", /has no Version/],
      ["not UTF-8", notUtf8("Package: ", "\nVersion: 1\n"), /not UTF-8/],
    ],
  });
});
