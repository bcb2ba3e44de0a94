import {
  createTrainer,
  type Operation,
  type Tensor,
  type Trainer,
  type TrainerOptions,
} from '../../index.ts';
import { differenceOf } from '../inside/statistics.ts';
import type { InsideState } from './protocol.ts';

/** The next step of a run as it was read, and the same step in float64 on the CPU beside it. */
export class Inside {
  readonly #trainer: Trainer;
  readonly #step: number;
  readonly #plan: string;
  readonly #operations: readonly Operation[];
  readonly #tensors: readonly Tensor[];
  readonly #exact: ReadonlyMap<string, Tensor>;
  #position = 0;

  private constructor(trainer: Trainer, tensors: readonly Tensor[], exact: readonly Tensor[]) {
    this.#trainer = trainer;
    this.#step = trainer.step;
    this.#plan = trainer.plan;
    this.#operations = trainer.operations;
    this.#tensors = tensors;
    this.#exact = new Map(exact.map((tensor) => [tensor.name, tensor]));
  }

  /** @param options what the trainer was made with */
  static async open(trainer: Trainer, options: TrainerOptions): Promise<Inside> {
    const checkpoint = await trainer.save();
    const oracle = await createTrainer({ ...options, precision: 'double', backend: 'cpu' });
    try {
      await oracle.restore(checkpoint);
      return new Inside(trainer, ...(await Promise.all([trainer.inspect(), oracle.inspect()])));
    } finally {
      oracle.destroy();
    }
  }

  /** Whether the step's end has been reached. */
  get whole(): boolean {
    return this.#position === this.#operations.length;
  }

  /** Goes to where so many operations have been carried out. */
  go(wanted: number): void {
    this.#position = Math.min(wanted, this.#operations.length);
  }

  state(): InsideState {
    const done = new Set(this.#operations.slice(0, this.#position).flatMap(({ writes }) => writes));
    const written = new Set(this.#operations.flatMap(({ writes }) => writes));
    const there = this.#tensors.filter(({ name }) => done.has(name) || !written.has(name));
    // A tensor is shown under the name that it had before, until another one takes its place.
    const replaced = new Set(there.map(({ replaces }) => replaces));
    const shown = there.filter(({ name }) => !replaced.has(name));
    const placeOf = ({ kind, name, replaces }: Tensor) => (kind === 'outputs' ? name : (replaces ?? name));
    const differences: InsideState['differences'] = {};
    for (const tensor of shown) {
      const exact = this.#exact.get(tensor.name);
      if (exact && tensor.kind !== 'labels')
        differences[placeOf(tensor)] = differenceOf(tensor.values, exact.values);
    }
    const names = new Set(shown.map(placeOf));
    const shapes = this.#tensors.filter((tensor) => placeOf(tensor) === tensor.name);
    return {
      step: this.#step,
      plan: this.#plan,
      operations: this.#operations,
      position: this.#position,
      tensors: shown.map((tensor) => ({ ...tensor, name: placeOf(tensor) })),
      shapes: shapes.map(({ values: _, ...shape }) => shape),
      never: [],
      awaited: shapes.map(({ name }) => name).filter((name) => !names.has(name)),
      differences,
    };
  }

  /** Leaves the step, which is trained if its end has been reached. */
  async close(): Promise<void> {
    if (this.whole) await this.#trainer.train(1);
  }
}
