import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { captureFileSystem, orderedPackages } from "../../../../provider/packages/capture/capture";
import { quoted } from "../../../../provider/packages/capture/errors";
import { captureProblems, isEmptyCapture } from "../../../../provider/packages/capture/judge";
import { captureManifest } from "../../../../provider/packages/capture/manifest";
import type { Capture, CapturedPackage, DetectorState } from "../../../../provider/packages/capture/types";
import { comparePackages } from "../../../../provider/packages/compare/compare";
import { driftLines } from "../../../../provider/packages/compare/summary";
import { each } from "../../../support/each";
import { table } from "../../../support/table";
import { inShort, packagesOf } from "../in-short";
import * as built from "./archive-builder";
import { answerFor, answerOf, captureOf, filesOf, hardLink, npm, problemsOf } from "./archive-builder";
import { streamOf, symlink, tarOf } from "./archive-builder";

const NPM = "a/node_modules/x/package.json";

describe("a hostile archive", () => {
  each("has its paths normalised: %s", [["./a/node_modules/x"], ["/a//node_modules/./x"]])(async (path) =>
    assert.deepEqual(
      await answerOf("npm", npm(path, "1.0.0", "x")),
      answerFor("npm:x@1.0.0 in /a/node_modules"),
    ),
  );

  it("is refused for a '..' in a path or a hard link's target", async () => {
    const malformed = { name: "CaptureError", code: "capture-malformed", message: /'\.\.'/ };
    await assert.rejects(captureOf({ "a/../var/lib/dpkg/status": built.stanza("x", "1") }), malformed);
    await assert.rejects(captureOf({ x: hardLink("../../etc/passwd") }), malformed);
  });

  it("gets the last of several entries for one path", async () => {
    const [good, bad] = [npm("a/node_modules/x"), { [NPM]: "{" }];
    const second = await answerOf("npm", good, npm("a/node_modules/x", "2.0.0", "y"));
    assert.deepEqual(second, ["found 1", "npm:y@2.0.0 in /a/node_modules"]);
    assert.equal(await problemsOf(bad, good), "");
    assert.match(await problemsOf(good, bad), /^npm /);
  });

  it("is refused for an entry of an unknown type, and for a damaged header", async () => {
    const whole = await tarOf({ a: "x", b: "y" });
    const unknown = Buffer.from(whole);
    unknown[156] = "S".charCodeAt(0);
    let sum = 8 * 32;
    unknown.subarray(0, 512).forEach((byte, at) => (sum += at >= 148 && at < 156 ? 0 : byte));
    unknown.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    await assert.rejects(captureFileSystem(streamOf(unknown)), { code: "capture-malformed" });
    whole[1024] = 0x58;
    const unreadable = /could not be read: .*checksum|Invalid tar header/;
    await assert.rejects(captureFileSystem(streamOf(whole)), unreadable);
  });

  it("can't reach the terminal through a message, nor flood it", async () => {
    const problems = await problemsOf({ "a/node_modules/\u001b[31mx/package.json": "{" });
    assert.ok(problems.includes("\\\\x1b[31mx") && !problems.includes("\u001b"), problems);
    assert.ok(quoted("x".repeat(10_000)).length < 250);
    const many = Array.from({ length: 50 }, (_, n) => ({ [`a/node_modules/x${n}/package.json`]: "{" }));
    assert.match(await problemsOf(...many), /; and 47 more\.$/);
  });
});

