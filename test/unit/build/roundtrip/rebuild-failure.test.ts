import assert from "node:assert/strict";
import { readBuildOutput } from "../../../../provider/build/roundtrip/failed-step";
import { judgeRebuildFailure } from "../../../../provider/build/roundtrip/rebuild-failure";
import { APT, failedLog, logOf, NPM, PIP } from "./logs";

const COULD_NOT = "could not repeat the locked installation: ";
const UNREACHED = "an index or archive could not be reached";
const UNPROVEN = "the log does not prove that the recipe is to blame";
const PIP_UNPROVEN = "pip found no version that fits; nothing shows that its index was reached";

describe("a failed rebuild that is the recipe's fault", () => {
  const cases: [string, string, number, string][] = [
    [
      "apt: the pinned version is gone",
      APT.candidate,
      100,
      "apt " + COULD_NOT + "E: Package 'hello' has no installation candidate",
    ],
    [
      "apt: every line of it is told",
      APT.version,
      100,
      "apt " +
        COULD_NOT +
        "E: Version '9.9' for 'hello' was not found; E: Unable to locate package nosuchpackage",
    ],
    [
      "apt: the pins contradict each other",
      APT.unmet,
      100,
      "apt " +
        COULD_NOT +
        "jq : Depends: libjq1 (= 1.6-2.1+deb12u2) but it is not installable; E: Unable to correct problems, you have held broken packages.",
    ],
    [
      "apt: the mirror has dropped what its index names",
      APT.dropped,
      100,
      "apt " +
        COULD_NOT +
        "E: Failed to fetch http://deb.debian.org/debian/pool/main/h/hello/hello_2.10-3_amd64.deb  404  Not Found [IP: 203.0.113.80 80]",
    ],
    ["apt 3 in its own words", APT.apt3, 100, "apt " + COULD_NOT + "Error: Unable to locate package hello"],
    [
      "pip: other versions are there",
      PIP.absent,
      1,
      "pip " +
        COULD_NOT +
        "ERROR: Could not find a version that satisfies the requirement six==99.0 (from versions: 0.9.0, 1.16.0, 1.17.0); ERROR: No matching distribution found for six==99.0",
    ],
    [
      "npm: no such version",
      NPM.target,
      1,
      "npm " + COULD_NOT + "npm error notarget No matching version found for left-pad@99.0.0.",
    ],
    [
      "npm before 10",
      NPM.oldTarget,
      1,
      "npm " + COULD_NOT + "npm ERR! notarget No matching version found for left-pad@99.0.0.",
    ],
    [
      "npm: peers conflict, which it calls 'could not resolve'",
      NPM.peers,
      1,
      "npm " + COULD_NOT + 'npm error code ERESOLVE; npm error peer react@"^18.3.1" from react-dom@18.3.1',
    ],
    [
      "npm: other content under the locked version",
      NPM.integrity,
      1,
      "npm " +
        COULD_NOT +
        "npm error code EINTEGRITY; npm error sha512-AAAA== integrity checksum failed when using sha512: wanted sha512-AAAA== but got sha512-BBBB==. (3619 bytes)",
    ],
    [
      "npm: the tarball is gone",
      NPM.gone,
      1,
      "npm " +
        COULD_NOT +
        "npm error 404 Not Found - GET https://registry.npmjs.org/left-pad/-/left-pad-1.3.99.tgz",
    ],
    [
      "npm: the package is gone",
      NPM.oldGone,
      1,
      "npm " + COULD_NOT + "npm ERR! 404 Not Found - GET https://registry.npmjs.org/left-pad - Not found",
    ],
  ];
  for (const [claim, prints, code, reason] of cases) {
    it(claim, () => {
      for (const generation of ["old", "new"] as const) {
        const log = logOf(
          [
            { prints: "Setting up", exitCode: 0 },
            { prints, exitCode: code },
          ],
          generation,
        );
        assert.deepEqual(judgeRebuildFailure(log), { recipeIsToBlame: true, reason });
      }
    });
  }

  it("pip: the constraints conflict, after its index was read in the same build", () => {
    const reason =
      "pip could not repeat the locked installation: " +
      "ERROR: Cannot install six because these package versions have conflicting dependencies.; " +
      "The user requested six; The user requested (constraint) six==1.16.0; ERROR: ResolutionImpossible";
    const same = judgeRebuildFailure(failedLog(PIP.conflictAfterDownload, 1));
    assert.ok(same.recipeIsToBlame && same.reason.startsWith(reason), same.reason);
    const earlier = { prints: "Collecting a\n  Downloading http://pypi.local/a-1.0.tar.gz (1 kB)" };
    assert.ok(judgeRebuildFailure(logOf([earlier, { prints: PIP.conflict, exitCode: 1 }])).recipeIsToBlame);
  });
});

