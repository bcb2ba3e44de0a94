import type { Engine, EngineDissection } from '../engine.ts';
import type { Operation, Tensor, TensorShape } from '../types.ts';

/** Lets work be done by the engine that there is, again by another one where that is lost. */
export type OnEngine = <T>(work: (engine: Engine) => Promise<T>) => Promise<T>;

/** A step taken apart, and taken as far again on another engine where the first is lost. */
export class LastingDissection implements EngineDissection {
  readonly #onEngine: OnEngine;
  readonly #completed: (step: number) => void;
  #engine: Engine;
  #dissection: EngineDissection;
  #position = 0;

  /** @param completed is told where training is once the step counts */
  constructor(
    engine: Engine,
    dissection: EngineDissection,
    onEngine: OnEngine,
    completed: (step: number) => void,
  ) {
    this.#engine = engine;
    this.#dissection = dissection;
    this.#onEngine = onEngine;
    this.#completed = completed;
  }

  get operations(): readonly Operation[] {
    return this.#dissection.operations;
  }

  get tensors(): readonly TensorShape[] {
    return this.#dissection.tensors;
  }

  async advance(position: number): Promise<number> {
    this.#position = await this.#on((dissection) => dissection.advance(position));
    return this.#position;
  }

  restart(): void {
    this.#dissection.restart();
    this.#position = 0;
  }

  read(name: string): Promise<Tensor> {
    return this.#on((dissection) => dissection.read(name));
  }

  complete(): Promise<void> {
    return this.#on(async (dissection, engine) => {
      await dissection.complete();
      this.#completed(engine.step);
    });
  }

  #on<T>(work: (dissection: EngineDissection, engine: Engine) => Promise<T>): Promise<T> {
    return this.#onEngine(async (engine) => {
      if (engine !== this.#engine) {
        const dissection = await engine.dissect();
        if (this.#position > 0) await dissection.advance(this.#position);
        this.#dissection = dissection;
        this.#engine = engine;
      }
      return work(this.#dissection, engine);
    });
  }
}
