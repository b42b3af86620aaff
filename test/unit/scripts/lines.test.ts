import assert from "node:assert/strict";
import { SetupError } from "../../../scripts/setup/failure.mjs";
import { isAtLeast, parseVersion, shortVersion } from "../../../scripts/setup/programs.mjs";
import * as report from "../../../scripts/setup/report.mjs";

describe("scripts: the set-up's lines", () => {
  it("writes durations short", () => {
    const written = [0, 4, 994, 996, 3149, 9949, 9951, 131400].map((ms) => report.formatSeconds(ms));
    assert.deepEqual(written, ["0.00 s", "0.00 s", "0.99 s", "1.0 s", "3.1 s", "9.9 s", "10 s", "131 s"]);
  });

  it("lines the texts up", () => {
    assert.equal(report.formatLine("pulumi CLI", "found"), "set-up  pulumi CLI   found");
    assert.equal(report.formatLine("dependencies", "found"), "set-up  dependencies found");
  });

  it("prints what is under way and then what was done, with its time", async () => {
    const lines: string[] = [];
    const work = (say: (text: string) => void) => {
      say("building");
      return Promise.resolve({ text: "3.220.0 built with Go", detail: "cache: /x" });
    };
    await report.step("pulumi CLI", work, (line) => lines.push(line));
    assert.equal(lines[0], "set-up  pulumi CLI   building");
    assert.match(
      lines[1] ?? "",
      /^set-up {2}pulumi CLI {3}3\.220\.0 built with Go in 0\.\d\d s \(cache: \/x\)$/,
    );
    assert.equal(lines.length, 2);
  });

  it("prints a failure as a sentence, the log's last lines and its path", () => {
    const lines: string[] = [];
    const error = new SetupError("npm ci failed (exit 1).", { log: "/l", lastLines: ["a", "b"] });
    report.printFailure(error, (line) => lines.push(line));
    assert.deepEqual(lines, [
      "set-up  failed       npm ci failed (exit 1).",
      ...["    a", "    b", "    full log: /l"],
    ]);
  });

  it("keeps the stack of an error that nobody foresaw", () => {
    const lines: string[] = [];
    report.printFailure(new TypeError("defect"), (line) => lines.push(line));
    assert.match(lines[0] ?? "", /TypeError: defect\n +at /);
  });
});

describe("scripts: versions", () => {
  const texts: [text: string, version: number[] | null, short: string][] = [
    ["v3.220.0", [3, 220, 0], "3.220.0"],
    ["v3.220.0+dirty\n", [3, 220, 0], "3.220.0"],
    ["20.10.24+dfsg1", [20, 10, 24], "20.10.24"],
    ["3.221.0-alpha.1700000000", [3, 221, 0], "3.221.0"],
    ["go version go1.26.8 linux/amd64", [1, 26, 8], "1.26.8"],
    ["go version go1.22 linux/amd64", [1, 22, 0], "1.22.0"],
    ["library-import", null, "library-import"],
    [" odd \n", null, "odd"],
    ["", null, ""],
    ["7", null, "7"],
  ];
  it("are the first in a text, whatever surrounds it; a text without one stays as it is", () => {
    for (const [text, version, short] of texts) {
      assert.deepEqual([parseVersion(text), shortVersion(text)], [version, short], text);
    }
  });

  it("are compared by number, not by letter, and a text without one is never new enough", () => {
    const found = ["v3.220.0", "v3.1000.0", "v4.0.0", "v3.99.9", "v2.999.0", "", "error: no such command"];
    assert.deepEqual(
      found.filter((text) => isAtLeast(text, "3.220.0")),
      ["v3.220.0", "v3.1000.0", "v4.0.0"],
    );
    assert.equal(isAtLeast("error: no such command", "0.0.1"), false);
  });
});