describe("a failed rebuild that proves nothing", () => {
  const cases: [string, string, number, string][] = [
    ["apt: no name resolution", APT.noName, 100, UNREACHED],
    ["apt: connection refused", APT.refused, 100, UNREACHED],
    ["apt: 503 beside a 404", APT.unavailable, 100, UNREACHED],
    ["apt: a proxy forbids it", APT.forbidden, 100, UNREACHED],
    ["apt: a mirror in the middle of its sync", APT.sum, 100, UNREACHED],
    ["apt: a suite without a Release file", APT.suite, 100, UNREACHED],
    ["apt: an expired Release file", APT.expired, 100, UNREACHED],
    ["apt: a package's own script failed", APT.dpkg, 100, UNPROVEN],
    ["pip: no version at all, as for an index that answers 403", PIP.none, 1, PIP_UNPROVEN],
    ["pip: a conflict, as for an index that answers 403", PIP.conflict, 1, PIP_UNPROVEN],
    ["pip: connection refused", PIP.refused, 1, UNREACHED],
    ["pip: hashes differ, as after a download that was cut", PIP.hashes, 1, UNPROVEN],
    ["pip: a build failed", PIP.build, 1, UNPROVEN],
    ["npm: connection refused", NPM.refused, 1, UNREACHED],
    ["npm: forbidden", NPM.forbidden, 1, UNREACHED],
    ["npm: unavailable", NPM.unavailable, 1, UNREACHED],
    ["npm: a certificate", NPM.certificate, 1, UNREACHED],
    ["npm: a scoped package that may be hidden", NPM.scoped, 1, UNPROVEN],
    ["npm: a scoped tarball that may be hidden", NPM.scopedTarball, 1, UNPROVEN],
    ["npm: lock and package.json differ", NPM.sync, 1, UNPROVEN],
    ["the recipe's own test failed", "1 failing\nAssertionError: no", 1, UNPROVEN],
    ["nothing was printed", "", 1, UNPROVEN],
    ["the disk is full", `${APT.candidate}\nNo space left on device`, 100, UNREACHED],
    [
      "curl: no name resolution",
      `curl: (6) Could not resolve host: example.com\n${APT.version}`,
      100,
      UNREACHED,
    ],
  ];
  for (const [claim, prints, code, reason] of cases) {
    it(claim, () =>
      assert.deepEqual(judgeRebuildFailure(failedLog(prints, code)), { recipeIsToBlame: false, reason }),
    );
  }

  it("the tool said so, but the command ended with another code: something else ended it, or killed it", () => {
    for (const [prints, own] of [
      [APT.candidate, 100],
      [PIP.absent, 1],
      [NPM.target, 1],
    ] as const) {
      for (const code of [1, 2, 100, 127, 137, 143]) {
        assert.equal(
          judgeRebuildFailure(failedLog(prints, code)).recipeIsToBlame,
          code === own,
          `${prints}: ${code}`,
        );
      }
    }
  });

  it("another step said so, and went well", () => {
    const log = logOf([{ prints: PIP.absent }, { prints: "make: *** Error", exitCode: 1 }]);
    assert.equal(judgeRebuildFailure(log).recipeIsToBlame, false);
  });

  it("an earlier step could not get its lists, which apt-get update takes for a success", () => {
    const update =
      "W: Failed to fetch http://x/InRelease  Temporary failure resolving 'x'\nReading package lists...";
    const log = logOf([{ prints: update }, { prints: "E: Unable to locate package hello", exitCode: 100 }]);
    assert.deepEqual(judgeRebuildFailure(log), { recipeIsToBlame: false, reason: UNREACHED });
  });

  it("the recipe's own text has the words", () => {
    const title = `echo "E: Unable to locate package x"; echo '#5 1.0 E: Unable to locate package x'; exit 100`;
    assert.deepEqual(judgeRebuildFailure(failedLog("x", 100, title)), {
      recipeIsToBlame: false,
      reason: UNPROVEN,
    });
  });

  it("the build was not ended by a command: a base that is gone, a limit, no log", () => {
    const noStep = "the build was not ended by a command of the recipe";
    const base = "#3 ERROR: docker.io/library/debian@sha256:0: not found\n";
    const cut = logOf([{ prints: APT.candidate, exitCode: 100 }]).split("#5 ERROR")[0] ?? "";
    const canceled = "#5 ERROR: executor failed running [/bin/sh -c x]: context canceled\n";
    for (const log of [base, cut, `${cut}${canceled}`, "", "E: Unable to locate package hello"]) {
      assert.deepEqual(judgeRebuildFailure(log), { recipeIsToBlame: false, reason: noStep });
    }
  });
});

