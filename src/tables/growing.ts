/** Numbers that are appended one by one, in pieces, so that no array is copied while it grows. */
export class Growing<T extends Float64Array | Uint32Array> {
  readonly #Type: new (
    length: number,
  ) => T;
  readonly #full: T[] = [];
  #piece: T;
  /** The numbers in the last piece. */
  #used = 0;
  #length = 0;

  constructor(Type: new (length: number) => T) {
    this.#Type = Type;
    this.#piece = new Type(LEAST);
  }

  get length(): number {
    return this.#length + this.#used;
  }

  push(value: number): void {
    if (this.#used === this.#piece.length) this.#next();
    this.#piece[this.#used++] = value;
  }

  /** Gives all numbers as one array, and keeps none. */
  take(): T {
    const all = new this.#Type(this.length);
    this.#full.push(this.#piece.subarray(0, this.#used) as T);
    let start = 0;
    for (const piece of this.#full.splice(0)) {
      all.set(piece, start);
      start += piece.length;
    }
    this.clear();
    return all;
  }

  clear(): void {
    this.#full.length = 0;
    this.#piece = new this.#Type(LEAST);
    [this.#used, this.#length] = [0, 0];
  }

  #next(): void {
    this.#full.push(this.#piece);
    this.#length += this.#used;
    this.#piece = new this.#Type(Math.min(2 * this.#used, MOST));
    this.#used = 0;
  }
}

/** The numbers in the first piece, as a table may have very many columns, and in the largest ones. */
const LEAST = 16;
const MOST = 2 ** 15;
