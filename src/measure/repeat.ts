/**
 * How many times as often something is done as before, at the most and at the least, until it takes
 * long enough.
 */
const GROWTH = { most: 8, least: 1.2 };
/** Share that is aimed at beyond what is asked for, so that it is seldom missed by little. */
const BEYOND = 1.2;

/** What limits {@link repeatFor}. */
export interface RepeatLimits {
  /** Times at once at the most; default 2²⁰. */
  most?: number;
  /** Milliseconds in all, by the clock, after which it is not tried again. */
  budget?: number;
}

/**
 * Finds how many times in a row something is to be done so that it takes long enough for the clock.
 * @param least milliseconds that are long enough
 * @param run does it `times` times and gives the milliseconds that took
 * @returns the number of times, and the milliseconds of the faster of the last two runs
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
    // A long run may have been held up by something else: only a second one shows that it takes so
    // long.
    if (milliseconds >= least && !over()) milliseconds = Math.min(milliseconds, await run(times));
    if (milliseconds >= least || over()) return { times, milliseconds };
    const wanted = (BEYOND * least) / milliseconds;
    const growth = Math.min(GROWTH.most, Math.max(GROWTH.least, wanted));
    times = Math.min(most, Math.ceil(times * growth));
  }
}
