import type { EngineDissection } from '../engine.ts';
import { DestroyedError, OptionError } from '../errors.ts';
import type { Dissection, Operation, Tensor, TensorShape } from '../types.ts';

/** Starts work of an engine that is still there, and waits for it. */
type Answer = <T>(work: () => Promise<T>) => Promise<T>;

/** The public dissection: checks what it is asked, then lets an engine do the work, one request after the other. */
export class TrainerDissection implements Dissection {
  readonly #engine: EngineDissection;
  readonly #answer: Answer;
  readonly #undo: () => Promise<void>;
  readonly #over: () => void;
  #position = 0;
  #ended = false;
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * @param answer lets the engine work as the trainer does
   * @param undo goes back to where the step began
   * @param over is called at the end
   */
  constructor(engine: EngineDissection, answer: Answer, undo: () => Promise<void>, over: () => void) {
    this.#engine = engine;
    this.#answer = answer;
    this.#undo = undo;
    this.#over = over;
  }

  get operations(): readonly Operation[] {
    return this.#engine.operations;
  }

  get tensors(): readonly TensorShape[] {
    return this.#engine.tensors;
  }

  get position(): number {
    return this.#position;
  }

  advance(position?: number): Promise<void> {
    return this.#next('advance', async () => {
      const last = this.operations.length;
      const wanted = position ?? Math.min(this.#position + 1, last);
      if (!Number.isInteger(wanted) || wanted < this.#position || wanted > last) {
        throw new OptionError('position', `a whole number from ${this.#position} to ${last}`, wanted);
      }
      if (wanted > this.#position) this.#position = await this.#answer(() => this.#engine.advance(wanted));
    });
  }

  restart(): Promise<void> {
    return this.#next('restart', async () => {
      await this.#answer(this.#undo);
      this.#engine.restart();
      this.#position = 0;
    });
  }

  read(name: string): Promise<Tensor> {
    return this.#next('read', async () => {
      if (!this.tensors.some((tensor) => tensor.name === name)) {
        const names = this.tensors.map((tensor) => tensor.name).join(', ');
        throw new OptionError('name', `one of the tensors that are kept (${names})`, name);
      }
      if (!this.#computed(name)) {
        throw new OptionError(
          'name',
          `a tensor that has been computed after ${this.#position} operations`,
          name,
        );
      }
      return this.#answer(() => this.#engine.read(name));
    });
  }

  end(keep: boolean): Promise<void> {
    return this.#next('end', async () => {
      try {
        if (keep) {
          await this.#answer(() => this.#engine.advance(this.operations.length));
          await this.#answer(() => this.#engine.complete());
        } else await this.#answer(this.#undo);
      } finally {
        this.#ended = true;
        this.#over();
      }
    });
  }

  /** Whether a tensor holds this step's numbers: what no operation writes first was there before. */
  #computed(name: string): boolean {
    const writer = this.operations.findIndex(({ writes }) => writes.includes(name));
    const given = this.operations.some(({ reads, phase }) => phase === 'update' && reads.includes(name));
    const kept = given && !name.startsWith('d');
    return writer < 0 || kept || writer < this.#position;
  }

  /** Requests are carried out one after the other. */
  #next<T>(call: string, work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(() => {
      if (this.#ended)
        throw new DestroyedError(call, 'on a dissection that has ended. Begin another one with dissect().');
      return work();
    });
    this.#queue = result.catch(() => {});
    return result;
  }
}
