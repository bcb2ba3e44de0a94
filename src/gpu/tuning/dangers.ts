import { DeviceLostError } from '../../errors.ts';
import type { Recent } from '../../recent.ts';
import { VERSION } from '../../version.ts';
import { guard } from '../device/guard.ts';
import type { Choice, Choices } from '../plans/candidates.ts';
import type { PlanContext } from '../plans/plan.ts';

/** Keeps choices as JSON. */
export type Cache = Pick<Recent<string>, 'get'> & { set(key: string, choice: string): unknown };

/** The choices during whose compilation or trial a device was lost: no tuner tries them again. */
export class Dangers {
  readonly #context: PlanContext;
  readonly #cache: Cache;

  constructor(context: PlanContext, cache: Cache) {
    this.#context = context;
    this.#cache = cache;
  }

  /** The choices without the dangerous ones, as long as one is left. */
  without(choices: Choices): Choices {
    const safe = ({ list, others }: Choices) =>
      [list, others].map((some) => some.filter((choice) => this.#cache.get(this.#key(choice)) === undefined));
    const [list, others] = safe(choices);
    const [first] = [...list, ...others];
    if (!first) return choices;
    const likely = list.includes(choices.likely) ? choices.likely : first;
    return { list: list.length > 0 ? list : [first], likely, others };
  }

  /**
   * Waits for the work of a choice, and remembers the choice if the device is lost meanwhile.
   * @throws {DeviceLostError} if the device is lost
   */
  async watch<T>(choice: Choice, work: Promise<T>): Promise<T> {
    try {
      return await guard(this.#context.memory, work);
    } catch (error) {
      if (error instanceof DeviceLostError) this.#cache.set(this.#key(choice), 'the device was lost');
      throw error;
    }
  }

  #key(choice: Choice): string {
    const { memory, setup } = this.#context;
    const shape = [adapterKey(memory.device), memory.format.arithmetic, setup.sizes, setup.batchSize];
    return [...shape, 'loses the device', JSON.stringify(choice)].join(' | ');
  }
}

/** What identifies an adapter and this version of the library. */
export function adapterKey({ adapterInfo }: GPUDevice): string {
  const { vendor, architecture, device, description } = adapterInfo ?? {};
  return `spiralnet ${VERSION} | ${[vendor, architecture, device, description].join(' ')}`;
}
