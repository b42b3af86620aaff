import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Writable } from "node:stream";
import {
  isAbandoned,
  isolatedName,
  machine,
  THROWAWAY,
  throwawayReference,
} from "../../../../provider/base/process/leftovers";
import { parseReference } from "../../../../provider/base/reference/parse";
import { until } from "../../../support/until";

const dead = (): boolean => false;
const running = (): boolean => true;

describe("leftovers", () => {
  it("carry their maker: machine and process", () => {
    assert.match(machine(), /^[0-9a-f]{8}$/);
    assert.equal(isolatedName("guard", "ab12"), `verified-images-guard.${machine()}.${process.pid}.ab12`);
    const reference = throwawayReference("web-rebuild");
    assert.ok(reference.startsWith(`${THROWAWAY}:web-rebuild.${machine()}.${process.pid}.`));
    assert.notEqual(throwawayReference("web-rebuild"), reference, "two builds at once");
  });

  it("are abandoned when their process on this machine is gone", () => {
    for (const name of [
      isolatedName("guard", "ab12"),
      throwawayReference("web"),
      `${THROWAWAY}:x.${machine()}.7`,
    ]) {
      assert.ok(isAbandoned(name, machine(), dead), name);
      assert.ok(!isAbandoned(name, machine(), running), name);
    }
    const { pid } = spawnSync("true");
    assert.ok(isAbandoned(`${THROWAWAY}:web.${machine()}.${pid}`));
    assert.ok(!isAbandoned(throwawayReference("web")));
    assert.ok(!isAbandoned(`${THROWAWAY}:web.${machine()}.1`));
  });

  it("are abandoned when their process has ended, though nobody has waited for it", async () => {
    // The shell becomes a program that never asks for its child, and only then the child may end.
    const script = "(read _ <&3) & echo $!; exec sleep 60";
    const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit", "pipe"] });
    const command = (): string => readFileSync(`/proc/${parent.pid}/comm`, "utf8").trim();
    try {
      const end = parent.stdio[3];
      assert.ok(parent.stdout && end instanceof Writable);
      const [said] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(said.toString());
      await until("the shell to become sleep", 50_000, () => (command() === "sleep" ? true : null));
      end.end();
      const name = `${THROWAWAY}:web.${machine()}.${pid}`;
      await until("the end of the child", 50_000, () => (isAbandoned(name) ? true : null));
      process.kill(pid, 0);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("are never abandoned when they are another machine's, or not of this form", () => {
    const other = machine() === "00000000" ? "11111111" : "00000000";
    for (const name of [
      `${THROWAWAY}:web.${other}.7`,
      `verified-images-guard.${other}.7.ab12`,
      `${THROWAWAY}:web`,
      `${THROWAWAY}:web.${machine()}`,
      `${THROWAWAY}:web.${machine()}.seven`,
      `${THROWAWAY}:web.${machine()}.7.ab12.more`,
      `${THROWAWAY}:web.${machine()}x.7`,
      "verified-images/base:0123456789ab",
      "web:production",
      "",
    ]) {
      assert.ok(!isAbandoned(name, machine(), dead), name);
    }
  });

  it("of an artifact whose name looks like a maker's are told by their end", () => {
    const name = throwawayReference(`web.${machine()}.7`);
    assert.ok(!isAbandoned(name, machine(), (pid) => pid === process.pid));
    assert.ok(isAbandoned(name, machine(), (pid) => pid === 7));
  });

  it("are valid references for the longest artifact there is, and differ where artifacts differ", () => {
    const suffixes = ["a", "b"].flatMap((end) =>
      ["rebuild", "stage-0"].map((kind) => `${"x".repeat(127)}${end}-${kind}`),
    );
    const references = suffixes.map(throwawayReference);
    assert.equal(new Set(references).size, 4);
    for (const reference of references) {
      assert.equal(parseReference(reference).kind, "tag");
      assert.ok(isAbandoned(reference, machine(), dead));
    }
  });
});
