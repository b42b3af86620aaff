import assert from "node:assert/strict";
import { dpkgDetector } from "../../../../provider/packages/capture/dpkg/detector";
import { aptSourcesDetector } from "../../../../provider/packages/capture/dpkg/sources-detector";
import { track } from "../../../../provider/packages/capture/tracker";
import { fileTree } from "../../../../provider/packages/capture/tree/file-tree";
import { each } from "../../../support/each";
import { table } from "../../../support/table";
import {
  answerFor,
  answerOf,
  captureOf,
  DIRECTORY,
  type Files,
  filesOf,
  notUtf8,
  PIPE,
  problemsOf,
  stanza,
  symlink,
} from "./archive-builder";
import { entry, itReads } from "./database-file";

const STATUS = "var/lib/dpkg/status";
const DEBIAN = { "etc/os-release": 'PRETTY_NAME="Debian"\nID=debian\n' };
const FEDORA = { "usr/lib/os-release": "ID=fedora\n" };

/** Checks what dpkg's detector finds in these files: `bash@5.2, x@1 in /fs`. */
async function assertFound(packages: string, ...systems: Files[]): Promise<void> {
  const expected = answerFor(packages.replace(/^|(?<=, )/g, "dpkg:"));
  assert.deepEqual(await answerOf("dpkg", ...systems), expected);
}

