import { BUILD_TOOLS } from "./build-tools";
import { OTHER_TOOLS } from "./other-tools";
import { PACKAGE_TOOLS } from "./package-tools";
import { type ToolKind, type ToolRow } from "./tool-row";

/** Every tool that is described by data. The documentation's table of them is made from this. */
export const TOOLS = { ...BUILD_TOOLS, ...PACKAGE_TOOLS, ...OTHER_TOOLS };

export type ToolKindName = keyof typeof TOOLS;

export function isToolKind(kind: string): kind is ToolKindName {
  return Object.hasOwn(TOOLS, kind);
}

export const wordsOf = (text: string | undefined): string[] =>
  (text ?? "").split(" ").filter((word) => word !== "");
export const commandsOf = ({ commands }: ToolRow): string[] => commands.split(", ");

/** The names of all locks and manifests of the tools, as they are looked for in a context. */
export const LOCK_NAMES: readonly string[] = [
  ...new Set(
    Object.values<ToolKind>(TOOLS).flatMap(({ rows }) =>
      rows.flatMap(({ locks, manifest }) => [...wordsOf(locks), ...wordsOf(manifest)]),
    ),
  ),
];
