import assert from "node:assert/strict";
import { isHealthyStatus, waitUntilHealthy, type Probe } from "../../../provider/stage/health";

/** A probe whose answers come from a list, and whose time passes only when it pauses or is asked. */
function probeOf(answers: (number | Error)[], hopeless: (asked: number) => string | null = () => null) {
  let time = 0;
  let asked = 0;
  const limits: number[] = [];
  const probe: Probe = {
    status(_url, limitMs) {
      limits.push(limitMs);
      time += 10.5;
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? new Error("none");
      return typeof answer === "number" ? Promise.resolve(answer) : Promise.reject(answer);
    },
    hopeless: () => Promise.resolve(hopeless(asked)),
    now: () => time,
    pause: (ms) => Promise.resolve(void (time += ms)),
  };
  return { probe, limits, asked: () => asked };
}

const refused = new Error("ECONNREFUSED");

describe("waiting for health", () => {
  it("takes 200 to 399 for health, as orchestrators do", () =>
    assert.deepEqual([199, 200, 204, 302, 399, 400, 404, 500].filter(isHealthyStatus), [200, 204, 302, 399]));

  it("ends with the first good answer, and says how long it took", async () => {
    const { probe, asked } = probeOf([refused, 503, 200]);
    const health = await waitUntilHealthy(probe, "http://web/", 60);
    assert.ok(health.ok && health.seconds > 0.6 && health.seconds < 0.7);
    assert.equal(asked(), 3);
  });

  it("ends at the deadline with the last answer", async () => {
    const health = await waitUntilHealthy(probeOf([refused, 503]).probe, "http://web/", 5);
    const reason = "http://web/ was not healthy within 5 s: its last answer was HTTP 503";
    assert.deepEqual(health, { ok: false, reason });
    const silent = await waitUntilHealthy(probeOf([refused]).probe, "http://web/", 5);
    assert.match((silent as { reason: string }).reason, /it gave no answer \(ECONNREFUSED\)$/);
  });

  it("ends with what was said before a look that the deadline cuts short", async () => {
    /** Milliseconds by which the timer of the look that is cut is early. */
    let early = 0;
    const reasonOf = async (...earlier: (number | Error)[]): Promise<string> => {
      const { probe } = probeOf(earlier);
      const times = earlier.length;
      let looks = 0;
      const cut: Probe = {
        ...probe,
        async status(url, limitMs) {
          if (looks++ < times) return probe.status(url, limitMs);
          await probe.pause(limitMs - early);
          throw new Error("it took too long");
        },
      };
      const health = await waitUntilHealthy(cut, "http://web/", 2);
      return health.ok ? "healthy" : health.reason;
    };
    assert.match(await reasonOf(503), /within 2 s: its last answer was HTTP 503$/);
    assert.match(await reasonOf(503, refused), /within 2 s: it gave no answer \(ECONNREFUSED\)$/);
    assert.match(await reasonOf(), /within 2 s: it gave no answer \(it took too long\)$/);
    early = 1;
    assert.match(await reasonOf(503), /within 2 s: its last answer was HTTP 503$/);
  });

  it("gives each look a whole number of milliseconds, no more than is left", async () => {
    const { probe, limits } = probeOf([refused]);
    await waitUntilHealthy(probe, "http://web/", 1);
    const odd = limits.filter((limit) => !Number.isInteger(limit) || limit < 1 || limit > 1000);
    assert.ok(limits.length > 0 && odd.length === 0, String(limits));
  });

  it("does not wait when there is no hope", async () => {
    const reason = "the container has exited";
    const { probe, asked } = probeOf([refused], (looks) => (looks === 2 ? reason : null));
    assert.deepEqual(await waitUntilHealthy(probe, "http://web/", 60), { ok: false, reason });
    assert.equal(asked(), 2);
  });

  it("ends with the signal's reason", async () => {
    const controller = new AbortController();
    const { probe } = probeOf([refused], (looks) => {
      if (looks === 3) controller.abort(new Error("enough"));
      return null;
    });
    await assert.rejects(waitUntilHealthy(probe, "http://web/", 60, controller.signal), /enough/);
  });
});
