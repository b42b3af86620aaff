import { onOneLine } from "../errors/message";

/** A warning, in the order in which a person needs it. The row of a resource in a terminal shows the first part only. */
export interface Warning {
  /** What happened: one clause that begins with the outcome. Long lists, paths and hashes stand at its end. */
  what: string;
  /** Why, or what it means: whole sentences. null: `what` says it. */
  why: string | null;
  /** What to do: whole sentences, with a command or an edit. */
  todo: string;
}

/** A warning as text: each part on a line of its own, whatever it quotes. */
export function warningText({ what, why, todo }: Warning): string {
  const sentences = [why, todo].flatMap((part) => (part === null ? [] : [`  ${onOneLine(part)}`]));
  return [onOneLine(what), ...sentences].join("\n");
}

/** A clause of another message as a sentence: with a capital letter and a full stop. */
export function asSentence(clause: string): string {
  const text = clause.trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
}
