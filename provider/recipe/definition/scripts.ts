import type { DefinitionSection, DefinitionStage } from "./types";

const SHELL = /^(?:\S*\/)?(?:ba|da|a|z|k|mk)?sh$/;

/** The sections of a stage that run in the image while it is built, in the order in which they run. */
export function buildScripts(stage: DefinitionStage): DefinitionSection[] {
  const named = (name: string): DefinitionSection[] => stage.sections.filter((one) => one.name === name);
  return [...named("post"), ...named("appinstall")];
}

/**
 * Whether a shell runs the text of `%post`. All its sections are one script to the engine, and the arguments of the last
 * one that has any count: `-c /usr/bin/python3` makes another program read it.
 */
export function isShellScript(stage: DefinitionStage): boolean {
  const args = stage.sections.findLast(({ name, args }) => name === "post" && args !== "")?.args ?? "";
  const words = (args.split("#")[0] ?? "").split(/\s+/).filter((word) => word !== "");
  const option = words.indexOf("-c");
  return option === -1 || SHELL.test(words[option + 1] ?? "");
}

/** Whether a stage runs anything in the image. */
export const runsAnything = (stage: DefinitionStage): boolean => buildScripts(stage).length > 0;
