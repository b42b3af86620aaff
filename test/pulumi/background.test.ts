import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inSeat } from "../../provider/base/lease/seat";
import { allProcesses, descendants } from "../support/processes";
import { dockerProgram } from "../support/docker";
import { driftingRecipe, driftOnce } from "../support/drifting-recipe";
import { endAtStep, remainsOf, storeState } from "../support/ended-update";
import { inOrder } from "../support/in-order";
import { leftBy } from "../support/left-by";
import type { OwnImages } from "../support/own-images";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";
import { until } from "../support/until";
import { endVerifications, verificationsOf, verificationsOver } from "../support/verifications";

const image = ({ name, labels }: OwnImages): Arguments => ({
  name: name,
  context: "app",
  root: "store",
  revision: REVISION_A,
  labels,
  verify: "background",
});
const promotion = ({ name }: OwnImages): Arguments => ({
  targets: [`${name}:production`],
  expectedRevision: REVISION_A,
  root: "store",
});

/** A story whose rebuilds wait for a word, and what they are waited for with. */
interface Waiting {
  story: Story;
  root: string;
  /** The environment in which rebuilds wait. */
  env: Record<string, string>;
  go(): Promise<void>;
  /** The only verification, once it waits. */
  waits(): Promise<number>;
  end(): Promise<void>;
}

async function startWaiting(name: string): Promise<Waiting> {
  const story = await startStory(name, (images) => ({ image: image(images) }));
  const { directory } = story.project;
  const [root, bin, waits, go] = ["store", "bin", "waits", "go"].map((part) => join(directory, part)) as [
    string,
    string,
    string,
    string,
  ];
  await mkdir(bin);
  const script = `#!/bin/sh
case "$*" in *' type=tar,dest=- '*)
  if grep -q background/main.js /proc/$PPID/cmdline; then
    echo > '${waits}'
    while [ ! -e '${go}' ]; do sleep 0.1; done
  fi ;;
esac
exec '${await dockerProgram()}' "$@"
`;
  await writeFile(join(bin, "docker"), script);
  await chmod(join(bin, "docker"), 0o755);
  const pulumi = process.env.PATH ?? "";
  return {
    story,
    root,
    env: { PATH: `${bin}:${join(__dirname, "../../node_modules/@pulumi/pulumi")}:${pulumi}` },
    go: () => writeFile(go, ""),
    async waits() {
      await until("the rebuild to wait", 300_000, () => (existsSync(waits) ? true : null));
      await rm(waits);
      const [one, ...more] = verificationsOf(root);
      assert.ok(one !== undefined && more.length === 0);
      return one.pid;
    },
    async end() {
      await writeFile(go, "");
      await endVerifications(root);
      await story.end();
    },
  };
}

