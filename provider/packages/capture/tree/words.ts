import { MAX_HOPS } from "./file-tree";

/** What is wrong with a link; follows its name. */
export const LOOP = `leads to itself, or over more than ${MAX_HOPS} links`;
export const NOWHERE = "leads nowhere";