describe("the dpkg detector", () => {
  const STATES = ["half-configured", "half-installed", "triggers-awaited", "triggers-pending", "unpacked"];
  const unfinished = STATES.map((state) => stanza(state, "1", "all", `install ok ${state}`)).join("");
  const NEVER = "Package: never\nStatus: unknown ok not-installed\n\n";
  const GONE = stanza("gone", "1", "amd64", "deinstall ok config-files");
  const MIXED =
    stanza("zlib1g", "1:1.2.13.dfsg-1") + stanza("base-files", "12.4+deb12u5", "all") + NEVER + GONE;
  table()`
    finds installed packages with epochs, and leaves out what is gone
      ¦ etc/os-release: ID=debian\n; var/lib/dpkg/status: ${MIXED}
      ¦ base-files@12.4+deb12u5, zlib1g@1:1.2.13.dfsg-1
    keeps packages whose files are there although a run was not finished
      ¦ var/lib/dpkg/status: ${unfinished} ¦ ${STATES.map((state) => `${state}@1`).join(", ")}
    names an architecture only where it is foreign: not the one of dpkg itself, nor all
      ¦ var/lib/dpkg/status has dpkg:dpkg:arm64@1.21.22, dpkg:libc6:amd64@2.36-9, dpkg:libc6:arm64@2.36-9,
        dpkg:libgcc-s1:amd64@12.2.0-14, dpkg:tzdata:all@2024a
      ¦ dpkg@1.21.22, libc6@2.36-9, libc6:amd64@2.36-9, libgcc-s1:amd64@12.2.0-14, tzdata@2024a
    takes the most common architecture for the image's own where dpkg is not installed
      ¦ etc/os-release: ID=debian\n;
        var/lib/dpkg/status.d/base: Package: base-files\nVersion: 12\nArchitecture: amd64;
        var/lib/dpkg/status.d/libc6: Package: libc6\nVersion: 2.36\nArchitecture: amd64\n;
        var/lib/dpkg/status.d/libc6.md5sums: d41d8cd98f00b204e9800998ecf8427e  lib/libc.so;
        var/lib/dpkg/status.d/foreign: Package: libx\nVersion: 1\nArchitecture: i386\n;
        var/lib/dpkg/status.d/tzdata: Package: tzdata\nVersion: 2024a\nArchitecture: all\n
      ¦ base-files@12, libc6@2.36, libx:i386@1, tzdata@2024a
  `((_, files, packages) => assertFound(packages, filesOf(files)));

  const MINT = { "etc/os-release": "ID=mint\nID_LIKE='ubuntu debian'\n" };
  each("fails where a Debian-like image has no package: %s", [
    ["no database", DEBIAN, /^dpkg .*neither "\/var\/lib\/dpkg\/status" nor.*says debian/],
    ["an empty database", { ...DEBIAN, [STATUS]: "" }, /^dpkg .*lists no installed package/],
    ["a system like Debian", MINT, /^dpkg .*says mint/],
    ["no word of the system", { [STATUS]: "\n" }, /^dpkg .*lists no installed package/],
    ["its directory only", { "var/lib/dpkg": DIRECTORY }, /^dpkg .*neither a status file/],
  ])(async (_, files, problem) => assert.match(await problemsOf(files), problem));

  each("is absent where %s", [
    ["nothing is", {}],
    ["another system is", FEDORA],
    ["dpkg is a mere tool", { ...FEDORA, "var/lib/dpkg": DIRECTORY, [STATUS]: "" }],
  ])(async (_, files) => assert.deepEqual(await answerOf("dpkg", files), ["absent"]));

  const link = { "etc/os-release": symlink("../usr/lib/os-release") };
  each("reads os-release through its usual link, and /etc before /usr/lib: %j", [
    [DEBIAN, "debian"],
    [{ ...link, "usr/lib/os-release": 'ID="alpine"\n' }, "alpine"],
    [{ "etc/os-release": "ID=a\n", "usr/lib/os-release": "ID=b\n" }, "a"],
    [{ "etc/os-release": "NAME=x\n" }, null],
  ])(async (files, distribution) => assert.equal((await captureOf(files)).distribution, distribution));
  it("fails by name where os-release is a link that leads nowhere", async () =>
    assert.match(await problemsOf(link), /^os-release can't say .*symbolic link/));

  const BASH = stanza("bash", "5.2");
  const WHOLE = BASH + stanza("dpkg", "1.21");
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

describe("dpkg's pending updates", () => {
  const base = filesOf(`${STATUS} has dpkg:bash@5.2, dpkg:libc6@2, dpkg:libc6:i386@1`);
  const more = "Maintainer: a <a@example.org>\nArchitecture: all\nVersion: 1.0-1\nDescription: text\n more\n";
  const UPDATES = "var/lib/dpkg/updates/";
  const gone = "Status: deinstall ok config-files";
  const again = stanza("bash", "5.3").trimEnd();
  // The first row has what dpkg 1.21 left when it was killed in a postinst, and its spare file.
  table()`
    add a package that dpkg was busy with when it was killed
      ¦ 0000: Package: new\nStatus: install reinstreq half-installed\nArchitecture: all\nVersion: 1.0-1\n;
        0001: Package: new\nStatus: install ok unpacked\n${more};
        0002: Package: new\nStatus: install ok half-configured\n${more}; tmp.i: #padding\n
      ¦ bash@5.2, libc6@2, libc6:i386@1, new@1.0-1
    replace what the status file says of a package ¦ 0000: ${again}\n ¦ bash@5.3, libc6@2, libc6:i386@1
    count in the order of their names
      ¦ 0001: Package: bash\n${gone}\nArchitecture: amd64\n; 0000: ${again}\n ¦ libc6@2, libc6:i386@1
    remove a package, of its own architecture only
      ¦ 0000: Package: libc6\n${gone}\nArchitecture: i386\n ¦ bash@5.2, libc6@2
  `((_, updates, packages) => assertFound(packages, base, filesOf(updates, UPDATES)));

  table("fail by name where they %s")`
    are cut ¦ 0000: ${again} ¦ 0000" is cut
    are empty ¦ 0000: ¦ 0000" has no stanza
    have names that dpkg refuses
      ¦ 0000: ${again}\n; 00001: ${again}\n ¦ 0000\d?" is among pending updates whose names
  `(async (_, updates, problem) =>
    assert.match(
      await problemsOf(base, filesOf(updates, UPDATES)),
      new RegExp(`^dpkg .*/updates/${problem}`),
    ),
  );
});

describe("a database of dpkg in another admin directory", () => {
  const own = filesOf(`${STATUS} has dpkg:bash@5.2`);
  table()`
    is read, with the directory as root
      ¦ opt/dpkg/info/; opt/dpkg/status has dpkg:bash@5.3 ¦ bash@5.2, bash@5.3 in /opt/dpkg
    is read with its pending updates
      ¦ opt/dpkg/status: ; opt/dpkg/updates/0000 has dpkg:bash@5.3 ¦ bash@5.2, bash@5.3 in /opt/dpkg
    is read in a root file system without dpkg
      ¦ fs/var/lib/dpkg/status.d/x: Package: x\nVersion: 1\n ¦ bash@5.2, x@1 in /fs/var/lib/dpkg
    is not what any file of that name is
      ¦ srv/status: Package: of\nsomething\n; srv/status.d/x: Package: x\nVersion: 1\n; srv/updates/1: x
      ¦ bash@5.2
    is not that of opkg ¦ usr/lib/opkg/info/; usr/lib/opkg/status has dpkg:x@1 ¦ bash@5.2
  `((_, files, packages) => assertFound(packages, own, filesOf(files)));

  it("is read where the image has no other", () =>
    assertFound("dpkg@1 in /opt/dpkg", DEBIAN, filesOf("opt/dpkg/status has dpkg:dpkg@1")));

  it("fails by name where dpkg has used it and it can't be read", async () =>
    assert.match(
      await problemsOf(own, filesOf("opt/dpkg/info/; opt/dpkg/status: Package: x\n")),
      /^dpkg .*"\/opt\/dpkg\/status" is malformed/,
    ));
});

describe("apt sources", () => {
  const everyWay = ["deb", "deb-src"].flatMap((type) =>
    ["a", "b"].flatMap((host) =>
      ["s", "s-updates"].map((suite) => `${type} http://${host}.example/ ${suite} main contrib`),
    ),
  );
  const LINES = `# deb http://off.example/ x main
\tdeb   http://b.example/debian \t bookworm  main contrib # note
deb [ arch=amd64  signed-by=/k#1.gpg ] http://a.example/ ./\r
nonsense
deb http://only.example
`;
  const AGAIN = "deb http://b.example/debian bookworm main contrib\n";
  const STANZAS = `Types: deb deb-src\nURIs: http://a.example/\n http://b.example/
Suites: s s-updates\nComponents: main\n contrib

Types: deb\nTypes: deb\nURIs: http://twice.example\nSuites: s

Enabled: No\nTypes: deb\nURIs: http://off.example\nSuites: s

Types: deb\nURIs: http://flat.example\nSuites: ./
`;
  table()`
    are the active lines, sorted and unique, blanks and comments normalised
      ¦ sources.list: ${LINES}; sources.list.d/ignored.list.save: deb http://ignored.example x main\n;
        sources.list.d/again.list: ${AGAIN}deb-src http://b.example/debian bookworm main\n
      ¦ deb [ arch=amd64 signed-by=/k#1.gpg ] http://a.example/ ./,
        deb http://b.example/debian bookworm main contrib, deb-src http://b.example/debian bookworm main
    are one for each type, URI and suite of a deb822 stanza; broken and disabled ones are left out
      ¦ sources.list.d/debian.sources: ${STANZAS} ¦ deb http://flat.example ./, ${everyWay.join(", ")}
    never hold credentials
      ¦ sources.list: deb https://user:p@ss@a.example/x@y s main\ndeb tor+http://token@b.example s main\n;
        sources.list.d/c.sources: Types: deb\nSuites: s\nURIs: https://me:secret@c.example/\n
      ¦ deb https://a.example/x@y s main, deb https://c.example/ s, deb tor+http://b.example s main
  `(async (_, files, expected) => {
    const { sources } = await captureOf({ [STATUS]: stanza("dpkg", "1") }, filesOf(files, "etc/apt/"));
    const lines = expected.split(", ").sort();
    const dpkgs = lines.map((line) => ({ ecosystem: "dpkg", entry: line }));
    assert.deepEqual(sources, dpkgs);
  });

  it("fail by name where one has bytes that can't be, or is endless", async () => {
    const list = "etc/apt/sources.list.d/x.list";
    const odd = await problemsOf({ [list]: notUtf8("deb http://x.test/", " stable main\n") });
    assert.match(odd, /^apt-sources can't.*x\.list" has bytes that are not UTF-8/);
    assert.match(await problemsOf({ "etc/apt/sources.list": PIPE }), /^apt-sources can't.*sources\.list"/);
    const tracker = track(aptSourcesDetector);
    tracker.see(entry(`/${list}`, 2 ** 23));
    assert.equal(tracker.conclude({ osRelease: null, tree: fileTree() }).state.state, "error");
  });
});
