import {
  createTrainer,
  type Dissection,
  type Tensor,
  type Trainer,
  type TrainerOptions,
} from '../../index.ts';
import { differenceOf } from '../inside/statistics.ts';
import type { InsideState } from './protocol.ts';

/** One step of a run taken apart, and the same step in float64 on the CPU beside it. */
export class Inside {
  readonly #step: number;
  readonly #plan: string;
  readonly #dissection: Dissection;
  readonly #oracle: Trainer;
  /** The oracle's tensors before the update, and after it. */
  readonly #before: Map<string, Tensor>;
  readonly #after: Map<string, Tensor>;

  private constructor(
    trainer: Trainer,
    dissection: Dissection,
    oracle: Trainer,
    [before, after]: [Tensor[], Tensor[]],
  ) {
    this.#step = trainer.step;
    this.#plan = trainer.plan;
    this.#dissection = dissection;
    this.#oracle = oracle;
    this.#before = byName(before);
    this.#after = byName(after);
  }

  /** @param options what the trainer was made with */
  static async open(trainer: Trainer, options: TrainerOptions): Promise<Inside> {
    const checkpoint = await trainer.save();
    const oracle = await createTrainer({ ...options, precision: 'double', backend: 'cpu' });
    try {
      await oracle.restore(checkpoint);
      const before = await oracle.inspect();
      const whole = await oracle.dissect();
      await whole.advance(whole.operations.length);
      const after = await Promise.all(whole.tensors.map(({ name }) => whole.read(name)));
      return new Inside(trainer, await trainer.dissect(), oracle, [before, after]);
    } catch (error) {
      oracle.destroy();
      throw error;
    }
  }

  /** Whether the whole step has been carried out. */
  get whole(): boolean {
    return this.#dissection.position === this.#dissection.operations.length;
  }

  /** Goes to where so many operations have been carried out. */
  async go(wanted: number): Promise<void> {
    const position = Math.min(wanted, this.#dissection.operations.length);
    if (position < this.#dissection.position) await this.#dissection.restart();
    if (position > this.#dissection.position) await this.#dissection.advance(position);
  }

  async state(): Promise<InsideState> {
    const { operations, position } = this.#dissection;
    const shapes = Array.from(this.#before.values(), ({ name, symbol, shape }) => ({ name, symbol, shape }));
    const done = operations.slice(0, position);
    const writers = (name: string) => operations.filter(({ writes }) => writes.includes(name));
    const given = (name: string) => writers(name).length === 0 || /^(W|b|moment)/.test(name);
    const computed = (name: string) => given(name) || done.some(({ writes }) => writes.includes(name));
    const names = this.#dissection.tensors.map(({ name }) => name);
    const tensors = await Promise.all(names.filter(computed).map((name) => this.#dissection.read(name)));
    const differences: InsideState['differences'] = {};
    for (const { name, values } of tensors) {
      const last = done.findLast(({ writes }) => writes.includes(name));
      const settled = writers(name)
        .filter(({ phase }) => phase !== 'update')
        .every((writer) => done.includes(writer));
      const reference = (last?.phase === 'update' ? this.#after : this.#before).get(name);
      if (settled && reference && name !== 'labels')
        differences[name] = differenceOf(values, reference.values);
    }
    return {
      step: this.#step,
      plan: this.#plan,
      operations,
      position,
      tensors,
      shapes,
      never: shapes.map(({ name }) => name).filter((name) => !names.includes(name)),
      awaited: names.filter((name) => !computed(name)),
      differences,
    };
  }

  /** Leaves the step: a whole one is kept, half a one undone. */
  async close(): Promise<void> {
    this.#oracle.destroy();
    await this.#dissection.end(this.whole);
  }
}

function byName(tensors: readonly Tensor[]): Map<string, Tensor> {
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}
