import type { Background } from "../../store/verified-state";

const process = ({ pid, host }: Background): string => `process ${pid} on ${host}`;

/** A verification in the background that runs, with what it takes to look at it. */
export function backgroundDetail(background: Background, root: string): string {
  const { since, log } = background;
  return `the locked rebuild runs in the background since ${since} (${process(background)}; log: ${root}/${log})`;
}

/** A verification in the background, short, for a list. */
export function backgroundNote(background: Background): string {
  const { phase, since, failed } = background;
  if (phase === "running") return `since ${since}, ${process(background)}`;
  if (phase === "failed") return `nothing proven in the background: ${failed ?? ""}`;
  return `verification ended without a verdict (since ${since}, ${process(background)})`;
}

/** The command that verifies a build. */
export function howToVerify(reference: string): string {
  return `verified-images verify ${reference.replace(/:([^:]*)$/, " $1")}`;
}
