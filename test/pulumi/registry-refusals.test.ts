import assert from "node:assert/strict";
import { promotion } from "../../provider/pulumi/promotion/promotion-provider";
import type { Receipt } from "../../provider/promote/receipts/receipt";
import { command } from "../engine/support/command";
import { startFaultProxy, type FaultProxy } from "../support/fault-proxy";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";
import { pushTiny } from "../support/push-tiny";
import { startRegistry, type TestRegistry } from "../support/registry";

const LABEL = "org.opencontainers.image.revision";
const LOGIN = { "www-authenticate": 'Basic realm="tests"' };

/** Something that keeps a registry from promoting. */
interface Trouble {
  claim: string;
  fault: FaultProxy["fault"];
  more?: () => Arguments;
  /** What the message names, below the registry's host. */
  names: string;
  property: "source" | "targets";
  words: RegExp;
}

describe("a promotion that its registry does not let happen", function () {
  this.timeout(1_800_000);
  let story: Story;
  let real: TestRegistry;
  let proxy: FaultProxy;
  let wanted: string;
  let standing: string;

  const at = (rest: string): string => `${proxy.host}/${rest}`;
  const inputs = (more: Arguments = {}): Arguments => ({
    source: at("team/web:a"),
    targets: [at("production/web:live")],
    expectedRevision: REVISION_A,
    ...more,
  });
  const declare = (more?: Arguments): Promise<void> => story.declare({ promotion: inputs(more) });
  /** Asked of the registry itself: no fault gets in between. */
  const live = async (): Promise<string> =>
    (await real.digest("production/web", "live")) ?? assert.fail("the target is gone");
  const failedUp = async (): Promise<string> => {
    const { stdout, stderr } = await story.project.up({ skipPreview: true, expectFailure: true });
    return stdout + stderr;
  };

  before(async () => {
    real = await startRegistry();
    proxy = await startFaultProxy(real.host);
    story = await startStory("registry-refusals", () => ({}));
    for (const [place, revision] of [
      ["team/web:a", REVISION_A],
      ["production/web:live", REVISION_B],
    ] as const) {
      await pushTiny(`${real.host}/${place}`, { ...story.images.labels, [LABEL]: revision });
    }
    wanted = (await real.digest("team/web", "a")) ?? assert.fail("there is no source");
    standing = await live();
    assert.notEqual(standing, wanted);
  });
  afterEach(() => (proxy.fault = null));
  after(async () => {
    await story?.end();
    await proxy?.stop();
    await real?.stop();
  });

  const TROUBLES: Trouble[] = [
    {
      claim: "answers 401 for the target",
      fault: (_, path) => (path.startsWith("/v2/production/") ? { status: 401, headers: LOGIN } : null),
      ...{ names: "production/web:live", property: "targets" },
      words: /refuses these credentials, or wants some: docker login \S+ .*; no tag was moved/,
    },
    {
      claim: "answers 401 for the source",
      fault: (_, path) => (path.startsWith("/v2/team/") ? { status: 401, headers: LOGIN } : null),
      ...{ names: "team/web:a", property: "source" },
      words: /refuses these credentials, or wants some: docker login \S+ .*; no tag was moved/,
    },
    {
      claim: "says that it has no such source",
      fault: null,
      more: () => ({ source: at("team/web:never") }),
      ...{ names: "team/web:never", property: "source" },
      words: /its registry has no image \S+; push it first, or name another one; no tag was moved/,
    },
    {
      claim: "answers 404 as what is no registry does",
      fault: () => ({ status: 404, text: "<html></html>" }),
      ...{ names: "production/web:live", property: "targets" },
      words: /what answers there is perhaps no registry: is the reference right\?; no tag was moved/,
    },
    {
      claim: "answers 500",
      fault: (_, path) => (path.startsWith("/v2/team/") ? { status: 500 } : null),
      ...{ names: "team/web:a", property: "source" },
      words: /the registry has trouble of its own: look at its log, or try again later; no tag was moved/,
    },
    {
      claim: "does not answer at all",
      fault: () => "hang",
      more: () => ({ timeouts: { inspect: 2 } }),
      ...{ names: "production/web:live", property: "targets" },
      words: /did not answer within 2 s; .*The limit is `timeouts\.inspect`; no tag was moved/,
    },
  ];
  /** What the provider's check says; Pulumi asks it in each preview, and first in each update. */
  const refused = async (more?: Arguments): Promise<{ property: string; reason: string }[]> =>
    (await promotion.check({}, { ...inputs(more) })).failures;
  for (const { claim, fault, more, names, property, words } of TROUBLES) {
    it(`is refused where the registry ${claim}`, async () => {
      proxy.fault = fault;
      const said = (await refused(more?.())).filter((one) => one.property === property);
      const reasons = said.map(({ reason }) => reason).join("\n");
      assert.match(reasons, words);
      assert.ok(reasons.includes(at(names)), reasons);
    });
  }

  it("fails in Pulumi's preview and update with what is said, and moves no tag", async () => {
    const [{ fault, words, names }] = TROUBLES as [Trouble];
    await declare();
    proxy.fault = fault;
    const preview = await story.project.preview();
    assert.notEqual(preview.code, 0);
    for (const said of [preview.diagnostics, await failedUp()]) {
      const about = said.split("\n").filter((line) => line.includes("property targets value"));
      assert.match(about.join("\n"), words);
      assert.ok(about.join("\n").includes(at(names)), said);
    }
    assert.equal(await live(), standing, "the target was moved");
  });

  it("fails in the update alone and moves no tag where the registry can be read only", async () => {
    proxy.fault = (method) => (method === "GET" || method === "HEAD" ? null : { status: 403 });
    assert.deepEqual((await promotion.check({}, { ...inputs() })).failures, []);
    await assert.rejects(promotion.create({ ...inputs() }), ({ message }: Error) => {
      assert.match(
        message,
        /promotion of sha256:\w+ failed: copying .*docker login \S+ .*allow reading and writing/,
      );
      assert.ok(message.includes(at("production/web:live")), message);
      return true;
    });
    assert.equal(await live(), standing, "the target was moved");
  });

  it("is refused where `immutable` meets a tag of another image", async () => {
    const reasons = (await refused({ immutable: true })).map(({ reason }) => reason).join("\n");
    assert.ok(reasons.includes(`${at("production/web:live")} stands for ${standing} already`), reasons);
    assert.match(reasons, /immutable: true moves no tag: choose a new tag, .*; no tag was moved/);
    await assert.rejects(
      promotion.create({ ...inputs({ immutable: true }) }),
      /immutable: true moves no tag/,
    );
    assert.equal(await live(), standing, "the target was moved");
  });

  it("is put back where one of its targets can't be moved, and what can't be put back has a receipt", async () => {
    const fresh = at("production/web:fresh");
    const targets = [at("production/web:live"), fresh, at("production/web:blocked")];
    await declare({ targets, root: "store", requireVerified: false });
    proxy.fault = (method, path) =>
      method === "PUT" && path.endsWith("/manifests/blocked") ? { status: 500 } : null;
    const said = await failedUp();
    assert.ok(
      said.includes(`where a tag can't be removed, and so left on the promoted image: ${fresh}`),
      said,
    );
    assert.equal(await live(), standing, "what could be put back was not");
    assert.equal(await real.digest("production/web", "fresh"), wanted);
    assert.equal(await real.digest("production/web", "blocked"), null);
    const words = ["history", "--root", "store", "--target", fresh];
    const shown = await command(story.project.directory, words);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /^FAILED: line 1, .*promotion of sha256:\w+ failed: copying .*500/m);
    const { stdout } = await command(story.project.directory, [...words, "--json"]);
    const { promotions } = JSON.parse(stdout) as { promotions: Receipt[] };
    assert.deepEqual(
      promotions.map((one) => [one.targets, one.moved, one.previous, one.digest, one.revision]),
      [[[fresh], [fresh], { [fresh]: null }, wanted, REVISION_A]],
    );
  });

  it("happens where nothing is in its way, and `immutable` then finds its own image in place", async () => {
    const targets = [at("production/web:clear")];
    await declare({ targets });
    await story.project.up({ skipPreview: true });
    assert.equal(await real.digest("production/web", "clear"), wanted);
    await declare({ targets, immutable: true });
    const preview = await story.project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
  });
});
