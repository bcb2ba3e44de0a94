/** Work of which each begins when the one before it has ended. */
export class Turns {
  #last: Promise<void> | undefined;

  /** Fulfilled when the last work has ended; undefined without work under way. */
  get last(): Promise<void> | undefined {
    return this.#last;
  }

  /**
   * Does work in its turn: at once if none is under way.
   * @param ready what the work waits for; default: the last work
   */
  take(work: () => Promise<void>, ready: Promise<unknown> | undefined = this.#last): Promise<void> {
    const done = ready ? ready.then(work) : work();
    const ended = done
      .catch(() => {})
      .then(() => {
        if (this.#last === ended) this.#last = undefined;
      });
    this.#last = ended;
    return done;
  }
}