describe("an image that is verified in the background", function () {
  this.timeout(1_800_000);

  describe("by an update that has ended", () => {
    const it = inOrder();
    let waiting: Waiting;
    let story: Story;
    let first: Record<string, unknown>;
    let pid: number;

    before(async () => {
      waiting = await startWaiting("background");
      ({ story } = waiting);
      const up = await story.project.run(["up", "--yes", "--skip-preview"], waiting.env);
      assert.equal(up.code, 0, up.stdout + up.stderr);
      first = (await story.recorded("image"))?.outputs ?? {};
      pid = await waiting.waits();
    });
    after(() => waiting?.end());

    it("is unknown, for a reason that names the log", () => {
      assert.equal(first.verified, "unknown");
      assert.match(
        String(first.reason),
        /^the locked rebuild runs in the background \(log: \S+\.verify\.log in the artifact store\)$/,
      );
      assert.ok(existsSync(join(waiting.root, /log: (\S+)/.exec(String(first.reason))?.[1] ?? "")));
    });

    it("changes nothing in a preview meanwhile, which says that it runs and where", async () => {
      const preview = await story.project.preview();
      assert.equal(preview.code, 0);
      assert.deepEqual(preview.changed(), []);
      assert.match(
        preview.diagnostics,
        new RegExp(
          `not verified yet: the locked rebuild runs in the background\n  It runs since \\S+, as process ${pid} on .*\n  Wait for it; its log is store/`,
        ),
      );
    });

    it("is not built, verified or promoted by an update or a refresh meanwhile, with a promotion that demands more", async () => {
      await story.declare({ image: image(story.images), promotion: promotion(story.images) });
      const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
      assert.match(stdout, /is not verified \(unknown\): the locked rebuild runs in the background/);
      assert.doesNotMatch(stdout, /\b(build|locked rebuild|capture) (\.\.\.|done)/);
      assert.equal(await story.pointsTo(story.tag("production")), null);
      await story.declare({ image: image(story.images) });
      await story.project.refresh();
      assert.deepEqual(
        verificationsOf(waiting.root).map((one) => one.pid),
        [pid],
      );
      assert.equal((await story.recorded("image"))?.outputs?.verified, "unknown");
    });

    it("shows the verdict as a change in the next preview, in words of its own", async () => {
      await waiting.go();
      await verificationsOver(waiting.root);
      const preview = await story.project.preview();
      assert.deepEqual(preview.changed(), ["image"]);
      assert.match(
        preview.diagnostics,
        /drift: verified in the background\n.*\n {2}Run `pulumi up`: it records the verdict, and builds nothing/,
      );
    });

    it("is recorded by the next update, which builds nothing and promotes it", async () => {
      await story.declare({ image: image(story.images), promotion: promotion(story.images) });
      const { stdout } = await story.project.up({ skipPreview: true });
      assert.doesNotMatch(stdout, /\b(build|locked rebuild|capture) (\.\.\.|done)/);
      const { verified, reason, imageId, timestamp } = (await story.recorded("image"))?.outputs ?? {};
      assert.deepEqual([verified, reason], ["verified", null]);
      assert.deepEqual([imageId, timestamp], [first.imageId, first.timestamp]);
      assert.deepEqual(await story.images.ids(), [first.imageId]);
      assert.equal(await story.pointsTo(story.tag("production")), imageId);
      assert.deepEqual((await story.project.preview()).changed(), []);
      assert.deepEqual(await leftBy(pid), []);
    });
  });

  it("and drifts, is shown with the names in the next preview, recorded by a refresh, and warned of by an update", async () => {
    const story = await startStory("background", (images) => ({ image: image(images) }));
    const root = join(story.project.directory, "store");
    try {
      const archive = await story.archive();
      await story.project.write("app/Dockerfile", driftingRecipe(archive));
      await driftOnce(archive);
      await story.project.up({ skipPreview: true });
      await verificationsOver(root);
      const preview = await story.project.preview();
      assert.deepEqual(preview.changed(), ["image"]);
      assert.match(
        preview.diagnostics,
        /drift: unverified in the background\n {2}.*changed dpkg:loose 1\.0 -> 2\.0.*\n {2}Run `pulumi up`: it records the verdict/,
      );
      await story.project.refresh();
      assert.equal((await story.recorded("image"))?.outputs?.verified, "unverified");
      const { stdout } = await story.project.up({ skipPreview: true });
      assert.match(stdout, /warning: unverified: dpkg:loose 1\.0 -> 2\.0, added dpkg:newcomer 1\.0/);
    } finally {
      await endVerifications(root);
      await story.end();
    }
  });

  it("whose verification was killed is verified anew without a build, which goes on when the stack is destroyed", async () => {
    const waiting = await startWaiting("background");
    const { story, root } = waiting;
    const up = async (): Promise<string> => {
      const { code, stdout, stderr } = await story.project.run(
        ["up", "--yes", "--skip-preview"],
        waiting.env,
      );
      assert.equal(code, 0, stdout + stderr);
      return stdout;
    };
    try {
      await up();
      const killed = await waiting.waits();
      process.kill(killed, "SIGKILL");
      await verificationsOver(root);
      const preview = await story.project.preview();
      assert.deepEqual(preview.changed(), ["image"]);
      assert.match(
        preview.diagnostics,
        new RegExp(
          `drift: not verified: the rebuild in the background \\(process ${killed} on .*\\) ended without a verdict: it was killed, .*\n  Run \`pulumi up\`: it verifies the same build again`,
        ),
      );
      const { imageId } = (await story.recorded("image"))?.outputs ?? {};
      assert.doesNotMatch(await up(), /\bbuild (\.\.\.|done)/);
      assert.equal((await story.recorded("image"))?.outputs?.imageId, imageId);
      const pid = await waiting.waits();
      assert.deepEqual(await leftBy(killed), []);
      const { stdout } = await story.project.destroy();
      assert.match(stdout, new RegExp(`process ${pid} on .*it goes on, and leaves its verdict in the store`));
      await waiting.go();
      await verificationsOver(root);
      const { complete } = storeState(root, story.images.name);
      const log = join(root, story.images.name, `${story.images.name}-${complete[0]}.verify.log`);
      assert.match(await readFile(log, "utf8"), / is verified: /);
    } finally {
      await waiting.end();
    }
  });

  it("is verified although the update that started it was killed, with its provider", async () => {
    const waiting = await startWaiting("background");
    const { story, root } = waiting;
    try {
      const slow = { ...image(story.images), name: `${story.images.name}-slow`, context: "slow" };
      await story.project.write("slow/Dockerfile", "FROM debian:bookworm-slim\nRUN sleep 60\n");
      await story.declare({ image: image(story.images), images: { slow } });
      await story.project.config("verified-images:concurrency", "2");
      await mkdir(root);
      // Its turn comes only after that: both slots of the store are taken.
      const slots = { root, limit: 2, note: () => undefined };
      await inSeat(slots, () =>
        inSeat(slots, async () => {
          const up = story.project.start(["up", "--yes", "--skip-preview"]);
          await until("a verification", 300_000, () => verificationsOf(root)[0]);
          const started = descendants(up.pid);
          process.kill(up.pid, "SIGKILL");
          await up.end;
          await until("the end of the provider", 300_000, () => {
            const left = new Set(allProcesses().map(({ pid }) => pid));
            return started.some(({ pid, command }) => command.includes("dynamic-provider") && left.has(pid))
              ? null
              : true;
          });
          assert.equal(verificationsOf(root).length, 1);
        }),
      );
      await verificationsOver(root);
      const { complete } = storeState(root, story.images.name);
      assert.ok(existsSync(join(root, story.images.name, `${story.images.name}-${complete[0]}.verified`)));
    } finally {
      await waiting.end();
    }
  });

  it("has no verification when the update was cancelled during its build", async () => {
    const story = await startStory("background", (images) => ({ image: image(images) }));
    const root = join(story.project.directory, "store");
    try {
      await story.project.write("app/Dockerfile", "FROM debian:bookworm-slim\nRUN sleep 30\n");
      const ended = await endAtStep(story, story.images.name, ["build"], "first Ctrl-C");
      assert.deepEqual(await remainsOf(ended), []);
      assert.deepEqual(verificationsOf(root), []);
      assert.deepEqual(storeState(root, story.images.name).complete, []);
    } finally {
      await endVerifications(root);
      await story.end();
    }
  });
});
