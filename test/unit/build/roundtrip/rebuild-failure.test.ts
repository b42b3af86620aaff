import assert from "node:assert/strict";
import { readBuildOutput } from "../../../../provider/build/roundtrip/failed-step";
import type { Judgement } from "../../../../provider/build/roundtrip/judgement";
import { judgeRebuildFailure } from "../../../../provider/build/roundtrip/rebuild-failure";
import { APT, failedLog, logOf, NPM, PIP } from "./logs";

/** What each tool exits with when it says that something can't be had. */
const CODE = { apt: 100, pip: 1, npm: 1 };
const REGISTRY = "https://registry.npmjs.org";

/** The judgement on a log, when the first build had printed this. */
function judge(log: string, before: string | null = null): Judgement {
  const { failed, lines } = readBuildOutput(log);
  return judgeRebuildFailure(failed, lines, before === null ? null : { log: before });
}
/** pip read another project's wheel, and it has two indexes. */
const WHEEL = "Collecting a\n  Downloading http://pypi.local/a-1.0-py3-none-any.whl (1 kB)";
const TWO_INDEXES = "Looking in indexes: http://one.local/simple, http://two.local/simple";
const blamed = (log: string): boolean => judge(log).answer === "gone";

describe("a failed rebuild that is the recipe's fault", () => {
  const cases: [keyof typeof CODE, string, ...string[]][] = [
    ["apt", APT.candidate, "E: Package 'hello' has no installation candidate"],
    [
      "apt",
      APT.version,
      "E: Version '9.9' for 'hello' was not found",
      "E: Unable to locate package nosuchpackage",
    ],
    [
      "apt",
      APT.unmet,
      "jq : Depends: libjq1 (= 1.6-2.1+deb12u2) but it is not installable",
      "E: Unable to correct problems, you have held broken packages.",
    ],
    [
      "apt",
      APT.dropped,
      "E: Failed to fetch http://deb.debian.org/debian/pool/main/h/hello/hello_2.10-3_amd64.deb  404  Not Found [IP: 203.0.113.80 80]",
    ],
    ["apt", APT.apt3, "Error: Unable to locate package hello"],
    ["npm", NPM.target, "npm error notarget No matching version found for left-pad@99.0.0."],
    ["npm", NPM.oldTarget, "npm ERR! notarget No matching version found for left-pad@99.0.0."],
    // npm says "could not resolve" here, which is no sign of a missing network.
    ["npm", NPM.peers, "npm error code ERESOLVE", 'npm error peer react@"^18.3.1" from react-dom@18.3.1'],
    [
      "npm",
      NPM.integrity,
      "npm error code EINTEGRITY",
      "npm error sha512-AAAA== integrity checksum failed when using sha512: wanted sha512-AAAA== but got sha512-BBBB==. (3619 bytes)",
    ],
    ["npm", NPM.gone, `npm error 404 Not Found - GET ${REGISTRY}/left-pad/-/left-pad-1.3.99.tgz`],
    ["npm", NPM.oldGone, `npm ERR! 404 Not Found - GET ${REGISTRY}/left-pad - Not found`],
  ];
  for (const [tool, prints, ...told] of cases) {
    it(`is told by ${tool}: ${told.join("; ")}`, () => {
      for (const generation of ["old", "new"] as const) {
        const log = logOf([{ prints: "Setting up" }, { prints, exitCode: CODE[tool] }], generation);
        const reason = `${tool} could not repeat the locked installation: ${told.join("; ")}`;
        assert.deepEqual(judge(log), { answer: "gone", reason });
      }
    });
  }

  const page = "http://172.17.0.1:42271/simple";
  const told: [string, string, string][] = [
    [
      "its only index lists other versions",
      PIP.absent,
      "ERROR: Could not find a version that satisfies the requirement six==99.0 (from versions: 0.9.0, 1.16.0, 1.17.0); ERROR: No matching distribution found for six==99.0",
    ],
    [
      "the project's page was read, and lacks the version of the constraint",
      PIP.asked,
      `pip can't get own-a 1.0: ${page}/own-a/ answered, and does not have it (it has 2.0)`,
    ],
    [
      "a page of links was read for the project, and lacks the version",
      PIP.askedLinks,
      "pip can't get whl-own 1.0: http://172.17.0.1:42271/ answered, and does not have it (it has 2.0)",
    ],
    [
      "the index answers that it does not have the project",
      PIP.askedAbsent,
      `pip can't get own-zzz 1.0: ${page}/own-zzz/ answered, and does not have it (it has none)`,
    ],
    ["a file is gone", PIP.fileGone, `${page}/six-1.0.whl answered pip with 404`],
    [
      "a source has a new version",
      PIP.source,
      "pip is to install own-foo 2.0 from /foo, and the lock has own-foo 1.0",
    ],
  ];
  for (const [claim, prints, reason] of told) {
    it(`is told by pip: ${claim}, whatever else was out of reach in this build`, () => {
      const log = logOf([{ prints: "curl: (7) Connection refused" }, { prints, exitCode: 1 }]);
      assert.deepEqual(judge(log, ""), { answer: "gone", reason });
    });
  }
});

