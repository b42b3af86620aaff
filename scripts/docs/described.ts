import { join } from "node:path";
import ts from "typescript";

/** One property of a public type, as its docstring describes it. */
export interface Described {
  name: string;
  optional: boolean;
  text: string;
  /** What `@defaultValue` says; empty where it is not given. */
  fallback: string;
}

const PROJECT = join(__dirname, "../..");
/** Other packages are read as empty, which saves most of the time; zod's types are needed, as inputs may be inferred from them. */
const READ_WHOLE = /\/node_modules\/(?:typescript\/lib\/lib\.|zod\/)/;

/** Reads what the package exports as types: the properties of one of them, by its name in `index.ts`. */
export function publicTypes(): (name: string) => Described[] {
  const config = ts.readConfigFile(join(PROJECT, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const parsed = ts.parseJsonConfigFileContent(config.config, ts.sys, PROJECT);
  const options = { ...parsed.options, types: [] };
  const host = ts.createCompilerHost(options, true);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...others) =>
    path.includes("/node_modules/") && !READ_WHOLE.test(path)
      ? ts.createSourceFile(path, "export {};", ts.ScriptTarget.ES2022)
      : read(path, ...others);
  const program = ts.createProgram([join(PROJECT, "index.ts")], options, host);
  const checker = program.getTypeChecker();
  const index = program.getSourceFile(join(PROJECT, "index.ts"));
  const module = index && checker.getSymbolAtLocation(index);
  if (module === undefined) throw new Error("index.ts exports nothing: there are no types to describe");
  const exported = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));

  return (name) => {
    const symbol = exported.get(name);
    if (symbol === undefined) throw new Error(`index.ts exports no ${name}; expected a type to describe`);
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const properties = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(target));
    return inOrder(properties).map((property) => describe(name, property, checker));
  };
}

/** As they are declared, file by file; the compiler's own order of inferred properties depends on the rest of the program. */
function inOrder(properties: readonly ts.Symbol[]): ts.Symbol[] {
  const files = properties.map((property) => fileOf(property));
  const place = (property: ts.Symbol): number => files.indexOf(fileOf(property));
  const start = (property: ts.Symbol): number => property.declarations?.[0]?.getStart() ?? 0;
  return [...properties].sort((a, b) => place(a) - place(b) || start(a) - start(b));
}

function fileOf(property: ts.Symbol): string {
  return property.declarations?.[0]?.getSourceFile().fileName ?? "";
}

function describe(owner: string, property: ts.Symbol, checker: ts.TypeChecker): Described {
  const text = oneLine(ts.displayPartsToString(property.getDocumentationComment(checker)));
  if (text === "")
    throw new Error(`${owner}.${property.name} has no docstring; write one where it is declared`);
  const tag = property.getJsDocTags(checker).find(({ name }) => name === "defaultValue");
  const fallback = oneLine(ts.displayPartsToString(tag?.text));
  const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
  return { name: property.name, optional, text, fallback };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
