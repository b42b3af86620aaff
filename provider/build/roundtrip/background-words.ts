import type { Background } from "../../store/verified-state";

const process = ({ pid, host }: Background): string => `process ${pid} on ${host}`;

/** A verification that runs in the background, with its process and its log. */
export function backgroundDetail(background: Background, root: string): string {
  const { since, log } = background;
  return `the locked rebuild runs in the background since ${since} (${process(background)}; log: ${root}/${log})`;
}

/** The same in short, for a list; also for one that has ended without a verdict. */
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