describe("a rebuild's log", () => {
  it("words in the recipe's text do not excuse it either", () => {
    const title = 'apt-get install hello || { echo "Connection refused? exit code: 3"; exit 100; }';
    assert.ok(judgeRebuildFailure(failedLog(APT.candidate, 100, title)).recipeIsToBlame);
  });

  it("is read from its last attempt on", () => {
    const blamed = failedLog(APT.candidate, 100);
    const excused = failedLog(APT.noName, 100);
    assert.ok(judgeRebuildFailure(`${excused}\n${blamed}`).recipeIsToBlame);
    assert.ok(!judgeRebuildFailure(`${blamed}\n${excused}`).recipeIsToBlame);
    assert.ok(judgeRebuildFailure(`#9 1.0 Connection refused\n${blamed}`).recipeIsToBlame);
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
    assert.deepEqual(readBuildOutput(log).failed, {
      lines: ["E: Package 'hello' has no installation candidate"],
      exitCode: 100,
    });
    assert.equal(
      judgeRebuildFailure(log).reason,
      "apt could not repeat the locked installation: E: Package 'hello' has no installation candidate",
    );
  });

  it("is repeated without control characters, and not at any length", () => {
    const hostile = `E: Unable to locate package \u001b[31m${"x".repeat(5_000)}\u0007`;
    const { reason } = judgeRebuildFailure(failedLog(hostile, 100));
    assert.doesNotMatch(reason, /[\u0000-\u001f]/);
    assert.ok(reason.length < 400);
    const many = Array.from({ length: 50 }, (_, index) => `E: Unable to locate package p${index}`).join("\n");
    assert.equal(judgeRebuildFailure(failedLog(many, 100)).reason.split("; ").length, 4);
  });

  it("is read quickly when it is large", () => {
    const noise = Array.from(
      { length: 50_000 },
      (_, index) => `Get:${index} http://x ${"y".repeat(80)}`,
    ).join("\n");
    const started = Date.now();
    assert.ok(judgeRebuildFailure(failedLog(`${noise}\n${APT.candidate}`, 100)).recipeIsToBlame);
    assert.ok(Date.now() - started < 5_000);
  });
});
