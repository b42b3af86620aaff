import assert from "node:assert/strict";
import { readBuildOutput } from "../../../../provider/build/roundtrip/failed-step";
import type { Judgement } from "../../../../provider/build/roundtrip/judgement";
import { judgeRebuildFailure } from "../../../../provider/build/roundtrip/rebuild-failure";
import { each } from "../../../support/each";
import { APT, failedLog, logOf, NPM, PIP } from "./logs";

/** What each tool exits with when it says that something can't be had. */
const CODE = { apt: 100, pip: 1, npm: 1 };

/** The judgement on a log, when the first build had printed this. */
function judge(log: string, before: string | null = null): Judgement {
  const { failed, lines } = readBuildOutput(log);
  return judgeRebuildFailure(failed, lines, before === null ? null : { log: before });
}
const blamed = (log: string): boolean => judge(log).answer === "gone";

describe("a failed rebuild that is the recipe's fault", () => {
  const NO_VERSION = "E: Version '9.9' for 'hello' was not found; E: Unable to locate package nosuchpackage";
  const UNMET = "jq : Depends: libjq1 (= 1.6-2.1+deb12u2) but it is not installable";
  const HELD = "E: Unable to correct problems, you have held broken packages.";
  const DROPPED =
    "E: Failed to fetch http://deb.debian.org/debian/pool/main/h/hello/hello_2.10-3_amd64.deb  404  Not Found [IP: 203.0.113.80 80]";
  const PEERS = 'npm error code ERESOLVE; npm error peer react@"^18.3.1" from react-dom@18.3.1';
  const INTEGRITY =
    "npm error sha512-AAAA== integrity checksum failed when using sha512: wanted sha512-AAAA== but got sha512-BBBB==. (3619 bytes)";
  const NO_MATCH = "notarget No matching version found for left-pad@99.0.0.";
  const REGISTRY = "404 Not Found - GET https://registry.npmjs.org";
  each("is told by %s: %s", [
    ["apt", "E: Package 'hello' has no installation candidate", APT.candidate],
    ["apt", NO_VERSION, APT.version],
    ["apt", `${UNMET}; ${HELD}`, APT.unmet],
    ["apt", DROPPED, APT.dropped],
    ["apt", "Error: Unable to locate package hello", APT.apt3],
    ["npm", `npm error ${NO_MATCH}`, NPM.target],
    ["npm", `npm ERR! ${NO_MATCH}`, NPM.oldTarget],
    // npm says "could not resolve" here, which is no sign of a missing network.
    ["npm", PEERS, NPM.peers],
    ["npm", `npm error code EINTEGRITY; ${INTEGRITY}`, NPM.integrity],
    ["npm", `npm error ${REGISTRY}/left-pad/-/left-pad-1.3.99.tgz`, NPM.gone],
    ["npm", `npm ERR! ${REGISTRY}/left-pad - Not found`, NPM.oldGone],
  ])((tool, told, prints) => {
    const reason = `${tool} could not repeat the locked installation: ${told}`;
    for (const generation of ["old", "new"] as const) {
      const log = logOf([{ prints: "Setting up" }, { prints, exitCode: CODE[tool] }], generation);
      assert.deepEqual(judge(log), { answer: "gone", reason });
    }
  });

  const HOST = "http://172.17.0.1:42271";
  const LACKS = "answered, and does not have it";
  const OTHERS =
    "ERROR: Could not find a version that satisfies the requirement six==99.0 (from versions: 0.9.0, 1.16.0, 1.17.0); ERROR: No matching distribution found for six==99.0";
  const PAGE = `pip can't get own-a 1.0: ${HOST}/simple/own-a/ ${LACKS} (it has 2.0)`;
  const LINKS = `pip can't get whl-own 1.0: ${HOST}/ ${LACKS} (it has 2.0)`;
  const NONE = `pip can't get own-zzz 1.0: ${HOST}/simple/own-zzz/ ${LACKS} (it has none)`;
  const SOURCE = "pip is to install own-foo 2.0 from /foo, and the lock has own-foo 1.0";
  each("is told by pip: %s, whatever else was out of reach in this build", [
    ["its only index lists other versions", PIP.absent, OTHERS],
    ["the project's page was read, and lacks the version of the constraint", PIP.asked, PAGE],
    ["a page of links was read for the project, and lacks the version", PIP.askedLinks, LINKS],
    ["the index answers that it does not have the project", PIP.askedAbsent, NONE],
    ["a file is gone", PIP.fileGone, `${HOST}/simple/six-1.0.whl answered pip with 404`],
    ["a source has a new version", PIP.source, SOURCE],
  ])((_, prints, reason) => {
    const log = logOf([{ prints: "curl: (7) Connection refused" }, { prints, exitCode: 1 }]);
    assert.deepEqual(judge(log, ""), { answer: "gone", reason });
  });
});

