/** Steps after which bits are compared: the first differs where a kernel does, the others where a state is lost. */
export const CHECKED_STEPS = 3;
/** Steps of a trial at the least: those, and one that is timed. */
export const TRIAL_STEPS = CHECKED_STEPS + 1;

/** The clock that work is paced by. Bound once: who replaces the tuner's clock leaves this one alone. */
export const now = performance.now.bind(performance);

/** Milliseconds of a measurement: far above the clock's grain. */
const MEASUREMENT = 3;
const REPETITIONS = 3;
/** Milliseconds after which nothing is measured again, so that what is slow costs little more than once. */
const ENOUGH = 30;
/** How many times as long as the fastest something may take before it is given up. */
const FAR_SLOWER = 3;
/** Milliseconds that everything may take. */
const ALWAYS = 100;

/** Milliseconds after which something is given up that another thing does in `fastest`. */
export function enoughFor(fastest: number): number {
  return Math.max(ALWAYS, FAR_SLOWER * fastest);
}

/**
 * Milliseconds that something takes when it is done many times in a row: the least of several measurements, as all that
 * disturbs makes them longer.
 * @param run does it so many times, and waits for the end
 * @param most times at once
 */
export async function leastTime(run: (times: number) => Promise<unknown>, most: number): Promise<number> {
  const measure = async (times: number) => {
    const start = performance.now();
    await run(times);
    // The clock's grain may be coarser than the work.
    return Math.max(performance.now() - start, 0.01);
  };
  let times = 1;
  let least = await measure(times);
  while (least < MEASUREMENT && times < most) {
    times = Math.min(most, Math.ceil(times * Math.max(2, Math.min(8, MEASUREMENT / least))));
    least = await measure(times);
  }
  for (let i = 1, spent = least; i < REPETITIONS && spent < ENOUGH; i++) {
    const again = await measure(times);
    spent += again;
    least = Math.min(least, again);
  }
  return least / times;
}
