/** The largest and the smallest factor between the repetitions of one run and the next. */
const GROWTH = { most: 8, least: 1.2 };
/** The target relative to the required time, so that a run seldom falls a little short. */
const TARGET = 1.2;

/** The limits of {@link repeatFor}. */
interface RepeatLimits {
  /** The largest number of repetitions in a run; default 2²⁰. */
  most?: number;
  /** Milliseconds after which no further run begins; default: no limit. */
  budget?: number;
}

/**
 * Finds the number of repetitions that takes long enough for the clock.
 * @param least the milliseconds that are long enough
 * @param run repeats the work `times` times and returns the milliseconds that it took
 * @returns the number of repetitions, and the milliseconds of the last run, or of the faster of the
 * last two runs with that number
 */
export async function repeatFor(
  least: number,
  run: (times: number) => Promise<number>,
  { most = 2 ** 20, budget = Number.POSITIVE_INFINITY }: RepeatLimits = {},
): Promise<{ times: number; milliseconds: number }> {
  const deadline = performance.now() + budget;
  for (let times = 1; ; ) {
    let milliseconds = await run(times);
    const over = () => times >= most || performance.now() >= deadline;
    // Another program may have delayed a long run: only a second run shows that the work takes so
    // long.
    if (milliseconds >= least && !over()) milliseconds = Math.min(milliseconds, await run(times));
    if (milliseconds >= least || over()) return { times, milliseconds };
    const wanted = (TARGET * least) / milliseconds;
    const growth = Math.min(GROWTH.most, Math.max(GROWTH.least, wanted));
    times = Math.min(most, Math.ceil(times * growth));
  }
}