describe("a failed rebuild that proves nothing", () => {
  const WHEEL = "Collecting a\n  Downloading http://pypi.local/a-1.0-py3-none-any.whl (1 kB)";
  const TWO_INDEXES = "Looking in indexes: http://one.local/simple, http://two.local/simple";
  const FETCHED = /Fetched page[^]*version: 2\.0/;
  const ANSWERS_500 = "Could not fetch URL http://172.17.0.1:42271/: 500 Server Error";
  each("%s: %s", [
    ["apt: no name resolution", "out of order", APT.noName, 100],
    ["apt: connection refused", "out of order", APT.refused, 100],
    ["apt: 503 beside a 404", "out of order", APT.unavailable, 100],
    ["apt: a proxy forbids it", "out of order", APT.forbidden, 100],
    ["apt: a mirror in the middle of its sync", "out of order", APT.sum, 100],
    ["apt: a suite without a Release file", "out of order", APT.suite, 100],
    ["apt: an expired Release file", "out of order", APT.expired, 100],
    ["apt: a package's own script failed", "can't tell", APT.dpkg, 100],
    ["pip: no version at all, as for an index that answers 403", "can't tell", PIP.none],
    ["pip: the same after another project's wheel was read", "can't tell", `${WHEEL}\n${PIP.none}`],
    ["pip: a conflict, as for an index that answers 403", "can't tell", PIP.conflict],
    ["pip: the same after another project's wheel was read", "can't tell", PIP.conflictAfterDownload],
    ["pip: versions, but only of the first of two indexes", "can't tell", `${TWO_INDEXES}\n${PIP.absent}`],
    ["pip: one of two indexes answers 500", "out of order", PIP.askedBroken],
    ["pip: a page of links answers 500", "out of order", PIP.askedLinks.replace(FETCHED, ANSWERS_500)],
    ["pip: connection refused", "out of order", PIP.refused],
    ["pip: a file answers 503", "out of order", PIP.fileGone.replace("404", "503")],
    ["pip: hashes differ, as after a download that was cut", "can't tell", PIP.hashes],
    ["pip: a build failed", "can't tell", PIP.build],
    ["npm: connection refused", "out of order", NPM.refused],
    ["npm: forbidden", "out of order", NPM.forbidden],
    ["npm: unavailable", "out of order", NPM.unavailable],
    ["npm: a certificate", "out of order", NPM.certificate],
    ["npm: unavailable, after pip had missed something", "out of order", `${PIP.absent}\n${NPM.unavailable}`],
    ["npm: a scoped package that may be hidden", "can't tell", NPM.scoped],
    ["npm: a scoped tarball that may be hidden", "can't tell", NPM.scopedTarball],
    ["npm: lock and package.json differ", "can't tell", NPM.sync],
    ["the recipe's own test failed", "can't tell", "1 failing\nAssertionError: no"],
    ["nothing was printed", "can't tell", ""],
    ["the disk is full", "out of order", `${APT.candidate}\nNo space left on device`, 100],
    ["curl: no name", "out of order", `curl: (6) Could not resolve host: example.com\n${APT.version}`, 100],
  ])((_, answer, prints, code) => {
    const judged = judge(failedLog(prints, code ?? 1), "");
    assert.equal(judged.answer, answer, judged.reason);
  });

  it("pip: the source had that version at first, too, so the lock is about a later RUN", () => {
    const before = "#5 1.0 Successfully installed own_foo-2.0 six-1.0\n";
    assert.equal(judge(failedLog(PIP.source, 1), before).answer, "can't tell");
  });

  it("the tool said so, but the command ended with another code: something else ended it, or killed it", () => {
    for (const [tool, prints] of Object.entries({ apt: APT.candidate, pip: PIP.absent, npm: NPM.target })) {
      const own = [1, 2, 100, 127, 137, 143].filter((code) => blamed(failedLog(prints, code)));
      assert.deepEqual(own, [CODE[tool as keyof typeof CODE]], tool);
    }
  });

  it("another step said so, and went well", () =>
    assert.ok(!blamed(logOf([{ prints: PIP.absent }, { prints: "make: *** Error", exitCode: 1 }]))));

  it("an earlier step could not get its lists, which apt-get update takes for a success", () => {
    const update =
      "W: Failed to fetch http://x/InRelease  Temporary failure resolving 'x'\nReading package lists...";
    const log = logOf([{ prints: update }, { prints: "E: Unable to locate package hello", exitCode: 100 }]);
    assert.equal(judge(log).answer, "out of order");
  });

  it("the recipe's own text has the words", () => {
    const title = `echo "E: Unable to locate package x"; echo '#5 1.0 E: Unable to locate package x'; exit 100`;
    assert.equal(judge(failedLog("x", 100, title)).answer, "can't tell");
  });

  it("the build was not ended by a command: a base that is gone, a limit, no log", () => {
    const base = "#3 ERROR: docker.io/library/debian@sha256:0: not found\n";
    const cut = logOf([{ prints: APT.candidate, exitCode: 100 }]).split("#5 ERROR")[0] ?? "";
    const canceled = "#5 ERROR: executor failed running [/bin/sh -c x]: context canceled\n";
    for (const log of [base, cut, `${cut}${canceled}`, "", "E: Unable to locate package hello"])
      assert.equal(judge(log).answer, "can't tell");
  });
});

