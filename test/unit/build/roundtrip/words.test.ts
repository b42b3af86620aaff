import assert from "node:assert/strict";
import { BuildFailedError } from "../../../../provider/engines/errors";
import type { Unpinned } from "../../../../provider/packages/lock/types";
import { OutsideLockError } from "../../../../provider/build/roundtrip/errors";
import { explainOldFrontend } from "../../../../provider/build/roundtrip/old-frontend";
import { namesOutsideLock } from "../../../../provider/build/roundtrip/outside-lock";
import { sentence } from "../../../../provider/build/roundtrip/sentence";
import { perhapsWarning, unpinnedWarning } from "../../../../provider/build/roundtrip/unpinned-words";
import * as warning from "../../../../provider/build/roundtrip/warning";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { noDrift } from "../../../../provider/store/verification";
import { each } from "../../../support/each";
import { driftOf, lockOf } from "../../packages/in-short";
import { at } from "../../store/scratch";
import { APT, failedLog } from "./logs";

describe("sentence", () => {
  const named = ["/home/ann/infra/.state/store", "/home/ann/app"];
  const said = (error: unknown): string => sentence(error, "/home/ann/infra/program", named);

  it("has no absolute path of the store, the context or the program, and one line", () => {
    const log = (path: string): string => `docker build failed; its log is ${path}`;
    const failed = new Error(`${log("/home/ann/infra/.state/store/web/web-1.verify.log")}, and ends:\n#1 x`);
    assert.equal(said(failed), log("../.state/store/web/web-1.verify.log"));
    assert.equal(said(new Error("the context /home/ann/app has gone")), "the context ../../app has gone");
    assert.equal(said("/home/ann/infra/program/x is gone"), "x is gone");
  });

  it("leaves paths inside an image as they are", () =>
    assert.equal(said(new Error('"/var/lib/dpkg/status" is cut')), '"/var/lib/dpkg/status" is cut'));
});

