import type { Recent } from '../../recent.ts';
import { DeviceLostError } from '../../training-errors.ts';
import { VERSION } from '../../version.ts';
import { guard } from '../device/guard.ts';
import type { Choice, Choices } from '../plans/candidates.ts';
import type { PlanContext } from '../plans/plan.ts';

/** Keeps choices as JSON. */
export type Cache = Pick<Recent<string>, 'get'> & { set(key: string, choice: string): unknown };

/**
 * The choices during whose compilation or first work a device was lost: no tuner tries them again.
 */
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

  /**
   * What the text of a narrow network's kernels depends on, but for batches and the optimizer:
   * kernels for other widths are the same or alike, and would end the next device.
   */
  #key(choice: Choice): string {
    const { memory, setup } = this.#context;
    const { sizes, activations, loss } = setup;
    const [[features], [hidden]] = [sizes, activations];
    const classes = sizes[sizes.length - 1];
    const network = `${features} features, ${classes} classes${hidden ? `, hidden ${hidden}` : ''}, ${loss}`;
    const { device, format } = memory;
    const key = [adapterKey(device), format.name, network, 'loses the device', JSON.stringify(choice)];
    return key.join(' | ');
  }
}

/** What identifies an adapter and this version of the library. */
export function adapterKey({ adapterInfo }: GPUDevice): string {
  const { vendor, architecture, device, description } = adapterInfo ?? {};
  return `spiralnet ${VERSION} | ${[vendor, architecture, device, description].join(' ')}`;
}