describe("a rebuild's log", () => {
  it("words in the recipe's text do not excuse it either", () => {
    const title = 'apt-get install hello || { echo "Connection refused? exit code: 3"; exit 100; }';
    assert.ok(blamed(failedLog(APT.candidate, 100, title)));
  });

  it("is read from its last attempt on", () => {
    const [gone, unreached] = [failedLog(APT.candidate, 100), failedLog(APT.noName, 100)];
    assert.ok(blamed(`${unreached}\n${gone}`));
    assert.ok(!blamed(`${gone}\n${unreached}`));
    assert.ok(blamed(`#9 1.0 Connection refused\n${gone}`));
  });

  it("is read from its last attempt on, whichever step BuildKit numbers as the first", () => {
    const [gone, unreached] = [failedLog(APT.candidate, 100), failedLog(APT.noName, 100)];
    const renumbered = (log: string): string => log.replaceAll("#1 ", "#3 ").replaceAll("#5 ", "#1 ");
    assert.ok(blamed(`${unreached}\n${renumbered(gone)}`));
    assert.ok(!blamed(`${gone}\n${renumbered(unreached)}`));
  });

  it("is read with interleaved steps, Windows line ends, and commands over several lines", () => {
    const log = [
      "#1 [internal] load .dockerignore",
      "#6 0.5 E: Unable to locate package other",
      "#5 1.5 E: Package 'hello' has no installation candidate",
      "#6 1.0 fine",
      "#5 ERROR: executor failed running [sh -c a",
      "b: exit code: 7",
      "c]: exit code: 100",
      "#6 CANCELED",
    ].join("\r\n");
    const line = "E: Package 'hello' has no installation candidate";
    const { lines, exitCode } = readBuildOutput(log).failed ?? {};
    assert.deepEqual([lines, exitCode], [[line], 100]);
    assert.equal(judge(log).reason, `apt could not repeat the locked installation: ${line}`);
  });

  it("is repeated without control characters, and not at any length", () => {
    const hostile = `E: Unable to locate package \u001b[31m${"x".repeat(5_000)}\u0007`;
    const { reason } = judge(failedLog(hostile, 100));
    assert.doesNotMatch(reason, /[\u0000-\u001f]/);
    assert.ok(reason.length < 400);
    const many = Array.from({ length: 50 }, (_, index) => `E: Unable to locate package p${index}`).join("\n");
    assert.equal(judge(failedLog(many, 100)).reason.split("; ").length, 4);
  });

  it("is read within the time of a test when it is large", () => {
    const noise = `Get:1 http://x ${"y".repeat(80)}\n`.repeat(50_000);
    assert.ok(blamed(failedLog(noise + APT.candidate, 100)));
  });
});
