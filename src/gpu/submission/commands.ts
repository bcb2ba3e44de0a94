import { queueOf } from '../device/queue.ts';
import { correctAll, LIMIT, type Rate } from '../device/rate.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import type { GpuMemory } from '../memory/memory.ts';
import { type DispatchItem, type Item, Pace } from './pace.ts';
import { Recorder } from './recorder.ts';

/** A dispatch in full. */
type Recorded = DispatchItem & { dispatch: Dispatch };

/** Milliseconds that are expected of what is handed over in one go, without being paced: small networks never are. */
const AT_ONCE = LIMIT / 2;

/**
 * What the GPU is to do, in this order: dispatches, each of which sees what came before it, and copies. What takes long is handed
 * over bit by bit; what others hand over meanwhile comes after it.
 */
export class Commands {
  readonly #memory: GpuMemory;
  readonly #label: string;
  #recorder: Recorder;
  #expected = 0;
  #rates = new Set<Rate>();
  /** What comes after all that {@link #recorder} has, where it has to be paced. */
  #items: Item<Recorded>[] | undefined;

  /** @param memory what they need; they are not handed over once it has been freed */
  constructor(memory: GpuMemory, label: string) {
    this.#memory = memory;
    this.#label = label;
    this.#recorder = new Recorder(memory, label);
  }

  /**
   * Records dispatches.
   * @param stepOffset where the step's struct is, in bytes, for those that read one
   * @param times how much each does, in its own work
   */
  dispatch(dispatches: readonly Dispatch[], stepOffset = 0, times = 1): void {
    for (const dispatch of dispatches) {
      const { rate, whole } = dispatch;
      const work = times * dispatch.work;
      const expected = rate.milliseconds(work);
      if (this.#items || (whole && !rate.known) || this.#expected + expected > AT_ONCE) {
        this.#items ??= [];
        this.#items.push({ dispatch, stepOffset, work });
      } else {
        this.#recorder.dispatch(dispatch, stepOffset);
        this.#expected += expected;
        this.#rates.add(rate);
      }
    }
  }

  /** Records a copy of so many bytes from one buffer to another. */
  copy(from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, bytes: number): void {
    if (this.#items) this.#items.push({ copy: [from, fromOffset, to, toOffset, bytes] });
    else this.#recorder.copy(from, fromOffset, to, toOffset, bytes);
  }

  /**
   * Hands what has been recorded so far to the GPU; what is recorded from then on comes after it.
   * @param most milliseconds that it may take; if it turns out that they will not do, the rest is left
   * @throws {TooSlowError} in that case
   */
  flush(most?: number): Promise<void> {
    const [recorder, items, expected, rates] = [this.#recorder, this.#items, this.#expected, this.#rates];
    this.#recorder = new Recorder(this.#memory, this.#label);
    this.#items = undefined;
    this.#expected = 0;
    this.#rates = new Set();
    const atOnce = async () => {
      recorder
        .submit()
        ?.then((milliseconds) => correctAll(rates, expected, milliseconds))
        // Whoever waits for results hears of it.
        .catch(() => {});
      if (items) await carryOut(this.#memory, recorder, items, most);
    };
    const queue = queueOf(this.#memory.device);
    return items || queue.busy ? queue.inTurn(atOnce) : atOnce();
  }

  /** Hands the last of it over. When that is done, results can be waited for. */
  submit(most?: number): Promise<void> {
    return this.flush(most);
  }
}

async function carryOut(memory: GpuMemory, recorder: Recorder, items: Item<Recorded>[], most?: number) {
  const queue = queueOf(memory.device);
  const pace = new Pace<Recorded>(
    {
      dispatch: ({ dispatch, stepOffset }) => recorder.dispatch(dispatch, stepOffset),
      part: ({ dispatch, stepOffset }, first, end) => recorder.part(dispatch, stepOffset, first, end),
      copy: (...copy) => recorder.copy(...copy),
      get full() {
        return recorder.full;
      },
      submit: () => recorder.submit(),
      idle: () => queue.idle(),
      room: () => queue.room(),
    },
    most,
  );
  try {
    await pace.run(items);
  } finally {
    recorder.destroy();
  }
}
