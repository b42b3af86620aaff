import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { artifactLease, withArtifact, type ArtifactWanted } from "../../../../provider/base/lease/artifact";
import { ArtifactInUseError, LeaseLostError } from "../../../../provider/base/lease/errors";
import { LEASE_TIMES, type LeaseTimes } from "../../../../provider/base/lease/lease";
import { newLease, readLease } from "../../../../provider/base/lease/lease-file";
import type { Lease } from "../../../../provider/base/lease/lease-content";
import { identityOf, identitySchema } from "../../../../provider/base/process/identity";
import { StoreError } from "../../../../provider/base/errors/store-error";
import { findBuild } from "../../../../provider/store/find-image";
import { each } from "../../../support/each";
import { runChild } from "../../../support/child";
import { until } from "../../../support/until";
import { at, putBuild, removeScratch, scratch } from "../../store/scratch";

/** Work that is done at once. */
const done = (): Promise<void> => Promise.resolve();
const QUICK: LeaseTimes = { ...LEASE_TIMES, poll: 10, beat: 20, stale: 300 };

describe("the lease on an artifact", () => {
  after(removeScratch);
  let root: string;
  let file: string;
  let notes: string[];
  beforeEach(() => {
    root = join(scratch(), "artifacts", "store");
    file = artifactLease(root, "web");
    notes = [];
  });
  const request = (changes: Partial<ArtifactWanted> = {}): ArtifactWanted => ({
    ...{ root, name: "web", note: (words) => notes.push(words), times: QUICK },
    ...changes,
  });
  /** Work that says whether anything may have changed before it began. */
  const isStale = ({ stale }: { stale: boolean }): Promise<boolean> => Promise.resolve(stale);
  const held = async (): Promise<Lease | null | undefined> => (await readLease(file))?.lease;
  /** Gives somebody else the lease on the artifact. */
  async function leasedTo(changes: Partial<Lease>): Promise<Lease> {
    await putBuild(root, "web", at(1));
    const lease = { ...newLease(), token: "0123456789abcdef", ...changes };
    writeFileSync(`${root}.other`, `${JSON.stringify(lease)}\n`);
    renameSync(`${root}.other`, file);
    return lease;
  }
  const elsewhere = { space: "ffffffffffffffff", host: "other-machine", pid: 4242 };

  it("tells others who works on the artifact meanwhile, and leaves no trace, not even a folder", async () => {
    const stale = await withArtifact(request(), async ({ stale }) => {
      const lease = await held();
      assert.deepEqual(identityOf(process.pid), identitySchema.parse(lease));
      assert.equal(lease?.host, hostname());
      assert.match(lease.since, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      assert.deepEqual(readdirSync(root), [".web.lease"]);
      return stale;
    });
    assert.equal(stale, true, "a folder around the store was made");
    assert.equal(existsSync(join(root, "..")), false);
    assert.deepEqual(notes, []);
  });

  it("makes nothing stale by making the store's own folder", async () => {
    mkdirSync(join(root, ".."));
    assert.equal(await withArtifact(request(), isStale), false);
  });

  it("leaves no trace of work that fails, and throws its error", async () => {
    const error = new Error("no such recipe");
    const failing = withArtifact(request(), () => Promise.reject(error));
    await assert.rejects(failing, (thrown) => thrown === error);
    assert.equal(existsSync(join(root, "..")), false);
  });

  it("leaves no trace of a process that exits in the middle of it, but a lease that is another one's", async () => {
    const leaver = ["--import", "tsx", join(__dirname, "leaver.ts"), root];
    const leave = async (whose: string): Promise<void> =>
      assert.equal((await runChild(process.execPath, [...leaver, whose])).code, 3);
    await leave("own");
    assert.deepEqual(readdirSync(root), []);
    await leave("another");
    assert.equal((await held())?.token, "0123456789abcdef");
  });

  it("leaves folders alone into which something came", async () => {
    await withArtifact(request(), () => putBuild(root, "web", at(1)));
    assert.deepEqual(readdirSync(root), ["web"]);
  });

  it("is no build and no artifact to readers of the store", async () => {
    await putBuild(root, "web", at(1), { latest: true });
    await withArtifact(request(), async () => {
      assert.equal((await findBuild(root, "web"))?.record.timestamp, at(1));
      assert.equal(await findBuild(root, ".web.lease"), null);
    });
  });

  it("lets work on one artifact happen one after the other, and on two at the same time", async () => {
    const events: string[] = [];
    mkdirSync(root, { recursive: true });
    const work = (name: string, who: string): Promise<void> =>
      withArtifact(request({ name }), async ({ stale }) => {
        events.push(`${who} begins${stale ? " after a wait" : ""}`);
        if (name === "web")
          await until("the other artifact", 50_000, () => events.includes("c begins") || null);
        events.push(`${who} ends`);
      });
    await Promise.all([work("web", "a"), work("web", "b"), work("api", "c")]);
    const web = events.filter((event) => !event.startsWith("c"));
    const [first, second] = web[0] === "a begins" ? ["a", "b"] : ["b", "a"];
    const expected = [`${first} begins`, `${first} ends`, `${second} begins after a wait`, `${second} ends`];
    assert.deepEqual(web, expected);
    const words = "waiting: another build of this artifact of the store is running in this process";
    assert.deepEqual(notes, [words]);
  });

  it("waits for a process that lives, says for whom, once, and is ended by an abort at once", async () => {
    const lease = await leasedTo(identityOf(process.ppid));
    const controller = new AbortController();
    const waiting = withArtifact(request({ signal: controller.signal }), done);
    await until("the word", 50_000, () => notes[0]);
    utimesSync(file, 1, 1); // However long its last sign of life is ago.
    const timer = setTimeout(() => controller.abort(new Error("cancelled")), 2 * QUICK.stale);
    await assert.rejects(waiting, /^Error: cancelled$/);
    clearTimeout(timer);
    const who = `process ${process.ppid} on ${hostname()} (since ${lease.since})`;
    assert.deepEqual(notes, [`waiting: this artifact of the store is in use by ${who}`]);
    assert.equal((await held())?.token, lease.token);
  });

  it("says again after a while that it still waits", async () => {
    await leasedTo(identityOf(process.ppid));
    const controller = new AbortController();
    const times = { ...QUICK, report: 50 };
    const waiting = withArtifact(request({ signal: controller.signal, times }), done);
    await until("three words", 50_000, () => notes[2]);
    controller.abort();
    await assert.rejects(waiting);
    const words = /^still waiting after \d+ s: this artifact of the store is in use by process /;
    assert.match(notes[1] ?? "", words);
  });

  it("goes on as soon as the lease is released", async () => {
    await leasedTo(identityOf(process.ppid));
    const waiting = withArtifact(request(), isStale);
    await until("the word", 50_000, () => notes[0]);
    rmSync(file);
    assert.equal(await waiting, true);
  });

  it("fails after the limit, naming artifact, process and what to do", async () => {
    const { since } = await leasedTo(elsewhere);
    const times = { ...QUICK, stale: 60_000, limit: 100 };
    const message =
      `the artifact web of the artifact store ${root} is still in use by process 4242 on other-machine (since ${since}), ` +
      "after a wait of 0 s; let that build end, or end it, and run this again. " +
      `If it is surely gone, remove ${file}`;
    const refused = { name: ArtifactInUseError.name, code: "artifact-in-use", message };
    await assert.rejects(withArtifact(request({ times }), done), refused);
  });

  each("replaces %s, at once", [
    ["a process of this machine that is gone", { pid: 2 ** 22 + 1 }],
    ["a process whose number another one has now", { pid: process.ppid, started: "1" }],
  ])(async (_, changes) => {
    await leasedTo(changes);
    // Longer than a test may take.
    const times = { ...QUICK, stale: 600_000 };
    await withArtifact(request({ times }), async () => assert.equal((await held())?.pid, process.pid));
    assert.deepEqual([notes, readdirSync(root)], [[], ["web"]]);
  });

  it("replaces one of another machine only when it shows no sign of life for a while, by our own clock", async () => {
    await leasedTo(elsewhere);
    const started = performance.now();
    let last = 0;
    const times = {
      ...QUICK,
      /** Read before the pause after each look: a sign of life comes between any two, for three times the limit. */
      get poll(): number {
        const now = performance.now();
        if (now - started < 3 * QUICK.stale) utimesSync(file, 1, (last = now) / 1000);
        return QUICK.poll;
      },
    };
    await withArtifact(request({ times }), done);
    assert.ok(last - started > 2 * QUICK.stale, "it was waited for beyond the limit");
    assert.ok(performance.now() - last >= QUICK.stale);
  });

  it("replaces one whose removal by somebody elsewhere was cut off too", async () => {
    const lease = await leasedTo(elsewhere);
    writeFileSync(`${file}.${lease.token}`, JSON.stringify({ ...lease, token: "f".repeat(16) }));
    await withArtifact(request(), done);
    assert.deepEqual(readdirSync(root), ["web"]);
  });

  it("replaces a damaged lease after a while", async () => {
    await putBuild(root, "web", at(1));
    writeFileSync(file, "");
    const started = performance.now();
    await withArtifact(request(), done);
    assert.ok(performance.now() - started >= QUICK.stale);
    assert.deepEqual(readdirSync(root), ["web"]);
  });

  it("shows signs of life, and ends the work when the lease is lost, saying to whom", async () => {
    const touched = async (): Promise<number> => (await readLease(file))?.touchedMs ?? 0;
    const working = withArtifact(request(), async ({ signal }) => {
      const before = await touched();
      await until("a sign of life", 50_000, async () => (await touched()) > before || null);
      await leasedTo(elsewhere);
      await until("the end", 50_000, () => signal.aborted || null);
      throw new Error("docker build was cancelled");
    });
    const message = /lost .*\(process 4242 on other-machine .* took this process for dead\)/;
    await assert.rejects(working, { name: LeaseLostError.name, message });
    assert.equal((await held())?.pid, 4242, "the other one's lease stays");
  });

  it("says that it was lost also when the work did not notice", async () => {
    const times = { ...QUICK, beat: 60_000 };
    const working = withArtifact(request({ times }), () => Promise.resolve(rmSync(file)));
    await assert.rejects(working, LeaseLostError);
  });

  it("fails by name where the store can't be written", async () => {
    root = join(scratch(), "file");
    writeFileSync(root, "");
    await assert.rejects(withArtifact(request({ root }), done), StoreError);
  });
});
