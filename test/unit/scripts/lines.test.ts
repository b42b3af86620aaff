import assert from "node:assert/strict";
import { SetupError } from "../../../scripts/setup/failure.mjs";
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
      "    a",
      "    b",
      "    full log: /l",
    ]);
  });

  it("keeps the stack of an error that nobody foresaw", () => {
    const lines: string[] = [];
    report.printFailure(new TypeError("defect"), (line) => lines.push(line));
    assert.match(lines[0] ?? "", /TypeError: defect\n +at /);
  });
});
