import regexp from "eslint-plugin-regexp";
import tseslint from "typescript-eslint";

const TYPED = ["**/*.ts", "{scripts,test/runner,test/set-up}/**/*.{mjs,cjs}"];

export default tseslint.config(
  { ignores: ["dist/**", "**/node_modules/**", "coverage/**", "reference/**", "**/.state/**"] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: TYPED })),
  {
    files: TYPED,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
    },
  },
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  {
    // Text from outside can be of any length (test/unit/one-line.test.ts). Of patterns that begin anywhere, these rules see
    // only a part.
    files: ["provider/**/*.ts", "components/**/*.ts", "cli/**/*.ts"],
    plugins: { regexp },
    rules: {
      "regexp/no-super-linear-backtracking": ["error", { report: "potential" }],
      "regexp/no-super-linear-move": ["error", { report: "certain", ignorePartial: false }],
    },
  },
  {
    // All builds of one update share a process: what waits for a child must not stop the others.
    files: ["provider/**/*.ts", "components/**/*.ts", "cli/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...["Identifier[name=NAMES]", "Literal[value=NAMES]", 'MemberExpression[property.name="sync"]'].map(
          (selector) => ({
            selector: selector.replace("NAMES", "/^(spawn|exec|execFile|execa|execaCommand|execaNode)Sync$/"),
            message: "Start children asynchronously (provider/base/process/run.ts).",
          }),
        ),
      ],
    },
  },
);
