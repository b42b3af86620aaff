import { findAll } from "../../scripts/setup/programs.mjs";

/** All executable files called `name` in the folders of PATH, in PATH's order. */
export const findPrograms = (name: string, path = process.env.PATH): string[] => findAll(name, path);