describe("a failed rebuild that proves nothing", () => {
  const cases: [string, string, number, Judgement["answer"]][] = [
    ["apt: no name resolution", APT.noName, 100, "out of order"],
    ["apt: connection refused", APT.refused, 100, "out of order"],
    ["apt: 503 beside a 404", APT.unavailable, 100, "out of order"],
    ["apt: a proxy forbids it", APT.forbidden, 100, "out of order"],
    ["apt: a mirror in the middle of its sync", APT.sum, 100, "out of order"],
    ["apt: a suite without a Release file", APT.suite, 100, "out of order"],
    ["apt: an expired Release file", APT.expired, 100, "out of order"],
    ["apt: a package's own script failed", APT.dpkg, 100, "can't tell"],
    ["pip: no version at all, as for an index that answers 403", PIP.none, 1, "can't tell"],
    ["pip: the same after another project's wheel was read", `${WHEEL}\n${PIP.none}`, 1, "can't tell"],
    ["pip: a conflict, as for an index that answers 403", PIP.conflict, 1, "can't tell"],
    ["pip: the same after another project's wheel was read", PIP.conflictAfterDownload, 1, "can't tell"],
    ["pip: versions, but only of the first of two indexes", `${TWO_INDEXES}\n${PIP.absent}`, 1, "can't tell"],
    ["pip: one of two indexes answers 500", PIP.askedBroken, 1, "out of order"],
    [
      "pip: a page of links answers 500",
      PIP.askedLinks.replace(
        /Fetched page[^]*version: 2\.0/,
        "Could not fetch URL http://172.17.0.1:42271/: 500 Server Error",
      ),
      1,
      "out of order",
    ],
    ["pip: connection refused", PIP.refused, 1, "out of order"],
    ["pip: a file answers 503", PIP.fileGone.replace("404", "503"), 1, "out of order"],
    ["pip: hashes differ, as after a download that was cut", PIP.hashes, 1, "can't tell"],
    ["pip: a build failed", PIP.build, 1, "can't tell"],
    ["npm: connection refused", NPM.refused, 1, "out of order"],
    ["npm: forbidden", NPM.forbidden, 1, "out of order"],
    ["npm: unavailable", NPM.unavailable, 1, "out of order"],
    ["npm: a certificate", NPM.certificate, 1, "out of order"],
    [
      "npm: unavailable, after pip had missed something",
      `${PIP.absent}\n${NPM.unavailable}`,
      1,
      "out of order",
    ],
    ["npm: a scoped package that may be hidden", NPM.scoped, 1, "can't tell"],
    ["npm: a scoped tarball that may be hidden", NPM.scopedTarball, 1, "can't tell"],
    ["npm: lock and package.json differ", NPM.sync, 1, "can't tell"],
    ["the recipe's own test failed", "1 failing\nAssertionError: no", 1, "can't tell"],
    ["nothing was printed", "", 1, "can't tell"],
    ["the disk is full", `${APT.candidate}\nNo space left on device`, 100, "out of order"],
    ["curl: no name", `curl: (6) Could not resolve host: example.com\n${APT.version}`, 100, "out of order"],
  ];
  for (const [claim, prints, code, answer] of cases) {
    it(`${claim}: ${answer}`, () => {
      const judged = judge(failedLog(prints, code), "");
      assert.equal(judged.answer, answer, judged.reason);
    });
  }

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
