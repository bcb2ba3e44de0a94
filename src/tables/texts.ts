/** What all columns of a table may keep of texts. */
export interface TextLimits {
  /** Different texts in a column. */
  texts: number;
  /** Characters of different texts in all columns. */
  characters: number;
}

/** The different texts of a column, each with its code. */
export class Texts {
  readonly list: string[] = [];
  readonly #codes = new Map<string, number>();
  readonly #limits: TextLimits;

  /** @param limits `characters` is what is left for all columns that share the object */
  constructor(limits: TextLimits) {
    this.#limits = limits;
  }

  /** The code of a text that is known; undefined for any other. */
  known(text: string): number | undefined {
    return this.#codes.get(text);
  }

  /** The code of a text, which is new or known; undefined if there are too many texts. */
  code(text: string): number | undefined {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const limits = this.#limits;
    if (this.list.length >= limits.texts || text.length > limits.characters) return undefined;
    limits.characters -= text.length;
    const own = ownCopy(text);
    this.#codes.set(own, this.list.length);
    return this.list.push(own) - 1;
  }

  clear(): void {
    for (const { length } of this.list) this.#limits.characters += length;
    this.list.length = 0;
    this.#codes.clear();
  }
}

/** A copy that does not keep the text of which it was a part, as slices do in V8. */
function ownCopy(text: string): string {
  return JSON.parse(JSON.stringify(text));
}
