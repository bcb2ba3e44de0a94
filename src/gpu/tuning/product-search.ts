import type { TunedCandidate } from '../../types.ts';
import { checkLostAfter } from '../device/device.ts';
import { enoughFor, TRIAL_STEPS } from '../device/timing.ts';
import { type MatmulCandidate, promisingCandidates } from '../kernels/matmul.ts';
import { type KernelChoice, type Product, productKey } from '../kernels/products.ts';
import type { PlanContext } from '../plans/plan.ts';
import { ProductTrial } from './product-trial.ts';

/** Share of a step's terms below which a product is not worth the time. */
const WORTHWHILE = 1 / 20;
/** A kernel is taken for faster than the first if it takes at most this share of its time: clocks waver. */
const FASTER = 0.97;

/** A product with the kernels to try, the first for comparison. */
interface Trials {
  product: Product;
  candidates: MatmulCandidate[];
}

/** Looks for faster kernels for the products of a step: one kernel at a time, the largest product first. */
export class ProductSearch {
  /** Kernels to try in all, and those that have been. */
  readonly total: number;
  tried = 0;
  readonly #context: PlanContext;
  readonly #queue: Trials[];
  readonly #found = new Map<string, MatmulCandidate>();
  /** The product that is being tried, and what is known of it. */
  #trial: ProductTrial | undefined;
  #times: number[] = [];
  /** Terms of a step's products, and of those whose first kernel has been timed, with the time. */
  readonly #terms: number;
  readonly #baseline = { terms: 0, milliseconds: 0 };

  /** @param products different ones */
  constructor(context: PlanContext, products: readonly Product[]) {
    this.#context = context;
    const { device, format } = context.memory;
    this.#terms = products.reduce((sum, product) => sum + terms(product), 0);
    this.#queue = products
      .filter((product) => terms(product) >= WORTHWHILE * this.#terms)
      .sort((a, b) => terms(b) - terms(a))
      .map((product) => ({
        product,
        candidates: promisingCandidates(product.shape, device, format.arithmetic),
      }))
      .filter(({ candidates }) => candidates.length > 1);
    this.total = this.#queue.reduce((sum, { candidates }) => sum + candidates.length, 0);
  }

  get done(): boolean {
    return this.#queue.length === 0;
  }

  /** Milliseconds that it would take to compare two plans, from the first kernels' times so far. */
  get comparison(): number {
    const step = (this.#baseline.milliseconds * this.#terms) / Math.max(this.#baseline.terms, 1);
    return 2 * TRIAL_STEPS * step;
  }

  /** The kernels that were faster than the first, so far. */
  get choice(): KernelChoice {
    return this.#found;
  }

  /** Tries the next kernel. */
  async next(): Promise<TunedCandidate> {
    const [{ product, candidates }] = this.#queue;
    const candidate = candidates[this.#times.length];
    const name = `${product.label}: ${candidate.name}`;
    this.tried++;
    try {
      this.#trial ??= await beginTrial(this.#context, product);
      const milliseconds = await this.#trial.time(candidate, enoughFor(Math.min(...this.#times)));
      if (this.#times.length === 0) {
        this.#baseline.terms += terms(product);
        this.#baseline.milliseconds += milliseconds;
      }
      const best = Math.min(FASTER * (this.#times[0] ?? 0), ...this.#times.slice(1));
      if (milliseconds < best) this.#found.set(productKey(product.shape, product.epilogue), candidate);
      this.#times.push(milliseconds);
      return { name, milliseconds };
    } catch (error) {
      await checkLostAfter(error, this.#context.memory.device);
      this.#times.push(Number.POSITIVE_INFINITY);
      return { name, rejected: error instanceof Error ? error.message : String(error) };
    } finally {
      // Without the first there is nothing to compare with.
      const hopeless = !Number.isFinite(this.#times[0]);
      if (hopeless || this.#times.length === candidates.length) this.#leaveProduct();
    }
  }

  destroy(): void {
    this.#queue.length = 0;
    this.#leaveProduct();
  }

  #leaveProduct(): void {
    this.#queue.shift();
    this.#trial?.destroy();
    this.#trial = undefined;
    this.#times = [];
  }
}

function terms({ shape: { m, k, n } }: Product): number {
  return m * k * n;
}

/** What tries kernels is loaded when there are some to try. */
async function beginTrial(context: PlanContext, product: Product): Promise<ProductTrial> {
  return ProductTrial.create(context, product);
}
