/** What has to be known of a command, and what is found out. */
interface Command {
  words: readonly { text: string }[];
  redirects: readonly unknown[];
  within: Command | null;
  perhaps: boolean;
}

/** A block of the shell (`if`, `case`, `{`, a loop) that is open. */
interface Block {
  word: string;
  /** True if what comes next in it may not run, also because of what is around it. */
  branch: boolean;
  /** The function whose body it is part of; null if it is part of none. */
  body: string | null;
  /** How the command before the block ended. */
  chain: Chain;
}

/** Commands joined by `&&` and `||`. */
interface Chain {
  /** The operator before the next command; empty at the start. */
  operator: string;
  /** Whether a test decides if the next command after `&&` runs. */
  tested: boolean;
}

/** What surrounds a list in brackets. */
interface Around {
  blocks: Block[];
  chain: Chain;
  stopped: boolean;
  inherited: boolean;
  body: string | null;
  cases: number;
}

const OPENERS = /^(?:\{|for|while|until|if|case|select)$/;
const CLOSERS = /^(?:\}|done|fi|esac)$/;
const BRANCHES = /^(?:then|else|elif)$/;
const KEYWORDS = /^(?:do|!|time)$/;
const isKeyword = (text: string): boolean => OPENERS.test(text) || BRANCHES.test(text) || KEYWORDS.test(text);
/** Commands that only ask. What follows one of them after `&&` runs or not, and both are intended. */
const TESTS = /^(?:test|\[|\[\[|command|which|type|hash|[ef]?grep|false|getent|id|cmp|diff)$/;
const START: Chain = { operator: "", tested: false };

/** Follows the branches of shell text while it is cut into commands, and marks the commands that may not run. */
export class ShellBranches {
  #blocks: Block[] = [];
  #chain: Chain = START;
  /** True after a command that may end the whole list. */
  #stopped = false;
  /** True if the whole list is in a branch. */
  #inherited = false;
  #body: string | null = null;
  #cases = 0;
  #defined: string | null = null;
  /** True right after a list in brackets. */
  #closed = false;
  readonly #definitions = new Set<Command>();
  readonly #bodies = new Map<Command, string>();

  /** Whether a bracket ends a pattern of a `case` here. */
  inCase(): boolean {
    return this.#cases > 0;
  }

  /** A command of which the words were read. */
  enter(command: Command): void {
    if (command.words.length === 0 && command.redirects.length === 0) return;
    command.perhaps = this.#perhaps();
    this.#closed = false;
    const { words } = command;
    for (let at = 0; at < words.length; at++) {
      const text = words[at]?.text ?? "";
      if (OPENERS.test(text)) this.#open(text);
      else if (text === "function") this.#defined = words[++at]?.text ?? null;
      else if (BRANCHES.test(text)) this.#branch();
      else if (!KEYWORDS.test(text)) break;
      command.perhaps = this.#perhaps();
    }
    if (CLOSERS.test(words[0]?.text ?? "")) this.#close();
    const body = this.#within();
    if (body !== null) this.#bodies.set(command, body);
  }

  /** A command, or brackets, that end with an operator. */
  leave({ words }: Command, after: string): void {
    const program = words.findIndex(({ text }) => !isKeyword(text));
    const name = words[program]?.text ?? "";
    // A line break after an operator goes on with the list.
    if (words.length === 0 && after === "\n" && this.#chain.operator !== "" && !this.#closed) return;
    if (name === "exit" && words[program + 1]?.text === "0") this.#stopped = true;
    if (this.#blocks.at(-1)?.word === "case") this.#branch();
    if (after === "&&") {
      this.#chain = { operator: after, tested: this.#chain.tested || TESTS.test(name) };
    } else if (after === "||") this.#chain = { operator: after, tested: false };
    else if (after !== "|" && after !== "|&") this.#chain = START;
  }

  /** `name()`, whose body comes next. */
  define(command: Command): void {
    this.#defined = command.words.at(-1)?.text ?? null;
    this.#definitions.add(command);
    this.#chain = START;
  }

  /** A list in brackets begins. Returns what has to be given back at its end. */
  push(): Around {
    const around = {
      ...{ blocks: this.#blocks, chain: this.#chain, stopped: this.#stopped },
      ...{ inherited: this.#inherited, body: this.#body, cases: this.#cases },
    };
    this.#inherited = this.#perhaps();
    this.#body = this.#defined ?? this.#within();
    this.#cases = 0;
    this.#defined = null;
    this.#blocks = [];
    this.#chain = START;
    return around;
  }

  pop({ blocks, chain, stopped, inherited, body, cases }: Around): void {
    this.#closed = true;
    this.#cases = cases;
    this.#blocks = blocks;
    this.#chain = chain;
    this.#stopped = stopped;
    this.#inherited = inherited;
    this.#body = body;
  }

  /** Marks what is in functions that nothing calls for sure, and what is within such commands. */
  settle(commands: readonly Command[]): void {
    const callers = new Map<string, Command[]>();
    for (const command of commands) {
      const name = command.words.find(({ text }) => !isKeyword(text))?.text ?? "";
      const known = callers.get(name) ?? [];
      callers.set(name, known);
      if (!command.perhaps && !this.#definitions.has(command)) known.push(command);
    }
    const called = new Set<string>();
    const bodies = new Set(this.#bodies.values());
    for (let before = -1; before < called.size;) {
      before = called.size;
      for (const body of bodies) {
        const sure = callers
          .get(body)
          ?.some((one) => called.has(this.#bodies.get(one) ?? "") || !this.#bodies.has(one));
        if (sure === true) called.add(body);
      }
    }
    for (const command of commands) {
      const body = this.#bodies.get(command);
      if (body !== undefined && !called.has(body)) command.perhaps = true;
    }
    for (const command of commands) command.perhaps ||= command.within?.perhaps === true;
  }

  #open(word: string): void {
    const body = this.#defined ?? this.#within();
    this.#blocks.push({ word, branch: this.#perhaps(), body, chain: this.#chain });
    if (word === "case") this.#cases++;
    this.#defined = null;
    this.#chain = START;
  }

  #close(): void {
    const block = this.#blocks.pop();
    if (block?.word === "case") this.#cases--;
    this.#chain = block?.chain ?? START;
  }

  /** What comes next in the block that is open may not run. */
  #branch(): void {
    const open = this.#blocks.at(-1);
    if (open) open.branch = true;
  }

  /** The function whose body is being read. */
  #within(): string | null {
    return this.#blocks.at(-1)?.body ?? this.#body;
  }

  #perhaps(): boolean {
    const { operator, tested } = this.#chain;
    return (
      this.#inherited ||
      this.#stopped ||
      operator === "||" ||
      (operator === "&&" && tested) ||
      this.#blocks.at(-1)?.branch === true
    );
  }
}
