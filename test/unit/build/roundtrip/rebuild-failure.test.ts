import assert from "node:assert/strict";
import { readBuildOutput } from "../../../../provider/build/roundtrip/failed-step";
import { judgeRebuildFailure } from "../../../../provider/build/roundtrip/rebuild-failure";
import { APT, failedLog, logOf, NPM, PIP } from "./logs";

const UNREACHED = "an index or archive could not be reached";
const UNPROVEN = "the log does not prove that the recipe is to blame";
const PIP_UNPROVEN = "pip found no version that fits; nothing shows that its index was reached";
const REGISTRY = "https://registry.npmjs.org";
/** What each tool exits with when it says that something can't be had. */
const CODE = { apt: 100, pip: 1, npm: 1 };
const blamed = (log: string): boolean => judgeRebuildFailure(log).recipeIsToBlame;

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
    [
      "pip",
      PIP.absent,
      "ERROR: Could not find a version that satisfies the requirement six==99.0 (from versions: 0.9.0, 1.16.0, 1.17.0)",
      "ERROR: No matching distribution found for six==99.0",
    ],
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
        assert.deepEqual(judgeRebuildFailure(log), { recipeIsToBlame: true, reason });
      }
    });
  }

  it("pip: the constraints conflict, after its index was read in the same build", () => {
    const same = judgeRebuildFailure(failedLog(PIP.conflictAfterDownload, 1));
    const told = [
      "ERROR: Cannot install six because these package versions have conflicting dependencies.",
      ...["The user requested six", "The user requested (constraint) six==1.16.0"],
      "ERROR: ResolutionImpossible",
    ];
    const reason = `pip could not repeat the locked installation: ${told.join("; ")}`;
    assert.ok(same.recipeIsToBlame && same.reason.startsWith(reason), same.reason);
    const earlier = { prints: "Collecting a\n  Downloading http://pypi.local/a-1.0.tar.gz (1 kB)" };
    assert.ok(blamed(logOf([earlier, { prints: PIP.conflict, exitCode: 1 }])));
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
    ["curl: no name", `curl: (6) Could not resolve host: example.com\n${APT.version}`, 100, UNREACHED],
  ];
  for (const [claim, prints, code, reason] of cases) {
    it(claim, () =>
      assert.deepEqual(judgeRebuildFailure(failedLog(prints, code)), { recipeIsToBlame: false, reason }),
    );
  }

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
    assert.deepEqual(judgeRebuildFailure(log), { recipeIsToBlame: false, reason: UNREACHED });
  });

  it("the recipe's own text has the words", () => {
    const title = `echo "E: Unable to locate package x"; echo '#5 1.0 E: Unable to locate package x'; exit 100`;
    const judged = judgeRebuildFailure(failedLog("x", 100, title));
    assert.deepEqual(judged, { recipeIsToBlame: false, reason: UNPROVEN });
  });

  it("the build was not ended by a command: a base that is gone, a limit, no log", () => {
    const reason = "the build was not ended by a command of the recipe";
    const base = "#3 ERROR: docker.io/library/debian@sha256:0: not found\n";
    const cut = logOf([{ prints: APT.candidate, exitCode: 100 }]).split("#5 ERROR")[0] ?? "";
    const canceled = "#5 ERROR: executor failed running [/bin/sh -c x]: context canceled\n";
    for (const log of [base, cut, `${cut}${canceled}`, "", "E: Unable to locate package hello"])
      assert.deepEqual(judgeRebuildFailure(log), { recipeIsToBlame: false, reason });
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
    assert.deepEqual(readBuildOutput(log).failed, { lines: [line], exitCode: 100 });
    assert.equal(judgeRebuildFailure(log).reason, `apt could not repeat the locked installation: ${line}`);
  });

  it("is repeated without control characters, and not at any length", () => {
    const hostile = `E: Unable to locate package \u001b[31m${"x".repeat(5_000)}\u0007`;
    const { reason } = judgeRebuildFailure(failedLog(hostile, 100));
    assert.doesNotMatch(reason, /[\u0000-\u001f]/);
    assert.ok(reason.length < 400);
    const many = Array.from({ length: 50 }, (_, index) => `E: Unable to locate package p${index}`).join("\n");
    assert.equal(judgeRebuildFailure(failedLog(many, 100)).reason.split("; ").length, 4);
  });

  it("is read within the time of a test when it is large", () => {
    const noise = `Get:1 http://x ${"y".repeat(80)}\n`.repeat(50_000);
    assert.ok(blamed(failedLog(noise + APT.candidate, 100)));
  });
});
