import { join } from "node:path";
import ts from "typescript";

/** One property of a public type, as its docstring describes it. */
export interface Described {
  name: string;
  optional: boolean;
  /** As TypeScript writes it, without null and undefined. */
  type: string;
  text: string;
  /** What `@defaultValue` says; empty where it is not given. */
  fallback: string;
}

export const PROJECT = join(__dirname, "../..");
/** Other packages are read as empty, which saves most of the time; zod's types are needed, as inputs may be inferred from them. */
const READ_WHOLE = /\/node_modules\/(?:typescript\/lib\/lib\.|zod\/)/;

/** Files of other packages that were parsed, by path: programs share them. */
const parsedFiles = new Map<string, ts.SourceFile | undefined>();

/** A type that a file exports. */
interface DescribedType {
  text: string;
  properties: Described[];
}

/** Reads what a file exports as types, by name. */
export function typesOf(file: string): (name: string) => DescribedType {
  const config = ts.readConfigFile(join(PROJECT, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const parsed = ts.parseJsonConfigFileContent(config.config, ts.sys, PROJECT);
  const options = { ...parsed.options, types: [] };
  const host = ts.createCompilerHost(options, true);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...others) => {
    if (path.includes("/node_modules/") && !READ_WHOLE.test(path)) {
      return ts.createSourceFile(path, "export {};", ts.ScriptTarget.ES2022);
    }
    // Our own files may be written anew between two programs.
    if (!path.includes("/node_modules/")) return read(path, ...others);
    const source = parsedFiles.get(path) ?? read(path, ...others);
    parsedFiles.set(path, source);
    return source;
  };
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} exports nothing: there are no types to describe`);
  const exported = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));

  return (name) => {
    const symbol = exported.get(name);
    if (symbol === undefined) throw new Error(`${file} exports no ${name}; expected a type to describe`);
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const properties = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(target));
    return {
      text: oneLine(ts.displayPartsToString(target.getDocumentationComment(checker))),
      properties: inOrder(properties).map((property) => describe(name, property, checker)),
    };
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
  return { name: property.name, optional, type: typeText(property, checker), text, fallback };
}

function typeText(property: ts.Symbol, checker: ts.TypeChecker): string {
  const type = checker.getTypeOfSymbol(property);
  const given = type.flags & ts.TypeFlags.Unknown ? type : checker.getNonNullableType(type);
  return checker.typeToString(given, undefined, ts.TypeFormatFlags.NoTruncation);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
