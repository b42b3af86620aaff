import { spawnVerification } from "../provider/build/background/spawn";
import { buildAndJudge } from "../provider/build/functions/build-reproducible";
import { engineAt } from "../provider/build/functions/effects";
import { FROM_DISK } from "../provider/build/roundtrip/source";
import { makePlan } from "../provider/inputs/plan";
import { median, type Result } from "./figures";
import { time } from "./time";

/** What is measured: a raw build, and the inputs of a round trip of the same recipe. */
export interface Compared {
  raw: () => Promise<unknown>;
  inputs: Parameters<typeof makePlan>[0];
  /** The greatest ratio with which the goal is reached. */
  most: number;
}

/** Measures a whole round trip, and two raw builds of the same recipe without cache, in turns. */
export async function againstTwoBuilds(rounds: number, { raw, inputs, most }: Compared): Promise<Result> {
  const steps = new Map<string, number[]>();
  const trip = async (round: number): Promise<void> => {
    const effects = {
      engine: engineAt(undefined, 30),
      reader: FROM_DISK,
      now: () => new Date(),
      report: ({ step, phase, seconds }: { step: string; phase: string; seconds: number }): void => {
        if (phase === "end") steps.set(step, [...(steps.get(step) ?? []), seconds * 1_000]);
      },
      warn: (message: string) => console.error(`  ${message}`),
      note: () => undefined,
      concurrency: 1,
      detach: spawnVerification,
    };
    const plan = makePlan({ ...inputs, force: round }, process.cwd());
    const { verified, reason, packages } = (await buildAndJudge(effects, plan, process.cwd())).outputs;
    // A round trip that ends early would look fast, so it is an error.
    if (verified !== "verified") throw new Error(`the round trip ended ${verified}: ${reason}`);
    const counts = Object.entries(packages).map(([ecosystem, count]) => `${ecosystem} ${count}`);
    console.log(`  proved: ${counts.join(", ")}`);
  };
  const two = async (): Promise<void> => {
    for (let build = 0; build < 2; build++) await raw();
  };
  const raws: number[] = [];
  const trips: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const turns: (() => Promise<unknown>)[] = [
      async () => raws.push(await time(two)),
      async () => trips.push(await time(() => trip(round))),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  return {
    rows: [
      { what: "two raw builds without cache", figures: { ms: raws } },
      { what: "one round trip", figures: { ms: trips } },
      ...[...steps].map(([step, ms]) => ({ what: `  of it: ${step}`, figures: { ms } })),
    ],
    goals: [
      {
        ...{ what: "round trip / two raw builds (medians)", most, unit: "x" as const },
        value: median(trips) / median(raws),
      },
    ],
  };
}