describe("a link in an exported file system", () => {
  const STORE = "root/.local/share/pnpm/store/v3/files/ab";
  const PNPM = "usr/src/app/node_modules/.pnpm/x@1.0.0/node_modules";
  const UV = "root/.cache/uv/archive-v0/r";
  const PACKAGE = '{"name":"x","version":"1.0.0"}';
  const B = "b-1.dist-info/METADATA";
  const FOLLOWED = `c/site-packages/${B} -> ../../../d/site-packages/${B}; d/site-packages has pip:b@1`;
  table()`
    that is hard has what the earlier entry had, also through a second one
      ¦ a/node_modules/x has npm:x@1.0.0; b/node_modules/x/package.json => a/node_modules/x/package.json;
        c/node_modules/x/package.json => /b/node_modules/./x/package.json
      ¦ npm:x@1.0.0 in /a/node_modules, npm:x@1.0.0 in /b/node_modules, npm:x@1.0.0 in /c/node_modules
    that is hard is resolved into the store of pnpm, whatever the name there
      ¦ ${STORE}/cdef: ${PACKAGE}; ${STORE}/second => ${STORE}/cdef; ${PNPM}/x/package.json => ${STORE}/second
      ¦ npm:x@1.0.0 in /${PNPM}
    that is hard is resolved into the store of uv
      ¦ ${UV} has pip:b@1; venv/lib/site-packages/${B} => ${UV}/${B} ¦ pip:b@1 in /venv/lib/site-packages
    to a package directory is not followed: the real one is there
      ¦ app/node_modules/x -> .pnpm/x@1.0.0/node_modules/x;
        app/node_modules/.pnpm/x@1.0.0/node_modules/x has npm:x@1.0.0
      ¦ npm:x@1.0.0 in /app/node_modules/.pnpm/x@1.0.0/node_modules
    in the place of a database is followed to a file that was read
      ¦ ${FOLLOWED} ¦ pip:b@1 in /c/site-packages, pip:b@1 in /d/site-packages
  `(async (_, files, packages) => {
    const detector = packages.startsWith("pip") ? "python" : "npm";
    assert.deepEqual(await answerOf(detector, filesOf(files)), answerFor(packages));
  });

  const HIDDEN = "app/node_modules/.package-lock.json";
  const DIST = "venv/lib/site-packages/a-1.dist-info/METADATA";
  const MISSING = `"/${NPM}" is a hard link to "/store/file", which holds nothing`;
  table("is a problem by name where it leads to %s")`
    what is not there ¦ ${NPM} => store/file ¦ npm .*${MISSING}
    what is no package.json ¦ store/file: {; ${NPM} => store/file ¦ npm .*${MISSING}
    what is no database ¦ store/file: Package: x; var/lib/dpkg/status => store/file ¦ dpkg .*hard link
    metadata that is cut ¦ store/file: Name: a; ${DIST} => store/file ¦ python .*hard link
    itself ¦ ${NPM} => ${NPM} ¦ npm .*hard link
    a file of another kind
      ¦ ${HIDDEN}: {"packages":{}}; app/node_modules/x/package.json => ${HIDDEN} ¦ npm .*hard link
    another link that leads nowhere
      ¦ ${DIST} -> /cache/hop; cache/hop -> x; ${FOLLOWED} ¦ python .*symbolic link
    itself by a loop of links
      ¦ c/site-packages/${B} -> ../../../d/site-packages/${B};
        d/site-packages/${B} -> ../../../c/site-packages/${B} ¦ python .*symbolic link
    nowhere ¦ var/lib/dpkg/status -> /nowhere ¦ dpkg .*symbolic link
  `(async (_, files, problem) => assert.match(await problemsOf(filesOf(files)), new RegExp(`^${problem}`)));
});

