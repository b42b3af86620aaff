import assert from "node:assert/strict";
import { join } from "node:path";
import { docker } from "./docker";
import {
  EndedTooSoon,
  endAtStep,
  remainsOf,
  stateLocks,
  storeState,
  type End,
  type Ended,
} from "./ended-update";
import type { OwnImages } from "./own-images";
import type { Deployment } from "./pulumi";
import type { ProgramSpec } from "./pulumi-program";
import { startStory, type Story } from "./pulumi-story";

/** The steps of an update that builds, in their order. */
export const STEPS = ["build", "capture", "lock", "locked rebuild", "compare"] as const;
const LONG: readonly string[] = ["build", "capture", "locked rebuild"];
export type Step = (typeof STEPS)[number];
/** Milliseconds in which everything is over, on a busy machine too; on a quiet one it takes a few seconds. */
const LIMIT_MS = 60_000;

/** Updates that may be over, or beyond the step, before the signal arrives. */
const ATTEMPTS = 5;

/** So many packages that locking and comparing take long enough to be hit. */
const PACKAGES = 8_000;
const status = Array.from(
  { length: PACKAGES },
  (_, index) => `Package: p${index}\nStatus: install ok installed\nArchitecture: all\nVersion: 1.${index}\n`,
).join("\n");

const isDone = (said: string, step: string): boolean => new RegExp(`[);] ${step} done`).test(said);

/** URNs of operations that the engine takes for not ended. */
const pendingOf = ({ deployment }: Deployment): string[] =>
  (deployment.pending_operations ?? []).map(({ resource }) => resource.urn);

/** An update that is told to end in each of these ways at each of these steps, and the update that follows. */
export function describeEnds(ends: readonly (readonly [End, readonly Step[]])[]): void {
  describe("an update that is told to end", function () {
    this.timeout(1_800_000);
    for (const [how, steps] of ends) describeEnd(how, steps);
  });
}

function describeEnd(how: End, steps: readonly Step[]): void {
  describe(`by the ${how}`, () => {
    const orderly = how === "first Ctrl-C";
    let story: Story;
    let name: string;
    const store = (): ReturnType<typeof storeState> =>
      storeState(join(story.project.directory, "store"), name);
    const images = async (): Promise<string[]> => {
      const format = ["--format", "{{.Repository}}:{{.Tag}}"];
      const [label = ""] = Object.entries(story.images.labels).map((pair) => pair.join("="));
      const listed = await docker(["image", "ls", "--all", "--filter", `label=${label}`, ...format]);
      return listed === "" ? [] : listed.split("\n").sort();
    };

    const program = ({ name, labels }: OwnImages, force: string): ProgramSpec => ({
      image: { name: name, context: "app", root: "store", labels, force },
    });

    /** Each attempt builds, whatever became of those before it. */
    const hit = async (step: Step, attempt = 1): Promise<Ended> => {
      await story.declare(program(story.images, `${step} ${attempt}`));
      try {
        const ended = await endAtStep(story, name, STEPS.slice(STEPS.indexOf(step)), how);
        if (attempt === ATTEMPTS || !isMissed(ended, step)) return ended;
      } catch (error) {
        if (!(error instanceof EndedTooSoon) || attempt === ATTEMPTS) throw error;
      }
      if (stateLocks(story.project.directory).length > 0) await story.project.run(["cancel", "--yes"]);
      return hit(step, attempt + 1);
    };
    const isMissed = ({ said }: Ended, step: string): boolean =>
      (LONG.includes(step) && isDone(said, step)) ||
      (how === "SIGKILL of the CLI" && stateLocks(story.project.directory).length === 0);

    before(async () => {
      story = await startStory("ends", (images) => program(images, "first"), {
        "app/Dockerfile": "FROM debian:bookworm-slim\nCOPY status /var/lib/dpkg/status\nRUN sleep 2\n",
        "app/status": status,
      });
      name = story.images.name;
    });
    after(() => story.end());

    for (const step of steps) {
      describe(`during ${step}`, () => {
        let ended: Ended;
        before(async () => (ended = await hit(step)));

        it("ends soon, with every process", () => {
          assert.ok(ended.ms <= LIMIT_MS, `it took ${Math.round(ended.ms)} ms\n${ended.said}`);
          // The others may be over before the signal arrives.
          if (LONG.includes(step)) assert.ok(!isDone(ended.said, step), ended.said);
        });

        if (orderly && step === "build") {
          it("says in one line what was cancelled", () =>
            assert.match(
              ended.said,
              new RegExp(`error: docker build of ${name}:\\d{8}T\\d{9}Z was cancelled\n`),
            ));
        }

        it("leaves no container, no helper image and no temporary folder", async () => {
          assert.equal(ended.providers.length, 1);
          assert.deepEqual(await remainsOf(ended), []);
          assert.deepEqual(await story.images.containers(), []);
        });

        it("leaves whole builds in the store, and the images of these alone", async () => {
          const { complete, latest, odd } = store();
          assert.deepEqual(odd, []);
          assert.equal(latest, complete.at(-1) ?? null);
          assert.deepEqual(
            await images(),
            complete.map((timestamp) => `${name}:${timestamp}`),
          );
        });

        it(`leaves ${orderly ? "no lock on the state and no pending operation" : "what the engine leaves"}`, async () => {
          const locks = stateLocks(story.project.directory);
          const pending = pendingOf(await story.project.exportState());
          // The engine gives up its bookkeeping at the second Ctrl-C; killed, it can't take its lock away.
          assert.equal(locks.length, how === "SIGKILL of the CLI" ? 1 : 0, locks.join());
          if (orderly) assert.deepEqual(pending, []);
          for (const urn of pending) assert.match(urn, /::image$/);
          if (locks.length > 0) await story.project.run(["cancel", "--yes"]);
          assert.deepEqual(stateLocks(story.project.directory), []);
        });
      });
    }

    describe("is followed by an update", () => {
      let built: unknown;
      before(async () => (built = (await story.project.up({ skipPreview: true })).outputs.image));

      it("that works, and ends verified", async () => {
        const { verified, reference } = built as Record<string, string>;
        assert.equal(verified, "verified");
        assert.ok((await images()).includes(reference ?? ""));
        assert.deepEqual(store().odd, []);
      });

      it("and a refresh that is told to clears what the engine kept of the ended ones", async () => {
        await story.project.run(["refresh", "--yes", "--clear-pending-creates"]);
        assert.deepEqual(pendingOf(await story.project.exportState()), []);
        assert.equal((await story.recorded("image"))?.outputs?.verified, "verified");
      });
    });
  });
}
