import type { World } from "../world";

/** Warnings on standard error, each on a line of its own. */
export function warn(world: World, warnings: readonly string[]): void {
  for (const warning of warnings) world.err(`warning: ${warning}\n`);
}
