import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promotion } from "../../../provider/pulumi/promotion/promotion-provider";
import { PromotionRefusedError } from "../../../provider/promote/gate/errors";
import { REVISION_LABEL } from "../../../provider/base/revision/verdict";
import { readHistory } from "../../../provider/promote/receipts/read-history";
import { runChild } from "../../support/child";
import { buildTiny } from "../../support/docker";
import { ownImages } from "../../support/own-images";
import { engineEndpoint, idByApi, tagByApi } from "./engine-api";

const EXPECTED = "a1".repeat(20);
const OTHER = "b2".repeat(20);

/** One promotion of the race. */
interface Attempt {
  started: number;
  ended: number;
  /** What it promoted; null: it was refused. */
  promoted: string | null;
  /** Where the target was afterwards. */
  target: string | null;
  /** Why it was refused. */
  refusal: string;
}

/**
 * Promotions, one after the other, from a name and from an image's ID, while another process moves the name.
 *
 * @param count how often it moves the name
 */
export function describeRace(count: number): void {
  describe(`promotions while another process moves the source's name ${count} times`, function () {
    this.timeout(1_800_000);
    const images = ownImages("race");
    const candidate = `${images.name}:candidate`;
    let root: string;
    let endpoint: string;
    let [good, bad, standing] = ["", "", ""];
    const attempts: Record<"name" | "id", Attempt[]> = { name: [], id: [] };
    const seen = new Set<string | null>();
    let retags: number[] = [];
    /** How often the name was moved while a promotion was under way. */
    const interleaved = ({ started, ended }: Attempt): number =>
      retags.filter((moment) => moment > started && moment < ended).length;

    async function attempt(source: string, target: string): Promise<Attempt> {
      await tagByApi(endpoint, standing, target);
      const started = Date.now();
      const inputs = {
        source,
        targets: [target],
        expectedRevision: EXPECTED,
        root,
        requireVerified: false,
      };
      const outcome = await promotion.create(inputs).then(
        ({ outs }) => ({ promoted: outs.imageId as string, refusal: "" }),
        (error: unknown) => {
          if (error instanceof PromotionRefusedError) return { promoted: null, refusal: error.message };
          throw error;
        },
      );
      return { started, ended: Date.now(), ...outcome, target: await idByApi(endpoint, target) };
    }

    before(async () => {
      root = await mkdtemp(join(tmpdir(), "verified-images-race-"));
      endpoint = await engineEndpoint();
      const build = (name: string, revision: string): Promise<string> =>
        buildTiny({
          name: `${images.name}:${name}`,
          labels: { ...images.labels, [REVISION_LABEL]: revision },
        });
      [good, bad, standing] = [
        await build("good", EXPECTED),
        await build("bad", OTHER),
        await build("standing", "c3".repeat(20)),
      ];
      await tagByApi(endpoint, good, candidate);

      // A promotion tells the console what it has done, where no Pulumi listens.
      const { log } = console;
      console.log = () => undefined;
      const race = { over: false };
      const lane = async (kind: keyof typeof attempts, source: string): Promise<void> => {
        const target = `${images.name}:production-${kind}`;
        while (!race.over) attempts[kind].push(await attempt(source, target));
      };
      const watch = async (): Promise<void> => {
        while (!race.over) {
          for (const kind of ["name", "id"]) {
            seen.add(await idByApi(endpoint, `${images.name}:production-${kind}`));
          }
          await sleep(5);
        }
      };
      const child = ["--import", "tsx", join(__dirname, "retagger.ts")];
      const words = [...child, endpoint, candidate, String(count), bad, good];
      const retagger = runChild(process.execPath, words, { timeoutMs: 1_800_000 }).finally(
        () => (race.over = true),
      );
      const [{ code, stdout, stderr }] = await Promise.all([
        retagger,
        lane("name", candidate),
        lane("id", good),
        watch(),
      ]).finally(() => (console.log = log));
      assert.equal(code, 0, stderr);
      retags = JSON.parse(stdout) as number[];
    });
    after(async () => {
      await images.clean();
      await rm(root, { recursive: true, force: true });
    });

    it("were really interleaved: the name moved within them, and they came out both ways", () => {
      assert.equal(retags.length, count);
      const moved = attempts.name.filter((one) => interleaved(one) > 0);
      assert.ok(
        moved.length >= 10,
        `the name moved within ${moved.length} of ${attempts.name.length} promotions`,
      );
      const within = [...attempts.name, ...attempts.id].reduce((sum, one) => sum + interleaved(one), 0);
      assert.ok(within >= count / 2, `only ${within} moves fell within a promotion`);
      const outcomes = new Set(moved.map(({ promoted }) => promoted));
      assert.deepEqual(outcomes, new Set([good, null]));
    });

    it("from the name promoted the right image or were refused, and never moved a target to a wrong one", () => {
      for (const { promoted, target } of attempts.name) {
        assert.ok(promoted === good || promoted === null, `promoted ${promoted}`);
        assert.equal(target, promoted ?? standing);
      }
    });

    it("from the image's ID promoted it, every time", () => {
      assert.ok(attempts.id.length >= 10, `only ${attempts.id.length} promotions`);
      for (const { promoted, target, refusal } of attempts.id)
        assert.deepEqual([promoted, target, refusal], [good, good, ""]);
    });

    it("let no reason pass an image that came in the place of the one it was given for", async () => {
      const target = `${images.name}:production-reason`;
      await tagByApi(endpoint, standing, target);
      await tagByApi(endpoint, bad, candidate);
      const news = {
        source: candidate,
        targets: [target],
        expectedRevision: EXPECTED,
        root: join(root, "reason"),
        requireVerified: false,
        overrideReason: "the bad one it is, for now",
      };
      const { log, warn } = console;
      Object.assign(console, { log: () => undefined, warn: () => undefined });
      try {
        const { inputs, failures } = await promotion.check(undefined, news);
        assert.deepEqual(failures, []);
        await tagByApi(endpoint, standing, candidate);
        await assert.rejects(promotion.create(inputs), (error: unknown) => {
          assert.ok(error instanceof PromotionRefusedError);
          assert.match(error.message, /"the bad one it is, for now" was spent on image [0-9a-f]{12}/);
          return true;
        });
        assert.equal(await idByApi(endpoint, target), standing);
        await tagByApi(endpoint, bad, candidate);
        assert.equal((await promotion.create(inputs)).outs.imageId, bad);
        assert.equal(await idByApi(endpoint, target), bad);
      } finally {
        Object.assign(console, { log, warn });
      }
    });

    it("showed nobody who watched the targets a wrong image for one moment", () => {
      assert.ok(seen.has(good) && seen.has(standing));
      seen.delete(null); // Before the first promotion.
      assert.deepEqual([...seen].sort(), [good, standing].sort());
    });

    it("wrote a receipt of each that was not refused, in one chain, and each names the right image", async () => {
      const made = [...attempts.name, ...attempts.id].filter(({ promoted }) => promoted !== null);
      const { lines, problems, torn } = await readHistory(root);
      assert.deepEqual([lines.length, problems, torn], [made.length, [], null]);
      for (const { receipt } of lines) {
        assert.equal(receipt?.imageId, good);
        assert.deepEqual(receipt.moved, receipt.targets);
        assert.deepEqual(Object.values(receipt.previous), [standing]);
      }
    });
  });
}