describe("the warning of what can't be pinned", () => {
  const step = (line: number, text = "RUN git clone x", reason = "because"): Unpinned => ({
    ...{ line, kind: "git-clone", text, reason },
  });
  const linesOf = (...steps: Unpinned[]): string[] => unpinnedWarning(steps)?.split("\n") ?? [];
  const THIRD = "  line 3, git-clone: RUN git clone x";
  const ONE = "1 step of the recipe can't be pinned, or goes past the pins:";
  const FIXED = "  Let each of them fetch something fixed: a version, a commit, a checksum.";

  it("says nothing where there is nothing", () => assert.equal(unpinnedWarning([]), null));

  it("names line, kind and text of each step", () => {
    assert.deepEqual(linesOf(step(3)), [ONE, THIRD, FIXED]);
    assert.equal(linesOf(step(3), step(9)).length, 4);
  });

  it("keeps steps that may not run apart, for the build that reads the recipe", () => {
    const perhaps = step(4, "RUN git clone x", "perhaps: because");
    assert.deepEqual([unpinnedWarning([perhaps]), perhapsWarning([step(3)])], [null, null]);
    assert.deepEqual(linesOf(perhaps, step(3)), [ONE, THIRD, FIXED]);
    const one = "1 step of the recipe is in a branch of the shell. If it runs, nothing pins what it fetches:";
    const words = `${one}\n  line 4, git-clone: RUN git clone x\n${FIXED}`;
    assert.equal(perhapsWarning([step(3), perhaps]), words);
    const two =
      "2 steps of the recipe are in a branch of the shell. If they run, nothing pins what they fetch:";
    assert.ok(perhapsWarning([perhaps, perhaps])?.startsWith(two));
  });

  it("names five and counts the rest, and shortens long texts", () => {
    const many = Array.from({ length: 40 }, (_, index) => step(index + 1, "y".repeat(200)));
    assert.deepEqual(linesOf(...many), [
      "40 steps of the recipe can't be pinned, or go past the pins:",
      ...[1, 2, 3, 4, 5].map((line) => `  line ${line}, git-clone: ${"y".repeat(80)}...`),
      "  +35 more, in the output unpinned and in the lock",
      FIXED,
    ]);
  });

  it("lets no control character through", () =>
    assert.match(linesOf(step(1, "RUN \u001b[2J"))[1] ?? "", /RUN \\u\{1b\}\[2J$/));

  it("stands in the warning of an image that is not verified, before what that means and what to do", () => {
    const facts = { reference: "web:1", lockFile: "web.lock", reason: "x", drift: noDrift() };
    const whole = warning.imageWarning({ ...facts, verified: "unverified", unpinned: [step(3)] });
    const [, one, third, meaning, ...todo] = whole?.split("\n") ?? [];
    assert.deepEqual([one, third, todo.length], [`  ${ONE}`, `  ${THIRD}`, 1]);
    assert.match(meaning ?? "", /can be used/);
  });
});

describe("warnings", () => {
  const facts = { reference: `web:${at(1)}`, lockFile: "artifacts/web.lock", reason: null, drift: noDrift() };
  const removed = [{ name: "npm:evil\u001b[2J", version: "1\n2" }];
  const drift = { ...driftOf("~ dpkg:curl | 1 -> 2", "+ pip:six | 3"), removed };

  it("say nothing of what is verified", () =>
    assert.equal(warning.imageWarning({ ...facts, verified: "verified" }), null));

  it("name every drifted package on a line of its own", () => {
    const reason = "the locked rebuild differs";
    assert.deepEqual(warning.imageWarning({ ...facts, verified: "unverified", drift, reason })?.split("\n"), [
      "unverified: dpkg:curl 1 -> 2, added pip:six 3, +1 more",
      "  changed dpkg:curl 1 -> 2",
      "  added pip:six 3",
      "  removed npm:evil\\u{1b}[2J 1\\u{a}2",
      `  The image web:${at(1)} can be used, but nothing proves that it can be built again.`,
      "  Let the recipe ask for the same each time, and build again; its lock is artifacts/web.lock.",
    ]);
  });

  it("name the command that verifies, where nothing is known", () => {
    const unknown = { ...facts, verified: "unknown", lockFile: "../store/web/web-1.lock" } as const;
    const command = `\`verified-images verify web ${at(1)} --root ../store\``;
    const words = `  Run ${command} to have a verdict; its lock is ../store/web/web-1.lock.`;
    assert.equal(warning.imageWarning(unknown)?.split("\n").at(-1), words);
  });

  each("tell unknown from unverified, also without a reason: %s", [
    ["not verified: the rebuild was skipped", "unknown", "the rebuild was skipped"],
    ["not verified: no verdict is on record", "unknown", null],
    ["unverified: the locked rebuild differs", "unverified", null],
  ])((first, verified, reason) =>
    assert.equal(warning.imageWarning({ ...facts, verified, reason })?.split("\n")[0], first),
  );

  it("begin with the first drifted names, as many as fit, and at least one", () => {
    const line = (...changed: { name: string; from: string; to: string }[]): string =>
      warning.unverifiedLine({ verified: "unverified", reason: "x", drift: { ...noDrift(), changed } });
    const pad = { name: "npm:left-pad", from: "1.3.0", to: "1.3.1" };
    const one = "npm:left-pad 1.3.0 -> 1.3.1";
    assert.equal(line(pad), `unverified: ${one}`);
    assert.equal(line(pad, pad), `unverified: ${one}, ${one}`);
    assert.match(line(pad, pad, pad), /1\.3\.1, \+1 more$/);
    const long = `npm:${"x".repeat(100)}`;
    assert.equal(line({ ...pad, name: long }, pad), `unverified: ${long} 1.3.0 -> 1.3.1, +1 more`);
  });

  it("are one good line where there is nothing to warn of: what it holds, by ecosystem", () => {
    const line = (packages: Record<string, number>, ...outside: string[]): string =>
      warning.verifiedLine({ packages, reference: "web:1", notCaptured: outside });
    assert.equal(line({ dpkg: 100, pip: 3 }), "verified, 103 packages (dpkg 100, pip 3); web:1");
    assert.equal(line({ apk: 1 }), "verified, 1 package (apk 1); web:1");
    assert.equal(line({ file: 12 }), "verified, no packages, 12 files compared; web:1");
    assert.equal(line({}), "verified, no packages; web:1");
    const [jars, one] = ["Java archives (/app)", "verified, 1 package (apk 1); web:1"];
    const outside = Array<string>(5).fill(`not captured: ${jars}`);
    assert.equal(line({ apk: 1 }, `not captured: ${jars}`), `${one}; not captured: ${jars}`);
    const several = `${one}; not captured: ${jars}, ${jars}, ${jars}, and 2 more in the output notCaptured`;
    assert.equal(line({ apk: 1 }, ...outside), several);
  });

  it("fit on one line for errors: the drift, else the reason, else the state", () => {
    const drifted = "changed dpkg:curl 1 -> 2; added pip:six 3; removed npm:evil\\u{1b}[2J 1\\u{a}2";
    assert.equal(warning.driftLine({ verified: "unverified", drift, reason: "x" }), drifted);
    const unknown = { verified: "unknown", drift: noDrift() } as const;
    assert.equal(warning.driftLine({ ...unknown, reason: "skipped" }), "skipped");
    assert.equal(warning.driftLine({ ...unknown, reason: null }), "unknown");
  });
});

describe("a builder that is too old for a here-document", () => {
  const SAID =
    "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 11: unknown instruction: SET";
  const WITH = parseDockerfile("FROM debian\n\nRUN <<EOF\nset -e\nEOF\n");
  const failed = new BuildFailedError("docker build failed", "/log", SAID);

  it("is named as the reason, with the line in the recipe, what to do, and what the builder said", () => {
    const error = explainOldFrontend(failed, WITH);
    assert.ok(error instanceof BuildFailedError);
    const words =
      "the here-document on line 3 of the recipe is more than this builder knows: it takes Docker 23 or newer, or " +
      '"# syntax=docker/dockerfile:1" as the first line where the builder can fetch that image; docker build failed';
    assert.deepEqual([error.message, error.logFile, error.tail], [words, "/log", SAID]);
  });

  it("is no reason where the recipe has no here-document, the builder said something else, or it was no build", () => {
    assert.equal(explainOldFrontend(failed, parseDockerfile("FROM debian\nRUN true\n")), failed);
    const otherwise = new BuildFailedError("docker build failed", "/log", "exit code: 1");
    for (const other of [otherwise, new Error(SAID)]) assert.equal(explainOldFrontend(other, WITH), other);
  });
});

describe("namesOutsideLock", () => {
  const lock = lockOf("dpkg:hello@2.10-3", "pip:jq@1");
  const zip = "E: Package 'zip' has no installation candidate";
  const npm =
    "npm ERR! outside the lock: @own/lib ^1.0.0 || ^2\nnpm error outside the lock: own-cli latest\n";
  each("are packages that the lock does not have: %s", [
    ["what apt was forbidden, sorted and once", `${zip}\n${APT.unmet}\n${APT.unmet}`, ["libjq1", "zip"]],
    ["none where the lock has what apt could not find: that one is gone", APT.candidate, []],
    ["without their architecture", zip.replace("zip", "libc6:i386"), ["libc6"]],
    ["what npm was made to refuse, in the words of every npm", npm, ["@own/lib", "own-cli"]],
    ["none in other logs", APT.refused, []],
  ])((_, log, names) => assert.deepEqual(namesOutsideLock(failedLog(log, 100), lock), names));

  it("are named in the error, with the log and what the limit is", () =>
    assert.match(
      new OutsideLockError(["gcc", "make"], "x.log").message,
      /\(gcc, make\); either they are new .* print less, .* \(log: x\.log\)$/,
    ));
});