describe("a capture", () => {
  const captureWith = (states: Record<string, DetectorState>, packages: CapturedPackage[] = []): Capture => {
    const nothing = { sources: [], npmProjects: [], notCaptured: [], distribution: null };
    return { packages, ...nothing, detectors: states };
  };

  it("has as problems one sentence for each detector in error, sorted", () => {
    const cut = (path: string): DetectorState => ({ state: "error", reason: `"${path}" is cut` });
    const states = { python: cut("/a"), npm: { state: "found", count: 1 }, dpkg: cut("/b") } as const;
    const said = ['dpkg can\'t say what is installed: "/b" is cut.'];
    said.push('python can\'t say what is installed: "/a" is cut.');
    assert.deepEqual(captureProblems(captureWith(states)), said);
    assert.deepEqual(captureProblems(captureWith({ dpkg: { state: "absent" } })), []);
  });

  it("is empty only where every detector found its packages absent", async () => {
    assert.equal(isEmptyCapture(await captureOf({ hello: "binary" })), true);
    const filled = [
      captureWith({ dpkg: { state: "error", reason: "x" } }),
      captureWith({ dpkg: { state: "found", count: 0 } }),
      captureWith({ npm: { state: "absent" } }, packagesOf("npm:a@1")),
    ];
    assert.deepEqual(filled.map(isEmptyCapture), [false, false, false]);
  });

  it("is sorted by ecosystem, root, name, architecture and version, without exact duplicates", () => {
    const pip = ["pip:a@2 in /b", "pip:b@1 in /a", "pip:a@1 in /b", "pip:a@1 in /b"];
    const ordered = orderedPackages(packagesOf(...pip, "dpkg:z:i386@1", "dpkg:z@1", "dpkg:Z@1"));
    const sorted = "dpkg:Z@1, dpkg:z@1, dpkg:z:i386@1, pip:b@1 in /a, pip:a@1 in /b, pip:a@2 in /b";
    assert.equal(ordered.map(inShort).join(", "), sorted);
  });

  // Files that differ, after what both have; the drift.
  const [SUM_A, SUM_B] = ["a".repeat(64), "b".repeat(64)];
  table("differs from another one: %s")`
    in a gem, named by its root where two roots have it ¦ srv/vendor has gem:rake@13.0.0
      ¦ gems has gem:rake@13.0.6 ¦ gems has gem:rake@13.1.0 ¦ changed gem:rake@/gems 13.0.6 -> 13.1.0
    in a gem, plainly where one has
      ¦ ¦ gems has gem:rake@13.0.6 ¦ gems has gem:rake@13.1.0 ¦ changed gem:rake 13.0.6 -> 13.1.0
    in a conda build ¦
      ¦ opt/conda has conda:numpy@1.26.4-py_0 #${SUM_A} ¦ opt/conda has conda:numpy@1.26.4-py_1 #${SUM_B}
      ¦ changed conda:numpy 1.26.4-py_0 -> 1.26.4-py_1
    in another archive of the same build ¦
      ¦ opt/conda has conda:numpy@1.26.4-0 #${SUM_A} ¦ opt/conda has conda:numpy@1.26.4-0 #${SUM_B}
      ¦ changed conda:numpy 1.26.4-0 (sha256:aaaaaaaaaaaa) -> 1.26.4-0 (sha256:bbbbbbbbbbbb)
    in nothing ¦
      ¦ opt/conda has conda:numpy@1.26.4-0 #${SUM_A} ¦ opt/conda has conda:numpy@1.26.4-0 #${SUM_A} ¦
  `(async (_, both, before, after, expected) => {
    const captured = async (files: string) => (await captureOf(filesOf(both), filesOf(files))).packages;
    const drift = comparePackages(await captured(before), await captured(after));
    assert.equal(driftLines(drift).join(", "), expected);
  });
});

describe("the file manifest", () => {
  const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
  /** `path version` of each entry of the manifest. */
  async function manifestOf(...systems: built.Files[]): Promise<string[]> {
    const items = await captureManifest(streamOf(await tarOf(...systems)));
    assert.ok(items.every(({ ecosystem }) => ecosystem === "file"));
    return items.map(({ name, version }) => `${name} ${version}`);
  }

  it("has every file by content and mode, links by target, sorted; no directories", async () => {
    const tool = { "usr/": built.DIRECTORY, "usr/bin/tool": { mode: 0o104755 } };
    const files = { ...tool, bin: symlink("usr/bin"), app: "hello" };
    assert.deepEqual(await manifestOf(files, { ["__proto__"]: hardLink("app") }), [
      `/__proto__ ${sha256("hello")} mode 644`,
      `/app ${sha256("hello")} mode 644`,
      "/bin link:usr/bin",
      `/usr/bin/tool ${sha256("")} mode 4755`,
    ]);
  });

  it("leaves out what the engine adds, and nothing that only looks like it", async () => {
    const added = ".dockerenv dev/console proc/x sys/x etc/hostname etc/hosts etc/mtab etc/resolv.conf";
    const kept = ["devil", "etc/hosts.allow", "etc/resolv.conf.d", "x/proc/y"];
    const items = await manifestOf(...[...added.split(" "), ...kept].map((name) => ({ [name]: "x" })));
    const expected = kept.map((name) => `/${name} ${sha256("x")} mode 644`);
    assert.deepEqual(items, expected);
  });

  it("has the last of two entries for one path", async () =>
    assert.deepEqual(await manifestOf({ a: "1" }, { a: "2" }), [`/a ${sha256("2")} mode 644`]));

  it("fails for a hard link that leads nowhere", () =>
    assert.rejects(manifestOf({ a: hardLink("b") }), { code: "capture-malformed" }));
});
