import { javascriptString } from '../text.ts';

/** The names that a script imports, in the order in which they are first needed. */
export class Imports {
  readonly #names: { module: string; name: string }[] = [];

  add(module: string, ...names: string[]): void {
    for (const name of names) this.#names.push({ module, name });
  }

  /** A line for each module, its names without repetition. */
  get lines(): string[] {
    const lower = (name: string) => name.toLowerCase();
    const sorted = (names: string[]) => [...new Set(names)].sort((a, b) => (lower(a) < lower(b) ? -1 : 1));
    return sorted(this.#names.map(({ module }) => module)).map((module) => {
      const names = this.#names.filter((one) => one.module === module).map(({ name }) => name);
      return `import { ${sorted(names).join(', ')} } from ${javascriptString(module)};`;
    });
  }
}
