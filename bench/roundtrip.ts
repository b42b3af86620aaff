import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnVerification } from "../provider/build/background/spawn";
import { buildAndJudge } from "../provider/build/functions/build-reproducible";
import { engineAt } from "../provider/build/functions/effects";
import { FROM_DISK } from "../provider/build/roundtrip/source";
import { makePlan } from "../provider/inputs/plan";
import { docker } from "../test/support/docker";
import { ownImages } from "../test/support/own-images";
import { median, type Result } from "./figures";
import { time } from "./time";

const MOST_RATIO = 1.05;

/** A typical service: a runtime and tools from the distribution, and one file. */
const RECIPE = `FROM debian:bookworm-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends python3 python3-venv curl git \\
 && rm -rf /var/lib/apt/lists/*
COPY app.py /app/app.py
RUN useradd --system app
USER app
CMD ["python3", "/app/app.py"]
`;

/** Measures a whole round trip, and two plain builds of the same recipe without cache, in turns. */
export async function roundtrip(rounds: number): Promise<Result> {
  const images = ownImages("bench-roundtrip");
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  const context = join(directory, "context");
  await mkdir(context);
  await writeFile(join(context, "Dockerfile"), RECIPE);
  await writeFile(join(context, "app.py"), "print('hello')\n");
  const labels = Object.entries(images.labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
  const raw = ["build", "--no-cache", "--quiet", "--tag", `${images.name}:raw`, ...labels, context];
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
    const inputs = {
      name: images.name,
      context,
      root: join(directory, "store"),
      labels: { ...images.labels },
    };
    const plan = makePlan({ ...inputs, force: round }, process.cwd());
    const { verified, reason } = (await buildAndJudge(effects, plan, process.cwd())).outputs;
    // A round trip that ends early would look fast, so it is an error.
    if (verified !== "verified") throw new Error(`the round trip ended ${verified}: ${reason}`);
  };
  try {
    const raws: number[] = [];
    const trips: number[] = [];
    const two = async (): Promise<void> => {
      for (let build = 0; build < 2; build++) await docker(raw, { timeoutMs: 1_200_000 });
    };
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
          what: "round trip / two raw builds (medians)",
          value: median(trips) / median(raws),
          most: MOST_RATIO,
          unit: "x",
        },
      ],
    };
  } finally {
    await images.clean();
    await rm(directory, { recursive: true, force: true });
  }
}
